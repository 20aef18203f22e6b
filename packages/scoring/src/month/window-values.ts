import { readSeries } from './series.js';
import type { IndicatorScore, MissingReason, MonthInput, WindowIndicator } from './types.js';
import { planOf, planWindow, readWindows } from './window.js';

/** Throws RangeError for a window that is no whole number of months above 0, and for a minimum no ratio can have. */
export function assertWindow({ code, kind, window, min_n }: WindowIndicator): void {
  if (window !== 'ytd' && !(Number.isInteger(window) && window > 0)) throw new RangeError(`bad window of ${code}`);
  if (min_n === undefined) return;
  if (kind !== 'ratio' || !(min_n >= 0 && Number.isFinite(min_n))) throw new RangeError(`bad min_n of ${code}`);
}

/** Few cases say too little to be scored: the reason, or null. */
export function belowMinimum({ min_n }: WindowIndicator, denominator: number | null): MissingReason | null {
  return min_n !== undefined && denominator !== null && denominator < min_n ? 'below_minimum' : null;
}

/** A window as in `IndicatorScore`, before any scoring. */
export type IndicatorWindow = Pick<
  IndicatorScore,
  'code' | 'numerator' | 'denominator' | 'population' | 'window' | 'months' | 'value' | 'missing_reason'
>;

export interface UnitWindows {
  code: string;
  /** In the order asked for. */
  indicators: IndicatorWindow[];
}

/**
 * Windowed values of any indicators, also of those that are only shown and have no goalposts. Units in the order of
 * their codes. `below_minimum` stands beside its value. Throws RangeError for a malformed month, a bad window or `min_n`
 * and a component that is not finite.
 */
export function windowValues(
  input: Pick<MonthInput, 'period' | 'startMonth' | 'units' | 'components' | 'coverage'>,
  indicators: readonly WindowIndicator[],
): UnitWindows[] {
  indicators.forEach(assertWindow);
  const units = [...input.units].sort((a, b) => (a.code < b.code ? -1 : 1));
  const seriesOf = readSeries(units, input);
  const read = indicators.map((indicator) => {
    const plan = planWindow(indicator, input);
    const plans = units.map((unit) => planOf(plan, unit, indicator.weighting));
    return { indicator, plans, windows: readWindows(indicator, plans, seriesOf(indicator.code)) };
  });
  return units.map(({ code, population }, u) => ({
    code,
    indicators: read.map(({ indicator, plans, windows }) => {
      const plan = plans[u]!;
      const { numerator, denominator, value, missing } = windows[u]!;
      return {
        code: indicator.code,
        numerator,
        denominator,
        population,
        window: { from: plan.from, to: plan.to },
        months: plan.months.length,
        value,
        missing_reason: missing ?? belowMinimum(indicator, denominator),
      };
    }),
  }));
}
