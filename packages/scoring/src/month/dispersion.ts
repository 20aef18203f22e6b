import { existed } from './residents.js';
import type { Column } from './series.js';
import type { MonthUnit } from './types.js';

/**
 * Variance ÷ mean of the monthly sums of an intensity or weighted rate, whose events weigh differently: what one event
 * counts for in the noise. Measured within units over those of the given months in which they existed; with one month, or no
 * change at all, Σx² ÷ Σx, which is never too small. 1 where nothing happened.
 */
export function dispersionOf(columns: readonly Column[], units: readonly MonthUnit[]): number {
  let total = 0;
  let squares = 0;
  let within = 0;
  let cells = 0;
  let freedom = 0;
  for (const [u, unit] of units.entries()) {
    const months = unit.residents === undefined ? columns : columns.filter(({ month }) => existed(unit, month));
    if (months.length === 0) continue;
    cells += months.length;
    freedom += months.length - 1;
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
  const variance = within / freedom;
  const mean = total / cells;
  return freedom > 0 && variance > 0 ? variance / mean : squares / total;
}
