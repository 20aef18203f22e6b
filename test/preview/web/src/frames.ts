import { createDataFrame, type DataFrame, FieldType } from '@grafana/data';
import type { MetricSeries, Table } from '../../question';

const inner = (type: string) => type.replace(/^(?:Nullable|LowCardinality)\((.*)\)$/, '$1');

function fieldType(type: string): FieldType {
  const plain = inner(inner(type));
  if (/^Date/.test(plain)) return FieldType.time;
  if (/^(U?Int|Float|Decimal)/.test(plain)) return FieldType.number;
  return /^Bool/.test(plain) ? FieldType.boolean : FieldType.string;
}

/** The plugin gives a day its midnight in the dashboard's zone, and an instant in UTC. */
function timeOf(value: string, type: string): number {
  return Date.parse(/DateTime/.test(type) ? `${value.replace(' ', 'T')}Z` : `${value}T00:00:00+08:00`);
}

/** Rows of ClickHouse as a frame, with types as the plugin reads them. */
export function frameOf({ columns, rows }: Table): DataFrame {
  return createDataFrame({
    refId: 'A',
    fields: columns.map(({ name, type }, at) => {
      const kind = fieldType(type);
      const values = rows.map((row) => {
        const value = row[at] ?? null;
        if (value === null || kind === FieldType.string || kind === FieldType.boolean) return value;
        return kind === FieldType.time ? timeOf(String(value), type) : Number(value);
      });
      return { name, type: kind, values, config: {} };
    }),
  });
}

export const metricFrames = (series: MetricSeries[]): DataFrame[] =>
  series.map(({ name, points }) =>
    createDataFrame({
      name,
      fields: [
        { name: 'Time', type: FieldType.time, values: points.map(([at]) => at) },
        {
          name: 'Value',
          type: FieldType.number,
          values: points.map(([, value]) => value),
          config: { displayNameFromDS: name },
        },
      ],
    }),
  );
