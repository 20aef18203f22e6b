import { type Cell, columnOf, type Frame, present, type Row } from './columns.js';
import { scoringError } from './errors.js';
import { type Model, topCode } from './model.js';
import { RANK_DIGITS, rankDescending, rankInGroups } from './ranks.js';

interface ResultsOptions {
  /** `aggregates`: the index and everything above indicators; `full`: indicators too. */
  content?: 'aggregates' | 'full';
  as?: 'scores' | 'ranks';
  /** Group of every unit, for ranks inside groups; a unit without a group gets none. */
  groups?: readonly (string | null)[];
  decimals?: number;
}

/**
 * Results for reading: units by rank of the index, `Rank` first, columns from the index down. Ranks are taken before
 * scores are rounded. Units without an index come last.
 */
export function resultsTable(
  scores: Frame,
  model: Model,
  { content = 'aggregates', as = 'scores', groups, decimals = 2 }: ResultsOptions = {},
): Row[] {
  const ranked = (code: string): Cell[] => {
    const options = model.children.has(code) ? { digits: RANK_DIGITS } : {};
    const column = columnOf(scores, code);
    return groups === undefined ? rankDescending(column, options) : rankInGroups(column, groups, options);
  };
  const codes = (content === 'full' ? model.levels : model.levels.slice(1)).toReversed().flat();
  const order = rankDescending(columnOf(scores, topCode(model)), { digits: RANK_DIGITS });
  const shown = new Map(
    codes.map((code) => [
      code,
      as === 'ranks' ? ranked(code) : columnOf(scores, code).map((score) => roundTo(score, decimals)),
    ]),
  );
  const rank = ranked(topCode(model));
  return scores.units
    .map((uCode, i) => ({
      at: order[i] ?? Number.POSITIVE_INFINITY,
      row: { uCode, Rank: rank[i]!, ...Object.fromEntries(codes.map((code) => [code, shown.get(code)![i]!])) },
    }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

export interface Standing {
  readonly code: string;
  readonly score: number;
  readonly rank: number;
}

/**
 * Best and worst indicators of one unit by rank, at most `count` each. As strengths, indicators in which the unit shares
 * the bottom rank do not count; below `leastDistinct` different values an indicator counts for neither.
 * @throws ScoringError UNKNOWN_UNIT
 */
export function strengthsAndWeaknesses(
  scores: Frame,
  model: Model,
  unit: string,
  { count = 5, leastDistinct = 1 }: { count?: number; leastDistinct?: number } = {},
): { strengths: Standing[]; weaknesses: Standing[] } {
  const at = scores.units.indexOf(unit);
  if (at < 0) throw scoringError('UNKNOWN_UNIT', `单元 ${unit}`, '结果里没有这个单元', '请改正单元代码');
  const standings = model.levels[0]!.flatMap((code) => {
    const column = columnOf(scores, code);
    const score = column[at]!;
    if (score === null || new Set(present(column)).size < leastDistinct) return [];
    const ranks = rankDescending(column);
    const rank = ranks[at]!;
    return [{ code, score, rank, bottom: rank === Math.max(...present(ranks)) }];
  });
  const plain = ({ code, score, rank }: Standing): Standing => ({ code, score, rank });
  return {
    strengths: standings
      .filter(({ bottom }) => !bottom)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, count)
      .map(plain),
    weaknesses: standings
      .sort((a, b) => b.rank - a.rank)
      .slice(0, count)
      .map(plain),
  };
}

function roundTo(score: Cell, decimals: number): Cell {
  return score === null ? null : Number(score.toFixed(decimals));
}
