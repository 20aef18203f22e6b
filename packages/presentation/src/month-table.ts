import { dimensions } from '@pingan/indicators';
import type { MonthTableFound, TableIndicator, TableValues } from '@pingan/queries';
import { type Cells, dash, type Part, sheet } from './sheet.js';
import { titleOf } from './titles.js';

const valueNames: Record<TableValues, string> = {
  value: '指标值（按件数算得）',
  shrunken: '修正值（计分用的，小数量已向同类修正）',
  score: '指标得分（0–100，越大越好）',
};

const arrows = { 1: '↑', [-1]: '↓', 0: dash } as const;

/** Six significant digits: a table to look over. */
const shown = (value: number | null) => (value === null ? dash : String(Number(value.toPrecision(6))));

/** Indicators down, units across, since there are more indicators than units. */
export function monthTableParts({ answer, head }: MonthTableFound): Part[] {
  const { indicators, units, values, left_out, run_id } = answer;
  return [
    `${titleOf(head)}  各单位的${valueNames[values]}`,
    sheet<TableIndicator>(
      [
        { title: '指标', value: ({ code, name }) => `${code} ${name}` },
        ...(values === 'score' ? [] : [{ title: '单位', value: ({ unit }: TableIndicator) => unit }]),
        { title: '方向', value: ({ direction }) => arrows[direction] },
        ...units.map((unit) => ({
          title: unit.name,
          value: ({ code }: TableIndicator) => shown(unit.values[code] ?? null),
          align: 'right' as const,
        })),
      ],
      indicators,
    ),
    ...(left_out.length > 0 ? [`各单位都没有数，未列出：${left_out.join('、')}。`] : []),
    `计分批次 ${run_id}`,
  ];
}

/** Units down, indicators across: what `scheme weights --data` and `table score --data` read. */
export function monthTableCells({ answer: { indicators, units } }: MonthTableFound): Cells {
  return [
    ['uCode', 'uName', ...indicators.map(({ code }) => code)],
    ...units.map(({ region_code, name, values }) => [
      region_code,
      name,
      ...indicators.map(({ code }) => values[code] ?? null),
    ]),
  ];
}

/** Above every dimension. */
const TOP = 'index';

/** The indicator table that belongs to it: directions, weights of the scheme, dimensions. What is only shown is left aside. */
export function monthMetaCells({ answer: { indicators }, scheme }: MonthTableFound): Cells {
  const used = scheme.dimensions.filter(({ id }) =>
    indicators.some(({ dimension, weight }) => dimension === id && weight > 0),
  );
  return [
    ['Level', 'iCode', 'iName', 'Parent', 'Direction', 'Weight', 'Type'],
    ...indicators.map(({ code, name, dimension, direction, weight }) =>
      weight > 0
        ? [1, code, name, dimension, direction, weight, 'Indicator']
        : [null, code, name, null, null, null, 'Other'],
    ),
    ...used.map(({ id, weight }) => [2, id, dimensions[id].name, TOP, 1, weight, 'Aggregate']),
    [3, TOP, '平安指数', null, 1, 1, 'Aggregate'],
  ];
}
