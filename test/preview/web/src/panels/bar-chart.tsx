import { type DataFrame, type Field, FieldType, type PanelProps } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { colourOf, Drawing, Legend, numbersOf, textOf, ticksOf, tickText, widthOf } from './drawn';
import { Empty, isEmpty, noValueOf } from './empty';

interface Options {
  xField?: string;
  orientation?: string;
  stacking?: string;
  showValue?: string;
  legend?: { showLegend?: boolean };
}

interface Bar {
  field: Field;
  row: number;
  /** Place of a group's bar beside the others, of `lanes`. */
  lane: number;
  lanes: number;
  from: number;
  to: number;
}

/** Bars with their ends on the value axis; stacked ones are put on one another, losses below zero. */
function barsOf(frame: DataFrame, fields: Field[], isStacked: boolean): Bar[] {
  const bars: Bar[] = [];
  for (let row = 0; row < frame.length; row++) {
    let up = 0;
    let down = 0;
    fields.forEach((field, lane) => {
      const value = field.values[row] as number | null;
      if (value === null) return;
      const from = isStacked ? (value < 0 ? down : up) : 0;
      if (isStacked && value < 0) down += value;
      else if (isStacked) up += value;
      bars.push({
        field,
        row,
        lane: isStacked ? 0 : lane,
        lanes: isStacked ? 1 : fields.length,
        from,
        to: from + value,
      });
    });
  }
  return bars;
}

/** Drawn here: Grafana's bar chart is not on npm. */
export function BarChartPanel(props: PanelProps<Options>) {
  const { data, width, height, options, fieldConfig } = props;
  const theme = useTheme2();
  if (isEmpty(props)) return <Empty text={noValueOf(props)} />;
  const frame = data.series[0]!;
  const names = frame.fields.find(({ name }) => name === options.xField) ?? frame.fields[0]!;
  const fields = numbersOf(frame).filter((field) => field !== names);
  const isStacked = options.stacking === 'normal';
  const isFlat = options.orientation === 'horizontal';
  const hasValues = options.showValue !== 'never';
  const bars = barsOf(frame, fields, isStacked);
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const low = fieldConfig.defaults.min ?? Math.min(0, ...ends);
  const high = Math.max(fieldConfig.defaults.max ?? Math.max(0, ...ends), low + 1e-9);
  const shown = fields.filter((field) => !field.config.custom?.hideFrom?.legend);
  const hasLegend = options.legend?.showLegend ?? false;
  const tall = height - (hasLegend ? 36 : 0);
  const chart = { frame, names, bars, low, high, width, height: tall, hasValues, theme };
  return (
    <div>
      <Drawing title={props.title} width={width} height={tall} theme={theme}>
        {isFlat ? <Flat {...chart} /> : <Upright {...chart} />}
      </Drawing>
      {hasLegend && <Legend fields={shown} theme={theme} />}
    </div>
  );
}

interface Chart {
  frame: DataFrame;
  names: Field;
  bars: Bar[];
  low: number;
  high: number;
  width: number;
  height: number;
  hasValues: boolean;
  theme: ReturnType<typeof useTheme2>;
}

const isHidden = ({ field }: Bar) => field.config.custom?.fillOpacity === 0;
const nameAt = (names: Field, row: number) =>
  names.type === FieldType.string ? String(names.values[row]) : `${names.values[row]}`;

function shortened(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  let cut = [...text];
  while (cut.length > 1 && widthOf(`${cut.join('')}…`) > room) cut = cut.slice(0, -1);
  return `${cut.join('')}…`;
}

