import {
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
} from '@grafana/data';
import type { VizTextDisplayOptions } from '@grafana/schema';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
  VizRepeater,
} from '@grafana/ui';
import { Empty, isEmpty, noValueOf } from './empty';

interface Options {
  reduceOptions: { calcs: string[]; fields?: string; values?: boolean };
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  textMode: BigValueTextMode;
  orientation?: string;
  text?: VizTextDisplayOptions;
}

interface Placed {
  value: FieldDisplay;
  width: number;
  height: number;
  count: number;
  alignmentFactors?: DisplayValueAlignmentFactors;
}

/** As Grafana's stat panel: its BigValue in its VizRepeater. */
export function StatPanel(props: PanelProps<Options>) {
  const { options, data, width, height, fieldConfig, replaceVariables, timeZone } = props;
  const theme = useTheme2();
  if (isEmpty(props)) return <Empty text={noValueOf(props)} />;
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      sparkline: false,
      timeZone,
    });
  const fitting = width > height ? 'vertical' : 'horizontal';
  const orientation = (options.orientation ?? 'auto') === 'auto' ? fitting : options.orientation;
  return (
    <div className="preview-figures">
      <VizRepeater
        getValues={getValues}
        source={data}
        width={width}
        height={height}
        orientation={orientation as never}
        itemSpacing={3}
        renderCounter={props.renderCounter}
        autoGrid
        getAlignmentFactors={getDisplayValueAlignmentFactors}
        renderValue={({ value, width: own, height: tall, count, alignmentFactors }: Placed) => (
          <BigValue
            value={value.display}
            count={count}
            alignmentFactors={alignmentFactors}
            width={own}
            height={tall}
            theme={theme}
            colorMode={options.colorMode ?? BigValueColorMode.None}
            graphMode={BigValueGraphMode.None}
            justifyMode={options.justifyMode ?? BigValueJustifyMode.Auto}
            text={options.text}
            textMode={options.textMode ?? BigValueTextMode.Auto}
          />
        )}
      />
    </div>
  );
}
