import { interpolate } from '../month/goalposts.js';
import type { Prepared, PreparedMonth } from '../month/prepare.js';
import { trendPosts } from '../month/trend.js';
import type { IndicatorScore, MonthIndicator, MonthInput, UnitScore } from '../month/types.js';
import { drawBaselines } from './draw-baseline.js';
import { type DrawScope, drawSlot } from './draw-slot.js';
import { drawTrend } from './draw-trend.js';

interface Posts {
  g0: number;
  g60: number;
  g100: number;
}

/** `class_mean` posts are factors: they apply to value ÷ drawn mean. */
function postsOf({ goalposts }: MonthIndicator): Posts {
  if (goalposts.rule !== 'per_unit') return goalposts;
  return { g0: 100 / goalposts.penalty, g60: 40 / goalposts.penalty, g100: 0 };
}

/** Draws of one unit and indicator. */
interface Drawn {
  level: Float64Array;
  /** Null for posts that are not factors of a mean. */
  base: Float64Array | null;
  /** Value ÷ own mean; null where the level stands alone. */
  ratio: Float64Array | null;
}

/** Adds weight × score of one indicator to every draw of one unit. */
function addScores(
  { level, base, ratio }: Drawn,
  { indicator, weight, share }: { indicator: MonthIndicator; weight: number; share: number },
  into: Float64Array,
): void {
  const posts = postsOf(indicator);
  const trend = trendPosts(indicator);
  for (let d = 0; d < into.length; d++) {
    const value = base === null ? level[d]! : level[d]! / Math.max(base[d]!, Number.MIN_VALUE);
    const points = interpolate(value, posts);
    into[d]! += weight * (ratio === null ? points : (1 - share) * points + share * interpolate(ratio[d]!, trend));
  }
}

function addIndicator(
  prepared: Prepared,
  rows: ReadonlyArray<IndicatorScore | undefined>,
  input: MonthInput,
  scope: DrawScope,
  scores: Float64Array,
): void {
  const { units, draws } = scope;
  const { indicator, trend } = prepared;
  const share = input.trend?.share ?? 0;
  const level = drawSlot(prepared.level, `${indicator.code}|level`, scope);
  const own = trend === null ? null : drawSlot(trend.own, `${indicator.code}|own`, scope);
  const ratios = trend === null || own === null ? null : drawTrend({ ...prepared, trend }, { level, own }, scope);
  const baseOf = drawBaselines(prepared, { level, own }, input, scope);
  const stretch = (of: Float64Array, u: number) => of.subarray(u * draws, (u + 1) * draws);
  units.forEach(({ peerClass }, u) => {
    const row = rows[u];
    if (row === undefined || row.weight === 0) return;
    const drawn: Drawn = {
      level: stretch(level, u),
      base: indicator.goalposts.rule === 'class_mean' ? baseOf(peerClass) : null,
      ratio: row.trend === null || ratios === null ? null : stretch(ratios, u),
    };
    addScores(drawn, { indicator, weight: row.weight, share }, stretch(scores, u));
  });
}

/**
 * Scores as they may truly be: units × draws, a unit's draws in one stretch. Every value is drawn from its posterior and
 * taken through goalposts, trend, weights and deductions as they are in `nominal`; weights spread over missing indicators
 * stay as they are.
 */
export function drawScores(
  { dimensions }: PreparedMonth,
  nominal: readonly UnitScore[],
  input: MonthInput,
  scope: DrawScope,
): Float64Array {
  const { draws } = scope;
  const scores = new Float64Array(scope.units.length * draws);
  dimensions.flat().forEach((prepared, i) => {
    const rows = nominal.map(({ indicators }) => indicators[i]);
    if (rows.some((row) => (row?.weight ?? 0) > 0)) addIndicator(prepared, rows, input, scope, scores);
  });
  nominal.forEach(({ deductions }, u) => {
    const deducted = deductions.reduce((sum, { applied }) => sum + applied, 0);
    if (deducted === 0) return;
    for (let at = u * draws; at < (u + 1) * draws; at++) scores[at] = Math.max(0, scores[at]! - deducted);
  });
  return scores;
}
