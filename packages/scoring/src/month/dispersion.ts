import type { Column } from './series.js';

/**
 * Variance ÷ mean of the monthly sums of an intensity or weighted rate, whose events weigh differently: what one event
 * counts for in the noise. Measured within units over the given months; with one month, or no change at all, Σx² ÷ Σx,
 * which is never too small. 1 where nothing happened.
 */
export function dispersionOf(months: readonly Column[], units: number): number {
  let total = 0;
  let squares = 0;
  let within = 0;
  for (let u = 0; u < units; u++) {
    let own = 0;
    for (const { numerators } of months) own += numerators[u]!;
    total += own;
    for (const { numerators } of months) {
      const x = numerators[u]!;
      squares += x * x;
      within += (x - own / months.length) ** 2;
    }
  }
  if (!(total > 0)) return 1;
  const variance = within / (units * (months.length - 1));
  const mean = total / (units * months.length);
  return months.length > 1 && variance > 0 ? variance / mean : squares / total;
}
