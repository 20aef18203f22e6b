import { coverageKey } from './keys.js';
import { toIndex, toMonth } from './months.js';
import type { Series } from './series.js';
import type { MissingReason, MonthInput, WindowIndicator } from './types.js';

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

export type Source = Pick<MonthInput, 'period' | 'startMonth' | 'coverage'>;

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
 * counted as zero. Only a year-to-date share keeps it: January holds what was open when the year began, also where
 * nothing came in that month.
 */
export function planWindow(indicator: WindowIndicator, source: Source): WindowPlan {
  const last = toIndex(source.period);
  const length = indicator.window === 'ytd' ? (last % 12) + 1 : indicator.window;
  const first = Math.max(toIndex(source.startMonth), last - length + 1);
  const isCovered = (month: string) =>
    [indicator.recordType, indicator.code].some((of) => source.coverage.has(coverageKey(of, month)));
  const keepsAll = indicator.window === 'ytd' && indicator.kind === 'ratio';
  const raw: Array<{ month: string; weight: number }> = [];
  for (let index = first; index <= last; index++) {
    const month = toMonth(index);
    if (!keepsAll && !isCovered(month)) continue;
    raw.push({ month, weight: indicator.weighting === 'ewma' ? 2 ** (index - last) : 1 });
  }
  const total = raw.reduce((sum, { weight }) => sum + weight, 0);
  const ewma = indicator.weighting === 'ewma';
  return {
    from: toMonth(first),
    to: source.period,
    months: ewma ? raw.map(({ month, weight }) => ({ month, weight: weight / total })) : raw,
    current: isCovered(source.period) && first <= last,
    scale: ewma ? 1 : raw.length,
  };
}

export interface WindowValue {
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  missing: MissingReason | null;
}

interface WindowSums {
  numerator: number;
  denominator: number;
  /** Numerators times the weight of their month. */
  weighted: number;
}

function valueFrom(
  { kind }: WindowIndicator,
  population: number | null,
  months: number,
  { numerator, denominator, weighted }: WindowSums,
): WindowValue {
  switch (kind) {
    case 'rate':
    case 'weighted_rate': {
      const exposure = (population ?? 0) * months;
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

/** Values of one indicator over the planned window, by unit of the series. */
export function readWindows(indicator: WindowIndicator, plan: WindowPlan, { units, columnOf }: Series): WindowValue[] {
  if (!plan.current) {
    return units.map(() => ({ numerator: null, denominator: null, value: null, missing: 'no_data_month' }));
  }
  const months = plan.months.map(({ month, weight }) => ({ ...columnOf(month), weight }));
  return units.map(({ population }, u) => {
    const sums = { numerator: 0, denominator: 0, weighted: 0 };
    for (const { numerators, denominators, weight } of months) {
      sums.numerator += numerators[u]!;
      sums.denominator += denominators[u]!;
      sums.weighted += numerators[u]! * weight;
    }
    return valueFrom(indicator, population, months.length, sums);
  });
}
