import { type Cell, type Column, requireSameLength } from './columns.js';
import { scoringError } from './errors.js';
import type { Model } from './model.js';
import { type AggregationPlan, planWeights, runPlan, type Weights } from './plan.js';
import { type Random, seededRandom } from './random.js';
import { createRanker } from './ranker.js';
import { drawWeights, noiseFactors } from './weights.js';

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
  const n = units.length;
  const ranksOf = createRanker(n);
  const base = ranksOf(nominal).slice();
  // Row by draw: each draw writes its own stretch of memory.
  const ranks = new Uint32Array(n * draws);
  const shifts: Cell[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const scores = run(draw);
    if (scores === null) {
      shifts.push(null);
      continue;
    }
    requireSameLength(units, scores, `排名模拟第 ${draw + 1} 次`);
    const drawn = ranksOf(scores);
    ranks.set(drawn, draw * n);
    shifts.push(meanShift(base, drawn));
  }
  return {
    units: units.map((unit, u) => {
      const counts = new Uint32Array(n + 1);
      for (let at = u; at < ranks.length; at += n) counts[ranks[at]!]!++;
      return spreadOf(unit, base[u]!, counts, top);
    }),
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
  const index = (set: Float64Array): Float64Array => runPlan(plan, set).at(-1)!;
  const base = planWeights(plan, weights);
  const factors = noiseFactors(model, noise);
  const drawn = new Float64Array(base.length);
  return simulateRanks({
    units: plan.units,
    nominal: index(base),
    draws,
    run: () => {
      drawWeights(base, factors, random, drawn);
      return index(drawn);
    },
    ...(top === undefined ? {} : { top }),
  });
}

/** Mean absolute difference of two rank columns over the units both rank; null when there are none. */
export function meanAbsoluteShift(a: Column, b: Column): Cell {
  requireSameLength(a, b, '排名变化');
  const zeroed = (column: Column): number[] => column.map((rank) => rank ?? 0);
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
  const ranksOf = createRanker(plan.units.length);
  const nominal = ranksOf(runPlan(plan, base).at(-1)!).slice();
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

function meanShift(a: ArrayLike<number>, b: ArrayLike<number>): Cell {
  let sum = 0;
  let count = 0;
  for (let u = 0; u < a.length; u++) {
    if (a[u] === 0 || b[u] === 0) continue;
    sum += Math.abs(a[u]! - b[u]!);
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** `counts[r]`: draws in which the unit had rank r; `counts[0]`: in which it had none. */
function spreadOf(unit: string, nominal: number, counts: Uint32Array, top: number): RankSpread {
  let drawn = 0;
  let sum = 0;
  let high = 0;
  for (let rank = 1; rank < counts.length; rank++) {
    drawn += counts[rank]!;
    sum += rank * counts[rank]!;
    if (rank <= top) high += counts[rank]!;
  }
  const nth = (k: number): number => {
    let rank = 1;
    for (let seen = counts[1]!; seen <= k; seen += counts[rank]!) rank++;
    return rank;
  };
  const at = (share: number): Cell => {
    if (drawn === 0) return null;
    const position = (drawn - 1) * share;
    const low = nth(Math.floor(position));
    return low + (position - Math.floor(position)) * (nth(Math.ceil(position)) - low);
  };
  return {
    unit,
    nominal: nominal === 0 ? null : nominal,
    mean: drawn === 0 ? null : sum / drawn,
    median: at(0.5),
    q5: at(0.05),
    q95: at(0.95),
    min: at(0),
    max: at(1),
    topShare: high / (drawn + counts[0]!),
  };
}
