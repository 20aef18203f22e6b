import { competitionRanks } from '../month/rank.js';
import type { UnitScore } from '../month/types.js';

/** What periods are made of: the units of a month as scored on the final data. */
export type ScoredMonth = ReadonlyArray<Pick<UnitScore, 'code' | 'score' | 'band' | 'dimensions'>>;

/** By `YYYY-MM`. */
export type ScoredMonths = ReadonlyMap<string, ScoredMonth>;

/** A month of the period is missing, or has no score. */
export type PeriodMissing = 'incomplete';

interface MeanScore {
  score: number | null;
  missing_reason: PeriodMissing | null;
}

export interface PeriodUnit extends MeanScore {
  code: string;
  /** Competition rank ("1, 1, 3") of the rounded means; null without a score. */
  rank: number | null;
  /** What the mean is made of, oldest first. */
  months: Array<{ month: string; score: number | null }>;
  /** Those of any of the months, in order of appearance. */
  dimensions: Array<MeanScore & { id: string }>;
}

function meanOf(scores: ReadonlyArray<number | null>): MeanScore {
  let sum = 0;
  for (const score of scores) {
    if (score === null) return { score: null, missing_reason: 'incomplete' };
    sum += score;
  }
  return { score: sum / scores.length, missing_reason: null };
}

/**
 * Mean scores over the given months, of index and dimensions, for every unit that appears in any of them, in the order of
 * their codes. Every month counts the same. A mean of fewer months would compare different seasons: it is null.
 */
export function meanOfMonths(months: readonly string[], scored: ScoredMonths, tie: { decimals: number }): PeriodUnit[] {
  const units = months.map((month) => new Map((scored.get(month) ?? []).map((unit) => [unit.code, unit])));
  const codes = [...new Set(units.flatMap((one) => [...one.keys()]))].sort((a, b) => (a < b ? -1 : 1));
  const rows = codes.map((code): PeriodUnit => {
    const own = units.map((one) => one.get(code));
    const ids = [...new Set(own.flatMap((unit) => unit?.dimensions.map(({ id }) => id) ?? []))];
    const scores = own.map((unit) => unit?.score ?? null);
    return {
      code,
      ...meanOf(scores),
      rank: null,
      months: months.map((month, m) => ({ month, score: scores[m] ?? null })),
      dimensions: ids.map((id) => ({
        id,
        ...meanOf(own.map((unit) => unit?.dimensions.find((one) => one.id === id)?.score ?? null)),
      })),
    };
  });
  const ranks = competitionRanks(
    rows.map(({ score }) => score),
    tie.decimals,
  );
  return rows.map((row, i) => ({ ...row, rank: ranks[i] ?? null }));
}
