import { coverageKey } from './keys.js';
import { toIndex, toMonth } from './months.js';
import type { MonthIndicator, MonthInput, MonthUnit } from './types.js';
import { readComponent } from './window.js';

export interface Baseline {
  scope: 'class' | 'county';
  value: number;
  from: string;
  to: string;
  months: number;
}

/**
 * The months a baseline rests on: the covered ones of the year before the period's January, so that goalposts stay put
 * within a year; a county that is too young for that uses its first covered months up to the period.
 */
export function baseMonths(recordType: string, input: MonthInput): string[] {
  const start = toIndex(input.startMonth);
  const period = toIndex(input.period);
  const january = period - (period % 12);
  const covered = (first: number, last: number): string[] => {
    const months: string[] = [];
    for (let index = Math.max(first, start); index <= last; index++) {
      const month = toMonth(index);
      if (input.coverage.has(coverageKey(recordType, month))) months.push(month);
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

export function poolOf(indicator: MonthIndicator, unit: MonthUnit, months: readonly string[], input: MonthInput): Pool {
  const pool = { numerator: 0, denominator: 0 };
  // A unit whose population is unknown would add cases without residents.
  if (isRate(indicator) && !((unit.population ?? 0) > 0)) return pool;
  for (const month of months) {
    const component = readComponent(input, indicator.code, unit.code, month);
    pool.numerator += component.numerator;
    pool.denominator += component.denominator ?? 0;
  }
  if (isRate(indicator)) pool.denominator = (unit.population ?? 0) * months.length;
  if (indicator.kind === 'count' || indicator.kind === 'intensity') pool.denominator = months.length;
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
 * `units` must be in a fixed order, or the last digit of the sums depends on it. `scale` turns the monthly mean of a count
 * into one comparable with a window (see `WindowPlan`). Returns a lookup by class; null where no mean above zero exists.
 */
export function classBaselines(
  indicator: MonthIndicator,
  units: readonly MonthUnit[],
  scale: number,
  input: MonthInput,
): (peerClass: string) => Baseline | null {
  const months = baseMonths(indicator.recordType, input);
  const county: Pool = { numerator: 0, denominator: 0 };
  const classes = new Map<string, Pool>();
  for (const unit of units) {
    const pool = poolOf(indicator, unit, months, input);
    const peers = classes.get(unit.peerClass) ?? { numerator: 0, denominator: 0 };
    classes.set(unit.peerClass, peers);
    for (const sum of [county, peers]) {
      sum.numerator += pool.numerator;
      sum.denominator += pool.denominator;
    }
  }
  const factor = baselineFactor(indicator, scale);
  const toBaseline = (scope: Baseline['scope'], pool: Pool | undefined): Baseline | null => {
    const from = months[0];
    const to = months.at(-1);
    if (pool === undefined || from === undefined || to === undefined) return null;
    if (!(pool.numerator > 0 && pool.denominator > 0)) return null;
    return { scope, value: (pool.numerator * factor) / pool.denominator, from, to, months: months.length };
  };
  return (peerClass) => toBaseline('class', classes.get(peerClass)) ?? toBaseline('county', county);
}
