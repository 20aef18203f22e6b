/** Weights like 0.1 + 0.2 must not push a share of exactly the limit over it. */
const SHARE_TOLERANCE = 1e-9;

/**
 * Shares of the elements that have a score, by their `weights`. The weight of missing ones is spread in proportion over the others while
 * their share is at most `maxShare`; beyond that, or with nothing left, the whole is missing (null).
 */
export function redistribute(
  elements: ReadonlyArray<{ score: number | null }>,
  weights: ReadonlyArray<{ weight: number }>,
  maxShare: number,
): number[] | null {
  let total = 0;
  let present = 0;
  for (let i = 0; i < elements.length; i++) {
    const { weight } = weights[i]!;
    total += weight;
    if (elements[i]!.score !== null) present += weight;
  }
  if (!(present > 0) || (total - present) / total > maxShare + SHARE_TOLERANCE) return null;
  return elements.map(({ score }, i) => (score === null ? 0 : weights[i]!.weight / present));
}

/** Σ share × score of the present elements, kept inside 0–100 against rounding in the last digit. */
export function weightedSum(elements: ReadonlyArray<{ score: number | null }>, shares: readonly number[]): number {
  const sum = elements.reduce((acc, { score }, i) => acc + (shares[i] ?? 0) * (score ?? 0), 0);
  return Math.min(100, Math.max(0, sum));
}
