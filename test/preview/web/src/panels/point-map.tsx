import type { PanelProps } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { Drawing, textOf, widthOf } from './drawn';
import { Empty, isEmpty, noValueOf } from './empty';

interface Options {
  layers?: {
    location?: { latitude?: string; longitude?: string };
    config?: { style?: { color?: { field?: string }; text?: { field?: string } } };
  }[];
}

const SIZE = 9;

/** Drawn here: Grafana's map is not on npm. North is up, a degree of longitude shrinks with the latitude. */
export function PointMapPanel(props: PanelProps<Options>) {
  const { data, width, height, options } = props;
  const theme = useTheme2();
  if (isEmpty(props)) return <Empty text={noValueOf(props)} />;
  const frame = data.series[0]!;
  const { location = {}, config } = options.layers?.[0] ?? {};
  const named = (name: string | undefined) => frame.fields.find((field) => field.name === name);
  const lats = named(location.latitude)?.values as number[] | undefined;
  const lons = named(location.longitude)?.values as number[] | undefined;
  const colours = named(config?.style?.color?.field);
  const texts = named(config?.style?.text?.field);
  if (!lats || !lons || !colours || !texts) return <Empty text="地图缺少经纬度、颜色或文字的列" />;
  const mid = (list: number[]) => (Math.min(...list) + Math.max(...list)) / 2;
  const shrink = Math.cos((mid(lats) * Math.PI) / 180);
  const spanX = (Math.max(...lons) - Math.min(...lons)) * shrink || 0.01;
  const spanY = Math.max(...lats) - Math.min(...lats) || 0.01;
  const scale = Math.min((width - 140) / spanX, (height - 60) / spanY);
  const x = (lon: number) => width / 2 + (lon - mid(lons)) * shrink * scale;
  const y = (lat: number) => height / 2 - (lat - mid(lats)) * scale;
  return (
    <Drawing title={props.title} width={width} height={height} theme={theme}>
      {lats.map((lat, row) => {
        const text = textOf(texts, texts.values[row], theme);
        const colour = colours.display?.(colours.values[row]).color ?? theme.colors.text.disabled;
        return (
          <g key={text}>
            <circle cx={x(lons[row]!)} cy={y(lat)} r={SIZE} fill={colour} stroke={theme.colors.text.primary} />
            <text
              x={x(lons[row]!)}
              y={y(lat) + SIZE + 14}
              textAnchor="middle"
              textLength={widthOf(text) > 160 ? 160 : undefined}
            >
              {text}
            </text>
          </g>
        );
      })}
    </Drawing>
  );
}
