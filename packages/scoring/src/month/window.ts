import { componentKey, coverageKey } from './keys.js';
import { toIndex, toMonth } from './months.js';
import type { MissingReason, MonthComponent, MonthInput, MonthUnit, WindowIndicator } from './types.js';

/** The months an indicator reads for one period; the same for all units. */
export interface WindowPlan {
  from: string;
  to: string;
  /** Covered months, oldest first, with their weight in a count or intensity. */
  months: ReadonlyArray<{ month: string; weight: number }>;
  /** Whether the scored month itself has data. */
  current: boolean;
  /** Months for 'sum', 1 for 'ewma': what a monthly mean is multiplied by to compare with the window's value. */
  scale: number;
}

export type Source = Pick<MonthInput, 'period' | 'startMonth' | 'coverage' | 'components'>;

/**
 * Covered months of a record type up to `last`, oldest first, none before the start month: the last `count` of them, or
 * with `calendar` those among the last `count` months of the calendar.
 */
export function coveredMonths(
  recordType: string,
  { last, count, calendar = false }: { last: string; count: number; calendar?: boolean },
  source: Source,
): string[] {
  const end = toIndex(last);
  const start = Math.max(toIndex(source.startMonth), calendar ? end - count + 1 : Number.NEGATIVE_INFINITY);
  const months: string[] = [];
  for (let index = end; index >= start && months.length < count; index--) {
    const month = toMonth(index);
    if (source.coverage.has(coverageKey(recordType, month))) months.unshift(month);
  }
  return months;
}

/**
 * Last `window` months (`ytd`: January to the period), cut at the start month; a month without data is left out, never
 * counted as zero.
 */
export function planWindow(indicator: WindowIndicator, source: Source): WindowPlan {
  const last = toIndex(source.period);
  const length = indicator.window === 'ytd' ? (last % 12) + 1 : indicator.window;
  const first = Math.max(toIndex(source.startMonth), last - length + 1);
  const raw: Array<{ month: string; weight: number }> = [];
  for (let index = first; index <= last; index++) {
    const month = toMonth(index);
    if (!source.coverage.has(coverageKey(indicator.recordType, month))) continue;
    raw.push({ month, weight: indicator.weighting === 'ewma' ? 2 ** (index - last) : 1 });
  }
  const total = raw.reduce((sum, { weight }) => sum + weight, 0);
  const ewma = indicator.weighting === 'ewma';
  return {
    from: toMonth(first),
    to: source.period,
    months: ewma ? raw.map(({ month, weight }) => ({ month, weight: weight / total })) : raw,
    current: raw.at(-1)?.month === source.period,
    scale: ewma ? 1 : raw.length,
  };
}

const none: MonthComponent = { numerator: 0, denominator: 0 };

/** Throws RangeError on a component that is not a finite number: nothing may turn into NaN further on. */
export function readComponent(source: Source, indicator: string, unit: string, month: string): MonthComponent {
  const key = componentKey(indicator, unit, month);
  const component = source.components.get(key);
  if (component === undefined) return none;
  if (!Number.isFinite(component.numerator) || !Number.isFinite(component.denominator ?? 0)) {
    throw new RangeError(`component ${key} is not finite`);
  }
  return component;
}

export interface WindowValue {
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  missing: MissingReason | null;
}

/** Value of one indicator for one unit over the planned window. */
export function windowValue(
  indicator: WindowIndicator,
  unit: MonthUnit,
  plan: WindowPlan,
  source: Source,
): WindowValue {
  if (!plan.current) return { numerator: null, denominator: null, value: null, missing: 'no_data_month' };
  let numerator = 0;
  let denominator = 0;
  let weighted = 0;
  for (const { month, weight } of plan.months) {
    const component = readComponent(source, indicator.code, unit.code, month);
    numerator += component.numerator;
    denominator += component.denominator ?? 0;
    weighted += component.numerator * weight;
  }
  switch (indicator.kind) {
    case 'rate':
    case 'weighted_rate': {
      const exposure = (unit.population ?? 0) * plan.months.length;
      if (!(exposure > 0)) return { numerator, denominator: null, value: null, missing: 'no_population' };
      return { numerator, denominator: exposure, value: (numerator * 10_000) / exposure, missing: null };
    }
    case 'ratio':
      if (!(denominator > 0)) return { numerator, denominator, value: null, missing: 'no_cases' };
      return { numerator, denominator, value: (numerator * 100) / denominator, missing: null };
    case 'count':
    case 'intensity':
      return { numerator, denominator: null, value: weighted, missing: null };
  }
}
