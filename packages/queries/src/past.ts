import { addMonths } from '@pingan/contracts';
import { type County, RegionIndex } from '@pingan/regions';
import type { RunHead, RunIndicator } from '@pingan/store';

/** Months a unit's own past is looked for in: a window and the year before it. */
const PAST_MONTHS = 24;

/** Months with the same number of residents; null where it is not known. */
export interface Residents {
  from: string;
  to: string;
  value: number | null;
}

/** What a reader must know of a unit that began, took in others or changed its population. */
export interface UnitPast {
  /** Names of the units whose past it has. */
  merged: string[];
  /** The month it exists since, where its windows could reach back further. */
  since: string | null;
  /** By stretches of months, where the number changed in the windows. */
  residents: Residents[];
}

function stretches(residents: ReadonlyMap<string, number | null>): Residents[] {
  const found: Residents[] = [];
  for (const [month, value] of residents) {
    const last = found.at(-1);
    if (last !== undefined && last.value === value && addMonths(last.to, 1) === month) last.to = month;
    else found.push({ from: month, to: month, value });
  }
  return found;
}

/** Empty for units that are as they were, and where the region table is not that of the run any more. */
export function pastOf(
  county: County,
  run: Pick<RunHead, 'period' | 'region_version'>,
  unit: string,
  rows: readonly RunIndicator[],
): UnitPast {
  if (run.region_version !== county.regions.version) return { merged: [], since: null, residents: [] };
  const regions = new RegionIndex(county);
  const { period } = run;
  const named = (code: string) => regions.get(code)?.name ?? code;
  const merged = [...regions.heirs(period)].flatMap(([ended, heir]) => (heir === unit ? [named(ended)] : []));
  const since = regions.get(unit)?.validFrom ?? null;
  const isYoung = since !== null && since > addMonths(period, -PAST_MONTHS);
  const from = rows.map(({ window_from }) => window_from).sort()[0];
  const residents = from === undefined ? undefined : regions.residentsOf(unit, { from, to: period });
  const isChanged = new Set(residents?.values()).size > 1;
  return {
    merged,
    since: merged.length === 0 && isYoung ? since : null,
    residents: isChanged && residents ? stretches(residents) : [],
  };
}
