import { type MonthComparison, type Standing, type UnitComparison, whatIf } from '@pingan/appraisal/analysis';
import { monthRange } from '@pingan/contracts';
import { missingReasonText, type Scheme, schemeHash } from '@pingan/indicators';
import { RegionIndex } from '@pingan/regions';
import type { Context } from '../context.js';
import { notePublished, requireEvidence } from '../evidence.js';
import { requireCounty, requireMonth, requireMonthsBefore } from '../scope.js';
import { type Column, renderTable, score, signed } from '../table.js';
import { titleOf } from './rank.js';

export interface WhatIfOptions {
  scheme: Scheme;
  county: string;
  month: string;
  /** How many months, the given one the last. */
  months: number;
  format: 'table' | 'json';
}

const rankText = (rank: number | null) => (rank === null ? '—' : String(rank));

export function moveText(change: number | null): string {
  if (change === null) return '—';
  return change === 0 ? '不变' : `${change > 0 ? '升' : '降'}${Math.abs(change)}`;
}

export const coefficient = (value: number | null) => (value === null ? '—' : value.toFixed(3));

function bandText(scheme: Scheme): (standing: Standing) => string {
  const names = new Map(scheme.bands.map(({ id, name }) => [id, name]));
  return ({ band }) => (band === null ? missingReasonText('insufficient_data') : (names.get(band) ?? band));
}

function unitTable(month: MonthComparison, names: ReadonlyMap<string, string>, schemes: [Scheme, Scheme]): string {
  const [now, then] = schemes.map(bandText) as [(s: Standing) => string, (s: Standing) => string];
  const columns: Column<UnitComparison>[] = [
    { title: '单位', value: ({ region_code }) => names.get(region_code) ?? region_code },
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
  return renderTable(columns, month.units);
}

function monthsTable(months: readonly MonthComparison[]): string {
  return renderTable<MonthComparison>(
    [
      { title: '月份', value: ({ period }) => period },
      { title: 'Kendall', value: ({ kendall }) => coefficient(kendall), align: 'right' },
      { title: 'Spearman', value: ({ spearman }) => coefficient(spearman), align: 'right' },
      { title: '名次变动(个)', value: ({ moved }) => String(moved), align: 'right' },
      { title: '等级变动(个)', value: ({ recoloured }) => String(recoloured), align: 'right' },
    ],
    months,
  );
}

/** `pingan scheme what-if`: the months under another scheme beside the one in force. Stores nothing. */
export async function schemeWhatIf(context: Context, options: WhatIfOptions): Promise<void> {
  const { scheme, format } = options;
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const evidence = await requireEvidence(context, county);
  const first = requireMonthsBefore(evidence, month, options.months);
  const months = await whatIf(context.store, evidence, { scheme, months: monthRange(first, month) });
  const current = evidence.schemeOf(month);
  const names = new Map(new RegionIndex(county).units(month).map(({ code, name }) => [code, name]));
  await notePublished(context, evidence, [month]);
  if (format === 'json') {
    const sides = [current, scheme].map((side) => ({ name: side.name, hash: schemeHash(side) }));
    const named = months.map((one) => ({
      ...one,
      units: one.units.map((unit) => ({ name: names.get(unit.region_code) ?? null, ...unit })),
    }));
    const result = { county: county.code, period: month, scheme: sides[0], tried: sides[1], months: named };
    return context.out(JSON.stringify(result, null, 2));
  }
  context.out(`${titleOf(county, month, Date.now())}  方案试算(不保存)`);
  context.out(`现行「${current.name}」${schemeHash(current)} → 试算「${scheme.name}」${schemeHash(scheme)}`);
  context.out(unitTable(months.at(-1)!, names, [current, scheme]));
  context.out(monthsTable(months));
  context.out('Kendall、Spearman 为两种方案总分的秩相关系数,1 为次序完全相同。');
}
