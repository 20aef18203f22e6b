import type { Prepared, PreparedMonth } from '../month/prepare.js';
import { trendPosts } from '../month/trend.js';
import type { IndicatorScore, MonthIndicator, MonthInput, UnitScore } from '../month/types.js';
import { drawBaselines } from './draw-baseline.js';
import { type DrawScope, drawSlot, type SlotDraws } from './draw-slot.js';
import { drawTrend } from './draw-trend.js';

/** A mean below this counts as this, so that its inverse is finite. */
const NOTHING = 1e-300;

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
  /** 1 ÷ the drawn mean; null for posts that are not factors of a mean. */
  perBase: Float64Array | null;
  /** What brings a count to as many months as the drawn mean is for. */
  stretch: number;
  /** Value ÷ own mean; null where the level stands alone. */
  ratio: Float64Array | null;
}

/** Slopes of the two pieces, each clipped at its ends, whose sum is the broken line through (g0, 0), (g60, 60), (g100, 100). */
const slopesOf = ({ g0, g60, g100 }: Posts) => ({ toSixty: 60 / (g60 - g0), toHundred: 40 / (g100 - g60) });

/** Adds weight × score of one indicator to every draw of one unit. */
function addScores(
  { level, perBase, stretch, ratio }: Drawn,
  { posts, trend, weight, share }: { posts: Posts; trend: Posts; weight: number; share: number },
  into: Float64Array,
): void {
  const { g0, g60 } = posts;
  const { toSixty, toHundred } = slopesOf(posts);
  const { g0: trend0, g60: trend60 } = trend;
  const { toSixty: trendToSixty, toHundred: trendToHundred } = slopesOf(trend);
  const ofTrend = ratio === null ? 0 : weight * share;
  const ofLevel = weight - ofTrend;
  for (let d = 0; d < into.length; d++) {
    const value = perBase === null ? level[d]! : level[d]! * perBase[d]! * stretch;
    let sum =
      ofLevel *
      (Math.min(60, Math.max(0, (value - g0) * toSixty)) + Math.min(40, Math.max(0, (value - g60) * toHundred)));
    if (ratio !== null) {
      const change = ratio[d]!;
      sum +=
        ofTrend *
        (Math.min(60, Math.max(0, (change - trend0) * trendToSixty)) +
          Math.min(40, Math.max(0, (change - trend60) * trendToHundred)));
    }
    into[d]! += sum;
  }
}

/** Tables of units × draws that one indicator after the other is drawn into. */
interface Buffers {
  scores: Float64Array;
  level: SlotDraws;
  own: SlotDraws;
  ratios: Float64Array;
}

function addIndicator(
  prepared: Prepared,
  rows: ReadonlyArray<IndicatorScore | undefined>,
  input: MonthInput,
  scope: DrawScope,
  { scores, level: ofLevel, own: ofOwn, ratios }: Buffers,
): void {
  const { units, draws } = scope;
  const { indicator, trend } = prepared;
  const share = input.trend?.share ?? 0;
  const level = drawSlot(prepared.level, `${indicator.code}|level`, scope, ofLevel);
  const own = trend === null ? null : drawSlot(trend.own, `${indicator.code}|own`, scope, ofOwn);
  if (trend !== null && own !== null) drawTrend({ ...prepared, trend }, { level, own }, scope, ratios);
  const baseOf = drawBaselines(prepared, { level, own }, input, scope);
  const lines = { posts: postsOf(indicator), trend: trendPosts(indicator) };
  const inverted = new Map<Float64Array, Float64Array>();
  const perBase = (peerClass: string): Float64Array | null => {
    const base = baseOf(peerClass);
    if (base === null) return null;
    const inverse = inverted.get(base) ?? base.map((mean) => 1 / Math.max(mean, NOTHING));
    inverted.set(base, inverse);
    return inverse;
  };
  const stretch = (of: Float64Array, u: number) => of.subarray(u * draws, (u + 1) * draws);
  const perMonth = indicator.kind === 'count' || indicator.kind === 'intensity';
  units.forEach(({ code, peerClass }, u) => {
    const row = rows[u];
    if (row === undefined || row.weight === 0) return;
    const { scale } = prepared.level.plan;
    const drawn: Drawn = {
      level: stretch(level.values, u),
      perBase: indicator.goalposts.rule === 'class_mean' ? perBase(peerClass) : null,
      stretch: perMonth ? scale / (prepared.level.readings.get(code)?.plan.scale ?? scale) : 1,
      ratio: row.trend === null ? null : stretch(ratios, u),
    };
    addScores(drawn, { ...lines, weight: row.weight, share }, stretch(scores, u));
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
  const table = () => new Float64Array(scope.units.length * draws);
  const scores = table();
  const buffers = {
    scores,
    level: { values: table(), deviates: table() },
    own: { values: table(), deviates: table() },
    ratios: table(),
  };
  dimensions.flat().forEach((prepared, i) => {
    const rows = nominal.map(({ indicators }) => indicators[i]);
    if (rows.some((row) => (row?.weight ?? 0) > 0)) addIndicator(prepared, rows, input, scope, buffers);
  });
  nominal.forEach(({ deductions }, u) => {
    const deducted = deductions.reduce((sum, { applied }) => sum + applied, 0);
    if (deducted === 0) return;
    for (let at = u * draws; at < (u + 1) * draws; at++) scores[at] = Math.max(0, scores[at]! - deducted);
  });
  return scores;
}
