import type { MonthIndicator, MonthUnit } from './types.js';
import { readComponent, type Source } from './window.js';

/**
 * Variance ÷ mean of the monthly sums of an intensity or weighted rate, whose events weigh differently: what one event counts for in the
 * noise. Measured within units over the given months; with one month, or no change at all, Σx² ÷ Σx, which is never too
 * small. 1 where nothing happened.
 */
export function dispersionOf(
  { code }: MonthIndicator,
  units: readonly MonthUnit[],
  months: readonly string[],
  source: Source,
): number {
  let total = 0;
  let squares = 0;
  let within = 0;
  for (const unit of units) {
    const sums = months.map((month) => readComponent(source, code, unit.code, month).numerator);
    const own = sums.reduce((sum, x) => sum + x, 0);
    total += own;
    for (const x of sums) {
      squares += x * x;
      within += (x - own / months.length) ** 2;
    }
  }
  if (!(total > 0)) return 1;
  const variance = within / (units.length * (months.length - 1));
  const mean = total / (units.length * months.length);
  return months.length > 1 && variance > 0 ? variance / mean : squares / total;
}
