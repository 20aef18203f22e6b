import { dateTimeFormat, FieldType, type PanelProps } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { Drawing, textOf, widthOf } from './drawn';
import { Empty, isEmpty, noValueOf } from './empty';

/** Drawn here: Grafana's state timeline is not on npm. A state lasts until the next one begins. */
export function StateTimelinePanel(props: PanelProps) {
  const { data, width, height, timeZone, timeRange } = props;
  const theme = useTheme2();
  if (isEmpty(props)) return <Empty text={noValueOf(props)} />;
  const frame = data.series[0]!;
  const times = frame.fields.find(({ type }) => type === FieldType.time)!.values as number[];
  const field = frame.fields.find(({ type }) => type !== FieldType.time)!;
  const from = timeRange.from.valueOf();
  const end = timeRange.to.valueOf();
  const left = widthOf(field.name) + 16;
  const at = (ms: number) => left + ((Math.max(ms, from) - from) / (end - from)) * (width - left);
  const tall = Math.max(height - 24, 20);
  const runs: { from: number; to: number; value: unknown }[] = [];
  times.forEach((time, row) => {
    const value = field.values[row];
    const before = runs.at(-1);
    if (before?.value === value) before!.to = times[row + 1] ?? end;
    else runs.push({ from: time, to: times[row + 1] ?? end, value });
  });
  const labelled: number[] = [];
  for (const time of times) if (labelled.length === 0 || at(time) - at(labelled.at(-1)!) >= 64) labelled.push(time);
  return (
    <Drawing title={props.title} width={width} height={height} theme={theme}>
      <text x={left - 8} y={tall / 2 + 4} textAnchor="end">
        {field.name}
      </text>
      {runs.map((run) => {
        const fill = field.display?.(run.value).color ?? theme.colors.secondary.main;
        const text = textOf(field, run.value, theme);
        const room = at(run.to) - at(run.from);
        return (
          <g key={run.from}>
            <rect x={at(run.from)} y={2} width={Math.max(room - 1, 1)} height={tall - 4} fill={fill}>
              <title>{text}</title>
            </rect>
            {room > widthOf(text) && (
              <text
                x={at(run.from) + room / 2}
                y={tall / 2 + 4}
                textAnchor="middle"
                fill={theme.colors.getContrastText(fill)}
              >
                {text}
              </text>
            )}
          </g>
        );
      })}
      {labelled.map((time) => (
        <text key={time} x={at(time)} y={height - 6}>
          {dateTimeFormat(time, { format: 'YYYY-MM', timeZone })}
        </text>
      ))}
    </Drawing>
  );
}
