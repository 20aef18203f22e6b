import type { ScoreBand } from './types.js';

/** A score as ranks and bands see it: 89.999999999999 of floating arithmetic is 90. */
export function roundScore(score: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(score * scale) / scale;
}

/** Competition ranks ("1, 1, 3"), highest score first; null scores get null. */
export function competitionRanks(scores: ReadonlyArray<number | null>, decimals: number): Array<number | null> {
  const rounded = scores.map((score) => (score === null ? null : roundScore(score, decimals)));
  const descending = rounded.filter((score) => score !== null).sort((a, b) => b - a);
  const firsts = new Map<number, number>();
  descending.forEach((score, i) => {
    if (!firsts.has(score)) firsts.set(score, i + 1);
  });
  return rounded.map((score) => (score === null ? null : (firsts.get(score) ?? null)));
}

/** Id of the highest band whose lower edge the rounded score reaches; null without a score or below all bands. */
export function bandOf(score: number | null, bands: readonly ScoreBand[], decimals: number): string | null {
  if (score === null) return null;
  const rounded = roundScore(score, decimals);
  let best: ScoreBand | null = null;
  for (const band of bands) {
    if (rounded >= band.min && (best === null || band.min > best.min)) best = band;
  }
  return best?.id ?? null;
}
