import { correlation } from '@pingan/composite';
import type { UnitScore } from '@pingan/scoring';

export interface Standing {
  score: number | null;
  rank: number | null;
  band: string | null;
}

export interface UnitComparison {
  region_code: string;
  before: Standing;
  after: Standing;
  /** Places gained (+) or lost (−); null without a rank on either side. */
  rank_change: number | null;
}

/** Two scorings of the same month, side by side. */
export interface MonthComparison {
  /** `YYYY-MM`. */
  period: string;
  /** In the ranking order before. */
  units: UnitComparison[];
  /** Units whose rank, and whose colour, is another one. */
  moved: number;
  recoloured: number;
  /** Of the scores of units that have one on both sides; null for fewer than two, or where one side is all equal. */
  kendall: number | null;
  spearman: number | null;
}

const standingOf = ({ score, rank, band }: UnitScore): Standing => ({ score, rank, band });

const none: Standing = { score: null, rank: null, band: null };

/** `tieDecimals`: at how many decimals scores count as equal, as for ranks. */
export function compareScores(
  period: string,
  before: readonly UnitScore[],
  after: readonly UnitScore[],
  tieDecimals: number,
): MonthComparison {
  const later = new Map(after.map((unit) => [unit.code, standingOf(unit)]));
  const units = before.map((unit): UnitComparison => {
    const [from, to] = [standingOf(unit), later.get(unit.code) ?? none];
    const rank_change = from.rank === null || to.rank === null ? null : from.rank - to.rank;
    return { region_code: unit.code, before: from, after: to, rank_change };
  });
  const last = units.length + 1;
  units.sort((a, b) => (a.before.rank ?? last) - (b.before.rank ?? last) || (a.region_code < b.region_code ? -1 : 1));
  const scores = (side: 'before' | 'after') =>
    units.map((unit) => {
      const { score } = unit[side];
      return score === null ? null : Math.round(score * 10 ** tieDecimals) / 10 ** tieDecimals;
    });
  const together = (kind: 'kendall' | 'spearman') => correlation(scores('before'), scores('after'), { kind });
  return {
    period,
    units,
    moved: units.filter((unit) => unit.before.rank !== unit.after.rank).length,
    recoloured: units.filter((unit) => unit.before.band !== unit.after.band).length,
    kendall: together('kendall'),
    spearman: together('spearman'),
  };
}
