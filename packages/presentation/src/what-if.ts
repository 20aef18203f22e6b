import { type Scheme, schemeHash } from '@pingan/indicators';
import type { Standing, WhatIfFound, WhatIfMonth } from '@pingan/queries';
import { bandLooks } from './bands.js';
import {
  type Cells,
  type Column,
  dash,
  type Part,
  rankText,
  right,
  rounded,
  type Sheet,
  score,
  sheet,
  signed,
} from './sheet.js';
import { titleOf } from './titles.js';

type Unit = WhatIfMonth['units'][number];

function moveText(change: number | null): string {
  if (change === null) return dash;
  return change === 0 ? '不变' : `${change > 0 ? '升' : '降'}${Math.abs(change)}`;
}

export const coefficient = (value: number | null) => (value === null ? dash : value.toFixed(3));

const shortened = (value: number | null) => (value === null ? null : Number(value.toFixed(3)));

export const likenessLegend = 'Kendall、Spearman 为两种方案总分的秩相关系数，1 为次序完全相同。';

export const schemeText = (scheme: Scheme): string => `「${scheme.name}」${schemeHash(scheme)}`;

/** A unit's band under one of two schemes, each of which has bands of its own. */
export function bandColumn<T>(title: string, scheme: Scheme, standing: (unit: T) => Standing): Column<T> {
  const looks = bandLooks(scheme);
  return { title, value: (unit) => looks.value(standing(unit)), colour: (unit) => looks.colour(standing(unit)) };
}

const difference = ({ before, after }: Unit): number | null =>
  before.score === null || after.score === null ? null : after.score - before.score;

function unitTable(month: WhatIfMonth, schemes: readonly [Scheme, Scheme]): Sheet {
  const [now, then] = schemes;
  const [nowBand, thenBand] = [
    bandColumn<Unit>('现等级', now, ({ before }) => before),
    bandColumn<Unit>('试算等级', then, ({ after }) => after),
  ];
  const columns: Column<Unit>[] = [
    { title: '单位', value: ({ name, region_code }) => name ?? region_code },
    { title: '现名次', value: ({ before }) => rankText(before.rank), ...right },
    { title: '试算名次', value: ({ after }) => rankText(after.rank), ...right },
    { title: '变动', value: ({ rank_change }) => moveText(rank_change), ...right },
    { title: '现总分', value: ({ before }) => score(before.score), ...right },
    { title: '试算总分', value: ({ after }) => score(after.score), ...right },
    {
      title: '分差',
      value: (unit) => {
        const gap = difference(unit);
        return gap === null ? dash : signed(gap);
      },
      ...right,
    },
    nowBand,
    thenBand,
    { title: '等级变动', value: (unit) => (nowBand.value(unit) === thenBand.value(unit) ? '' : '变') },
  ];
  return sheet(columns, month.units);
}

function monthsTable(months: readonly WhatIfMonth[]): Sheet {
  return sheet<WhatIfMonth>(
    [
      { title: '月份', value: ({ period }) => period },
      { title: 'Kendall', value: ({ kendall }) => coefficient(kendall), ...right },
      { title: 'Spearman', value: ({ spearman }) => coefficient(spearman), ...right },
      { title: '名次变动（个）', value: ({ moved }) => String(moved), ...right },
      { title: '等级变动（个）', value: ({ recoloured }) => String(recoloured), ...right },
    ],
    months,
  );
}

/** Ranks under both schemes month by month, and how like each other they are. */
export function whatIfParts({ answer: { months }, head, current, tried }: WhatIfFound): Part[] {
  const tables = months.map((month) => unitTable(month, [current, tried]));
  return [
    `${titleOf(head)}  方案试算（不保存）`,
    `现行${schemeText(current)} → 试算${schemeText(tried)}`,
    ...(months.length === 1 ? tables : tables.flatMap((table, i): Part[] => [`\n${months[i]!.period}`, table])),
    ...(months.length === 1 ? [] : ['\n各月合看']),
    monthsTable(months),
    likenessLegend,
  ];
}

/** For spreadsheets: all months in one table. */
export function whatIfCells({ answer: { months }, current, tried }: WhatIfFound): Cells {
  const [now, then] = [bandLooks(current), bandLooks(tried)];
  return [
    [
      ...['月份', '代码', '单位', '现名次', '试算名次', '名次上升', '现总分', '试算总分', '分差', '现等级', '试算等级'],
      ...['Kendall', 'Spearman'],
    ],
    ...months.flatMap(({ period, units, kendall, spearman }) =>
      units.map((unit) => {
        const { before, after } = unit;
        return [
          ...[period, unit.region_code, unit.name, before.rank, after.rank, unit.rank_change],
          ...[rounded(before.score), rounded(after.score), rounded(difference(unit))],
          ...[now.value(before), then.value(after), shortened(kendall), shortened(spearman)],
        ];
      }),
    ),
  ];
}
