import { coverageKey } from './keys.js';
import { toIndex, toMonth } from './months.js';
import { existed, residentMonths } from './residents.js';
import type { Column, Series } from './series.js';
import type { MissingReason, MonthInput, MonthUnit, WindowIndicator } from './types.js';

/** The months an indicator reads for one period. */
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

/** The plan of one unit: without the months in which it did not exist, weights and scale brought to those that are left. */
export function planOf(plan: WindowPlan, unit: MonthUnit, weighting: WindowIndicator['weighting']): WindowPlan {
  if (unit.residents === undefined) return plan;
  const months = plan.months.filter(({ month }) => existed(unit, month));
  const first = [...unit.residents.keys()].filter((month) => month >= plan.from && month <= plan.to).sort()[0];
  const from = first ?? plan.to;
  if (months.length === plan.months.length) return { ...plan, from };
  if (weighting === 'sum') return { ...plan, from, months, scale: months.length };
  const total = months.reduce((sum, { weight }) => sum + weight, 0);
  return { ...plan, from, months: months.map(({ month, weight }) => ({ month, weight: weight / total })) };
}

export interface WindowValue {
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  /** Mean residents over the months; null when not known. */
  residents: number | null;
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
  { exposure, residents }: { exposure: number; residents: number | null },
  { numerator, denominator, weighted }: WindowSums,
): WindowValue {
  switch (kind) {
    case 'rate':
    case 'weighted_rate':
      if (!(exposure > 0)) return { numerator, denominator: null, value: null, residents, missing: 'no_population' };
      return { numerator, denominator: exposure, value: (numerator * 10_000) / exposure, residents, missing: null };
    case 'ratio':
      if (!(denominator > 0)) return { numerator, denominator, value: null, residents, missing: 'no_cases' };
      return { numerator, denominator, value: (numerator * 100) / denominator, residents, missing: null };
    case 'count':
    case 'intensity':
      return { numerator, denominator: null, value: weighted, residents, missing: null };
  }
}

/** Mean residents over the months of a plan; of a unit that never changed its population, whatever the months. */
function meanResidents(unit: MonthUnit, exposure: number, months: number): number | null {
  if (unit.residents === undefined) return unit.population;
  return exposure > 0 ? exposure / months : null;
}

const unread = { numerator: null, denominator: null, value: null, residents: null, missing: 'no_data_month' } as const;

/** Values of one indicator by unit of the series, each over its plan; a unit without one has no value. */
export function readWindows(
  indicator: WindowIndicator,
  plans: readonly (WindowPlan | null)[],
  { units, columnOf }: Series,
): WindowValue[] {
  const gathered = new Map<WindowPlan['months'], Array<Column & { weight: number }>>();
  return units.map((unit, u) => {
    const plan = plans[u];
    if (!plan?.current) return unread;
    const columns =
      gathered.get(plan.months) ?? plan.months.map((of) => ({ ...columnOf(of.month), weight: of.weight }));
    gathered.set(plan.months, columns);
    const sums = { numerator: 0, denominator: 0, weighted: 0 };
    for (const { numerators, denominators, weight } of columns) {
      sums.numerator += numerators[u]!;
      sums.denominator += denominators[u]!;
      sums.weighted += numerators[u]! * weight;
    }
    const exposure = residentMonths(unit, plan.months);
    return valueFrom(indicator, { exposure, residents: meanResidents(unit, exposure, plan.months.length) }, sums);
  });
}