function Flat({ hasValues, frame, names, bars, low, high, width, height, theme }: Chart) {
  const longest = Math.max(...names.values.map((_, row) => widthOf(nameAt(names, row))));
  const left = Math.min(longest + 12, width * 0.4);
  const bottom = 22;
  // Figures stand beside the ends of their bars.
  const figure = 40;
  const start = left + (low < 0 ? figure : 0);
  const room = width - start - figure;
  const at = (value: number) => start + ((value - low) / (high - low)) * room;
  const step = (height - bottom) / frame.length;
  const ticks = ticksOf(low, high, Math.max(2, Math.floor(room / 90)));
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={at(tick)} x2={at(tick)} y1={0} y2={height - bottom} stroke={theme.colors.border.weak} />
          <text x={at(tick)} y={height - 6} textAnchor="middle">
            {tickText(tick, ticks)}
          </text>
        </g>
      ))}
      {names.values.map((_, row) => (
        <text key={nameAt(names, row)} x={left - 8} y={step * (row + 0.5) + 4} textAnchor="end">
          {shortened(nameAt(names, row), left - 10)}
        </text>
      ))}
      {bars
        .filter((bar) => !isHidden(bar))
        .map((bar) => {
          const size = (step * 0.8) / bar.lanes;
          const y = step * bar.row + step * 0.1 + size * bar.lane;
          const [a, b] = [at(Math.min(bar.from, bar.to)), at(Math.max(bar.from, bar.to))];
          const value = bar.to - bar.from;
          return (
            <g key={`${bar.field.name}${bar.row}`}>
              <rect
                x={a}
                y={y}
                width={Math.max(b - a, 0)}
                height={size}
                fill={colourOf(bar.field, theme)}
                fillOpacity={0.85}
              >
                <title>{`${nameAt(names, bar.row)} ${bar.field.name} ${textOf(bar.field, value, theme)}`}</title>
              </rect>
              {hasValues && value !== 0 && size >= 10 && (
                <text
                  x={value < 0 ? a - 4 : b + 4}
                  y={y + size / 2 + 4}
                  textAnchor={value < 0 ? 'end' : 'start'}
                  fontSize={11}
                >
                  {textOf(bar.field, value, theme)}
                </text>
              )}
            </g>
          );
        })}
    </>
  );
}

function Upright({ hasValues, frame, names, bars, low, high, width, height, theme }: Chart) {
  const ticks = ticksOf(low, high, 4);
  const left = Math.max(...ticks.map((tick) => widthOf(tickText(tick, ticks)))) + 12;
  const step = (width - left - 8) / frame.length;
  const isSteep = Math.max(...names.values.map((_, row) => widthOf(nameAt(names, row)))) > step - 4;
  const longest = Math.max(...names.values.map((_, row) => widthOf(nameAt(names, row))));
  const bottom = isSteep ? Math.min(longest * 0.71 + 16, 90) : 22;
  const room = height - bottom - 14;
  const at = (value: number) => 14 + (1 - (value - low) / (high - low)) * room;
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width - 8} y1={at(tick)} y2={at(tick)} stroke={theme.colors.border.weak} />
          <text x={left - 6} y={at(tick) + 4} textAnchor="end">
            {tickText(tick, ticks)}
          </text>
        </g>
      ))}
      {names.values.map((_, row) => {
        const x = left + step * (row + 0.5);
        const y = height - bottom + 16;
        return (
          <text
            key={nameAt(names, row)}
            x={x}
            y={y}
            textAnchor={isSteep ? 'end' : 'middle'}
            transform={isSteep ? `rotate(-45 ${x} ${y - 6})` : undefined}
          >
            {shortened(nameAt(names, row), isSteep ? 104 : step)}
          </text>
        );
      })}
      {bars
        .filter((bar) => !isHidden(bar))
        .map((bar) => {
          const size = (step * 0.8) / bar.lanes;
          const x = left + step * bar.row + step * 0.1 + size * bar.lane;
          const [top, foot] = [at(Math.max(bar.from, bar.to)), at(Math.min(bar.from, bar.to))];
          const value = bar.to - bar.from;
          const text = textOf(bar.field, value, theme);
          return (
            <g key={`${bar.field.name}${bar.row}`}>
              <rect
                x={x}
                y={top}
                width={size}
                height={Math.max(foot - top, 0)}
                fill={colourOf(bar.field, theme)}
                fillOpacity={0.85}
              >
                <title>{`${nameAt(names, bar.row)} ${bar.field.name} ${text}`}</title>
              </rect>
              {hasValues && value !== 0 && widthOf(text) < size + 2 && (
                <text x={x + size / 2} y={top - 3} textAnchor="middle" fontSize={11}>
                  {text}
                </text>
              )}
            </g>
          );
        })}
    </>
  );
}
