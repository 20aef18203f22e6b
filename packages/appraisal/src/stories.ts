import { contextReason, type Scheme } from '@pingan/indicators';
import type { Run, RunIndicator, RunStory } from '@pingan/store';
import { changeSince } from './change-since.js';
import { paragraph } from './paragraph.js';

/** What of a run its paragraphs are made of. */
export type ToldRun = Pick<Run, 'head' | 'units' | 'indicators' | 'deductions'>;

/** Rows that are scored, in the order of the scheme; the others are shown for context only. */
export function scoredInOrder(scheme: Scheme, rows: readonly RunIndicator[]): RunIndicator[] {
  const order = new Map(
    scheme.dimensions.flatMap(({ indicators }) => indicators.map(({ code }) => code)).map((code, at) => [code, at]),
  );
  return rows
    .filter(({ missing_reason }) => missing_reason !== contextReason)
    .sort((a, b) => (order.get(a.code) ?? -1) - (order.get(b.code) ?? -1));
}

function byRegion<T extends { region_code: string }>(rows: readonly T[]): (region: string) => T[] {
  const lists = new Map<string, T[]>();
  for (const row of rows) {
    const list = lists.get(row.region_code);
    if (list) list.push(row);
    else lists.set(row.region_code, [row]);
  }
  return (region) => lists.get(region) ?? [];
}

/** A paragraph for every unit of a run, which tells what changed since the run of the month before, if there is one. */
export function storiesOf(scheme: Scheme, run: ToldRun, before: ToldRun | undefined): RunStory[] {
  const ranks = run.units.flatMap(({ rank }) => (rank === null ? [] : [rank]));
  const [indicatorsOf, deductionsOf] = [byRegion(run.indicators), byRegion(run.deductions)];
  const earlier = new Map(before?.units.map((unit) => [unit.region_code, unit]));
  const [earlierIndicators, earlierDeductions] = [
    byRegion(before?.indicators ?? []),
    byRegion(before?.deductions ?? []),
  ];
  return run.units.map((unit) => {
    const region = unit.region_code;
    const own = { unit, indicators: scoredInOrder(scheme, indicatorsOf(region)), deductions: deductionsOf(region) };
    const old = earlier.get(region);
    const change =
      before === undefined || old === undefined
        ? null
        : changeSince(
            before.head.period,
            { unit: old, indicators: earlierIndicators(region), deductions: earlierDeductions(region) },
            own,
          );
    return {
      run_id: run.head.run_id,
      before_run_id: before?.head.run_id ?? '',
      region_code: region,
      text: paragraph({
        period: run.head.period,
        ...own,
        ranked: ranks.length,
        sharing: ranks.filter((rank) => rank === unit.rank).length,
        change,
      }),
    };
  });
}
