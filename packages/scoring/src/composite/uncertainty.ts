import { type Cell, type Column, requireSameLength } from './columns.js';
import { scoringError } from './errors.js';
import type { Model } from './model.js';
import { type AggregationPlan, planWeights, runPlan, type Weights } from './plan.js';
import { type Random, seededRandom } from './random.js';
import { countBelow, RANK_DIGITS, roundForTies } from './ranks.js';
import { perturbWeights } from './weights.js';

/** Where a unit's rank lies over the draws. Quantiles are of type 7; null for a unit no draw ranked. */
export interface RankSpread {
  readonly unit: string;
  readonly nominal: Cell;
  readonly mean: Cell;
  readonly median: Cell;
  readonly q5: Cell;
  readonly q95: Cell;
  readonly min: Cell;
  readonly max: Cell;
  /** Share of all draws with a rank of at most `top`. */
  readonly topShare: number;
}

export interface RankUncertainty {
  readonly units: readonly RankSpread[];
  /** Mean absolute rank change against nominal, by draw; null for a failed draw. */
  readonly shifts: readonly Cell[];
  readonly failed: number;
}

export interface SimulateOptions {
  units: readonly string[];
  /** Scores the nominal ranks are taken from; missing is null or NaN. */
  nominal: ArrayLike<number | null>;
  draws: number;
  /** Scores of one draw, in the order of `units`; null when the draw failed. */
  run: (draw: number) => ArrayLike<number | null> | null;
  /** Ranks up to this one count for `topShare`. */
  top?: number;
}

/**
 * Ranks of every unit over many rebuilt indices. Time and memory grow linearly with units times draws.
 * @throws ScoringError BAD_OPTION (draws), LENGTH_MISMATCH
 */
export function simulateRanks({ units, nominal, draws, run, top = 10 }: SimulateOptions): RankUncertainty {
  requireDraws(draws);
  requireSameLength(units, nominal, '排名模拟');
  const base = ranksOf(nominal);
  const n = units.length;
  const ranks = units.map(() => new Float64Array(draws));
  const filled = new Uint32Array(n);
  const shifts: Cell[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const scores = run(draw);
    if (scores === null) {
      shifts.push(null);
      continue;
    }
    requireSameLength(units, scores, `排名模拟第 ${draw + 1} 次`);
    const drawn = ranksOf(scores);
    for (let u = 0; u < n; u++) if (drawn[u]! > 0) ranks[u]![filled[u]!++] = drawn[u]!;
    shifts.push(meanShift(base, drawn));
  }
  return {
    units: units.map((unit, u) => spreadOf(unit, base[u]!, ranks[u]!.subarray(0, filled[u]), top, draws)),
    shifts,
    failed: shifts.filter((shift) => shift === null).length,
  };
}

export interface WeightUncertaintyOptions {
  plan: AggregationPlan;
  model: Model;
  weights: Weights;
  /** Half-width of the noise by level: w (1 + U(-f, f)). */
  noise: Readonly<Record<number, number>>;
  draws: number;
  seed: number;
  top?: number;
}

/** Rank intervals of the index under noisy weights; the same seed gives the same result. Errors as `simulateRanks`. */
export function weightUncertainty(options: WeightUncertaintyOptions): RankUncertainty {
  const { plan, model, weights, noise, draws, seed, top } = options;
  const random: Random = seededRandom(seed);
  const index = (set: Weights): Float64Array => runPlan(plan, planWeights(plan, set)).at(-1)!;
  return simulateRanks({
    units: plan.units,
    nominal: index(weights),
    draws,
    run: () => index(perturbWeights(model, weights, { noise, random })),
    ...(top === undefined ? {} : { top }),
  });
}

/** Mean absolute difference of two rank columns over the units both rank; null when there are none. */
export function meanAbsoluteShift(a: Column, b: Column): Cell {
  requireSameLength(a, b, '排名变化');
  const zeroed = (column: Column): Float64Array => Float64Array.from(column, (rank) => rank ?? 0);
  return meanShift(zeroed(a), zeroed(b));
}

export interface RemovedElement {
  readonly code: string;
  /** Mean absolute rank change of the index; null when removing the element leaves nothing to rank. */
  readonly shift: Cell;
}

/** What each element of a level does to the ranks: its weight set to 0, the index rebuilt, ranks compared. */
export function removeEach(plan: AggregationPlan, model: Model, weights: Weights, level: number): RemovedElement[] {
  const codes = model.levels[level - 1];
  if (codes === undefined || level === model.levels.length) {
    throw scoringError(
      'BAD_OPTION',
      '逐个剔除，level',
      `第 ${level} 层不能剔除`,
      `请用 1 到 ${model.levels.length - 1}`,
    );
  }
  const base = planWeights(plan, weights);
  const nominal = ranksOf(runPlan(plan, base).at(-1)!);
  return codes.map((code) => {
    const without = base.slice();
    without[plan.codes.indexOf(code)] = 0;
    return { code, shift: meanShift(nominal, ranksOf(runPlan(plan, without).at(-1)!)) };
  });
}

export function requireDraws(draws: number): void {
  if (Number.isInteger(draws) && draws > 0) return;
  throw scoringError('BAD_OPTION', '抽样次数', `${draws} 不是正整数`, '请给出抽样次数，例如 1000');
}

/** Descending ranks, ties share the smallest; 0 stands for "not ranked". */
function ranksOf(scores: ArrayLike<number | null>): Float64Array {
  const n = scores.length;
  const ranks = new Float64Array(n);
  const at: number[] = [];
  for (let u = 0; u < n; u++) if (scores[u] !== null && !Number.isNaN(scores[u])) at.push(u);
  const keys = roundForTies(
    at.map((u) => -scores[u]!),
    RANK_DIGITS,
  );
  const sorted = keys.slice().sort();
  for (let j = 0; j < at.length; j++) ranks[at[j]!] = countBelow(sorted, keys[j]!) + 1;
  return ranks;
}

function meanShift(a: Float64Array, b: Float64Array): Cell {
  let sum = 0;
  let count = 0;
  for (let u = 0; u < a.length; u++) {
    if (a[u] === 0 || b[u] === 0) continue;
    sum += Math.abs(a[u]! - b[u]!);
    count++;
  }
  return count === 0 ? null : sum / count;
}

function spreadOf(unit: string, nominal: number, ranks: Float64Array, top: number, draws: number): RankSpread {
  const sorted = ranks.slice().sort();
  const count = sorted.length;
  const at = (share: number): Cell => {
    if (count === 0) return null;
    const position = (count - 1) * share;
    const low = sorted[Math.floor(position)]!;
    return low + (position - Math.floor(position)) * (sorted[Math.ceil(position)]! - low);
  };
  return {
    unit,
    nominal: nominal === 0 ? null : nominal,
    mean: count === 0 ? null : sorted.reduce((sum, rank) => sum + rank, 0) / count,
    median: at(0.5),
    q5: at(0.05),
    q95: at(0.95),
    min: at(0),
    max: at(1),
    topShare: countBelow(sorted, top + 1) / draws,
  };
}
