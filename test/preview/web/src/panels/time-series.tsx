import type { PanelProps } from '@grafana/data';
import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import { Empty, isEmpty, noValueOf } from './empty';

/** Grafana's time series graph. */
export function TimeSeriesPanel(props: PanelProps<{ legend: VizLegendOptions }>) {
  const { data, width, height, options, timeRange, timeZone } = props;
  if (isEmpty(props)) return <Empty text={noValueOf(props)} />;
  return (
    <TimeSeries
      frames={data.series}
      structureRev={data.structureRev}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone={timeZone}
      legend={options.legend}
      options={options}
    />
  );
}
