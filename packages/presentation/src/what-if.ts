import { missingReasonText, type Scheme, schemeHash } from '@pingan/indicators';
import type { Standing, WhatIfFound, WhatIfMonth } from '@pingan/queries';
import { type Column, type Part, rankText, type Sheet, score, sheet, signed } from './sheet.js';
import { titleOf } from './titles.js';

type Unit = WhatIfMonth['units'][number];

function moveText(change: number | null): string {
  if (change === null) return '—';
  return change === 0 ? '不变' : `${change > 0 ? '升' : '降'}${Math.abs(change)}`;
}

const coefficient = (value: number | null) => (value === null ? '—' : value.toFixed(3));

function bandText(scheme: Scheme): (standing: Standing) => string {
  const names = new Map(scheme.bands.map(({ id, name }) => [id, name]));
  return ({ band }) => (band === null ? missingReasonText('insufficient_data') : (names.get(band) ?? band));
}

function unitTable(month: WhatIfMonth, schemes: [Scheme, Scheme]): Sheet {
  const [now, then] = schemes.map(bandText) as [(s: Standing) => string, (s: Standing) => string];
  const columns: Column<Unit>[] = [
    { title: '单位', value: ({ name, region_code }) => name ?? region_code },
    { title: '现名次', value: ({ before }) => rankText(before.rank), align: 'right' },
    { title: '试算名次', value: ({ after }) => rankText(after.rank), align: 'right' },
    { title: '变动', value: ({ rank_change }) => moveText(rank_change), align: 'right' },
    { title: '现总分', value: ({ before }) => score(before.score), align: 'right' },
    { title: '试算总分', value: ({ after }) => score(after.score), align: 'right' },
    {
      title: '分差',
      value: ({ before, after }) =>
        before.score === null || after.score === null ? '—' : signed(after.score - before.score),
      align: 'right',
    },
    { title: '现等级', value: ({ before }) => now(before) },
    { title: '试算等级', value: ({ after }) => then(after) },
    { title: '等级变动', value: ({ before, after }) => (now(before) === then(after) ? '' : '变') },
  ];
  return sheet(columns, month.units);
}

function monthsTable(months: readonly WhatIfMonth[]): Sheet {
  return sheet<WhatIfMonth>(
    [
      { title: '月份', value: ({ period }) => period },
      { title: 'Kendall', value: ({ kendall }) => coefficient(kendall), align: 'right' },
      { title: 'Spearman', value: ({ spearman }) => coefficient(spearman), align: 'right' },
      { title: '名次变动（个）', value: ({ moved }) => String(moved), align: 'right' },
      { title: '等级变动（个）', value: ({ recoloured }) => String(recoloured), align: 'right' },
    ],
    months,
  );
}

/** Ranks under both schemes month by month, and how like each other they are. */
export function whatIfParts({ answer: { months }, head, current, tried }: WhatIfFound): Part[] {
  const tables = months.map((month) => unitTable(month, [current, tried]));
  return [
    `${titleOf(head)}  方案试算（不保存）`,
    `现行「${current.name}」${schemeHash(current)} → 试算「${tried.name}」${schemeHash(tried)}`,
    ...(months.length === 1 ? tables : tables.flatMap((table, i): Part[] => [`\n${months[i]!.period}`, table])),
    ...(months.length === 1 ? [] : ['\n各月合看']),
    monthsTable(months),
    'Kendall、Spearman 为两种方案总分的秩相关系数，1 为次序完全相同。',
  ];
}
