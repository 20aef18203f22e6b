/** A neighbourhood committee stands for about this many village committees' residents. */
const NEIGHBOURHOOD_WEIGHT = 3;

export interface Committees {
  villages: number;
  neighbourhoods: number;
}

/**
 * Shares a county's population among its townships by their numbers of committees (largest remainder, so the shares sum
 * to the total exactly). Made-up numbers: no township population could be verified.
 */
export function shareOut(total: number, townships: readonly Committees[]): number[] {
  const weights = townships.map((t) => t.villages + NEIGHBOURHOOD_WEIGHT * t.neighbourhoods);
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const missing = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((value, i) => ({ i, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest);
  for (const { i } of byRemainder.slice(0, missing)) shares[i]! += 1;
  return shares;
}
