import { addMonths } from '@pingan/contracts';
import { type County, RegionIndex } from '@pingan/regions';
import type { RunHead, RunIndicator } from '@pingan/store';

/** Months a unit's own past is looked for in: a window and the year before it. */
const PAST_MONTHS = 24;

/** `2026-07 至 2026-08 28000 人，2026-09 30000 人`: stretches of months with the same number of residents. */
function stretches(residents: ReadonlyMap<string, number | null>): string {
  const found: { from: string; to: string; value: number | null }[] = [];
  for (const [month, value] of residents) {
    const last = found.at(-1);
    if (last !== undefined && last.value === value && addMonths(last.to, 1) === month) last.to = month;
    else found.push({ from: month, to: month, value });
  }
  return found
    .map(
      ({ from, to, value }) => `${from === to ? from : `${from} 至 ${to}`} ${value === null ? '不详' : `${value} 人`}`,
    )
    .join('，');
}

/**
 * What a reader must know of a unit that began, took in others or changed its population: whose past it has, and the residents its
 * rates rest on. Empty for others, and where the region table is not that of the run any more.
 */
export function pastText(
  county: County,
  run: Pick<RunHead, 'period' | 'region_version'>,
  unit: string,
  rows: readonly RunIndicator[],
): string[] {
  if (run.region_version !== county.regions.version) return [];
  const regions = new RegionIndex(county);
  const { period } = run;
  const region = regions.get(unit);
  const named = (code: string) => regions.get(code)?.name ?? code;
  const merged = [...regions.heirs(period)].flatMap(([ended, heir]) => (heir === unit ? [named(ended)] : []));
  const since = region?.validFrom ?? null;
  const isYoung = since !== null && since > addMonths(period, -PAST_MONTHS);
  const from = rows.map(({ window_from }) => window_from).sort()[0];
  const residents = from === undefined ? undefined : regions.residentsOf(unit, { from, to: period });
  const changed = new Set(residents?.values()).size > 1;
  return [
    ...(merged.length > 0 ? [`由${merged.join('、')}并入：以往月份的案件和人口按合并前各单位之和计算。`] : []),
    ...(merged.length === 0 && isYoung ? [`自 ${since} 起设立：统计期和以往的比较都不含此前的月份。`] : []),
    ...(changed && residents ? [`各月常住人口：${stretches(residents)}。万人率的分母是各月人口之和（人月）。`] : []),
  ];
}
