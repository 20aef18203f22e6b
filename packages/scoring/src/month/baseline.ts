import { coverageKey } from './keys.js';
import { toIndex, toMonth } from './months.js';
import { existed, residentMonths } from './residents.js';
import type { Column, Series } from './series.js';
import type { MonthIndicator, MonthInput, MonthUnit } from './types.js';

export interface Baseline {
  scope: 'class' | 'county';
  value: number;
  from: string;
  to: string;
  months: number;
}

/**
 * The months a baseline rests on: the covered ones of the year before the period's January, so that goalposts stay put
 * within a year; a county that is too young for that uses its first covered months up to the period. Months before any of the
 * units existed are none.
 */
export function baseMonths(recordType: string, input: MonthInput): string[] {
  const start = toIndex(input.startMonth);
  const period = toIndex(input.period);
  const january = period - (period % 12);
  const covered = (first: number, last: number): string[] => {
    const months: string[] = [];
    for (let index = Math.max(first, start); index <= last; index++) {
      const month = toMonth(index);
      const isCovered = input.coverage.has(coverageKey(recordType, month));
      if (isCovered && input.units.some((unit) => existed(unit, month))) months.push(month);
    }
    return months;
  };
  const before = covered(january - input.baseline.months, january - 1);
  if (before.length >= input.baseline.min_months) return before;
  return covered(start, period).slice(0, input.baseline.months);
}

/** Sums over months; the denominator is residents × months, cases, or months, by the kind of the indicator. */
export interface Pool {
  numerator: number;
  denominator: number;
}

/** Whether values are per resident. */
export const isRate = ({ kind }: Pick<MonthIndicator, 'kind'>): boolean => kind === 'rate' || kind === 'weighted_rate';

/** Of the unit at `u`, over those of the months in which it existed. */
export function poolOf(indicator: MonthIndicator, unit: MonthUnit, u: number, months: readonly Column[]): Pool {
  const pool = { numerator: 0, denominator: 0 };
  const own = unit.residents === undefined ? months : months.filter(({ month }) => existed(unit, month));
  const exposure = isRate(indicator) ? residentMonths(unit, own) : 0;
  // A unit whose population is unknown would add cases without residents.
  if (isRate(indicator) && !(exposure > 0)) return pool;
  for (const { numerators, denominators } of own) {
    pool.numerator += numerators[u]!;
    pool.denominator += denominators[u]!;
  }
  if (isRate(indicator)) pool.denominator = exposure;
  if (indicator.kind === 'count' || indicator.kind === 'intensity') pool.denominator = own.length;
  return pool;
}

const factors = { rate: 10_000, weighted_rate: 10_000, ratio: 100, count: 1, intensity: 1 } as const;

/** What a pooled numerator ÷ denominator is multiplied by to be a value over the window (`scale` of its plan). */
export function baselineFactor({ kind }: MonthIndicator, scale: number): number {
  return factors[kind] * (kind === 'count' || kind === 'intensity' ? scale : 1);
}

/**
 * Mean of an indicator over the base months for each peer class, pooled (sum ÷ sum, so that a small unit does not weigh
 * like a large one). A class without any case falls back on the whole county.
 *
 * Units of the series must be in a fixed order, or the last digit of the sums depends on it. `scale` turns the monthly mean of a count
 * into one comparable with a window (see `WindowPlan`). Returns a lookup by class; null where no mean above zero exists; the
 * scale is given again for a unit whose window has fewer months.
 */
export function classBaselines(
  indicator: MonthIndicator,
  { units, columnOf }: Series,
  scale: number,
  input: MonthInput,
): (peerClass: string, scale?: number) => Baseline | null {
  const months = baseMonths(indicator.recordType, input);
  const county: Pool = { numerator: 0, denominator: 0 };
  const classes = new Map<string, Pool>();
  const columns = months.map(columnOf);
  for (const [u, unit] of units.entries()) {
    const pool = poolOf(indicator, unit, u, columns);
    const peers = classes.get(unit.peerClass) ?? { numerator: 0, denominator: 0 };
    classes.set(unit.peerClass, peers);
    for (const sum of [county, peers]) {
      sum.numerator += pool.numerator;
      sum.denominator += pool.denominator;
    }
  }
  const toBaseline = (scope: Baseline['scope'], pool: Pool | undefined, factor: number): Baseline | null => {
    const from = months[0];
    const to = months.at(-1);
    if (pool === undefined || from === undefined || to === undefined) return null;
    if (!(pool.numerator > 0 && pool.denominator > 0)) return null;
    return { scope, value: (pool.numerator * factor) / pool.denominator, from, to, months: months.length };
  };
  return (peerClass, own = scale) => {
    const factor = baselineFactor(indicator, own);
    return toBaseline('class', classes.get(peerClass), factor) ?? toBaseline('county', county, factor);
  };
}
