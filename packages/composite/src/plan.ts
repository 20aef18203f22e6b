import { type Aggregation, copeland, inScale, type Mean, meanOfKind, outOfScale } from './aggregate.js';
import { SHARE_NOISE } from './availability.js';
import { type Cell, columnOf, type Frame } from './columns.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import type { Model } from './model.js';
import { gapSums, type NodeRows, nodeRows, partSums, rowSums, wholeSums } from './plan-sums.js';
import { roundForTies } from './ranks.js';

/** Weight of every element of a model by code; only ratios inside a parent matter. */
export type Weights = ReadonlyMap<string, number>;

export interface AggregateOptions {
  /** One method for every level of aggregates, lowest first, or one for all of them. */
  methods?: readonly Aggregation[];
  /** Power of the generalised mean. */
  power?: number;
  /** Least share of available children for a score, by level of aggregates or one for all; equal is kept. */
  dataThreshold?: readonly number[];
}

interface Node {
  readonly at: number;
  readonly code: string;
  readonly children: readonly number[];
  readonly mean: Mean | null;
  readonly least: number;
}

/**
 * The aggregation of one table, prepared so that it can be run with many weight sets.
 * Inside, missing is NaN; what leaves through `aggregateFrame` is null.
 */
export interface AggregationPlan {
  readonly units: readonly string[];
  /** Order of the weights `runPlan` takes: indicators first, then aggregates level by level. */
  readonly codes: readonly string[];
  readonly nodes: readonly Node[];
  readonly indicators: readonly Float64Array[];
  /** Indicators without a missing value; false for aggregates, which a run finds out about itself. */
  readonly whole: readonly boolean[];
  /** Indicators on the transformed scale of their parent's mean. */
  readonly forwarded: readonly (Float64Array | null)[];
  /** By element; of means whose children are all indicators. */
  readonly rows: readonly (NodeRows | null)[];
}

/**
 * @throws ScoringError BAD_OPTION (number of methods or thresholds, threshold outside [0, 1]), POWER_ZERO,
 * UNKNOWN_CODE (indicator without a column), NON_POSITIVE_VALUE (indicator outside the scale of its mean)
 */
export function planAggregation(frame: Frame, model: Model, options: AggregateOptions = {}): AggregationPlan {
  const { methods = ['arithmetic'], power = 1, dataThreshold = [0] } = options;
  const depth = model.levels.length - 1;
  for (const [name, list] of Object.entries({ methods, data_threshold: dataThreshold })) {
    if (list.length === 1 || list.length === depth) continue;
    const problem = `给了 ${list.length} 个，汇总项有 ${depth} 层`;
    throw scoringError('BAD_OPTION', `汇总，${name}`, problem, '请给 1 个（各层相同）或每层 1 个，从低层到高层');
  }
  for (const share of dataThreshold) {
    if (share >= 0 && share <= 1) continue;
    throw scoringError(
      'BAD_OPTION',
      '汇总，data_threshold',
      `门槛 ${share} 不在 0 到 1 之间`,
      '请改为 0 到 1 之间的数',
    );
  }
  const codes = [...model.elements.keys()];
  const index = new Map(codes.map((code, i) => [code, i]));
  const nodes = model.levels.slice(1).flatMap((level, l) => {
    const method = methods[methods.length === 1 ? 0 : l]!;
    const mean = method === 'copeland' ? null : meanOfKind(method, power);
    const least = dataThreshold[dataThreshold.length === 1 ? 0 : l]!;
    return level.map((code): Node => {
      const children = model.children.get(code)!.map((child) => index.get(child)!);
      return { at: index.get(code)!, code, children, mean, least };
    });
  });
  const indicators = model.levels[0]!.map((code) =>
    Float64Array.from(columnOf(frame, code), (cell) => cell ?? Number.NaN),
  );
  const whole = codes.map((_, i) => indicators[i]?.every((value) => !Number.isNaN(value)) ?? false);
  const plan = { units: frame.units, codes, nodes, indicators, whole };
  const transformed = indicators.map((column, i) => forwardOf(plan, column, i));
  const rows = codes.map((_, i) => {
    const node = nodes.find(({ at }) => at === i);
    const columns = node?.children.map((child) => transformed[child] ?? null) ?? [null];
    return columns.every((column) => column !== null) ? nodeRows(columns, frame.units.length) : null;
  });
  return { ...plan, forwarded: transformed, rows };
}

/** Scores of every element, in the order of `plan.codes`; missing is NaN. `onZeroWeights` hears of units lost that way. */
export function runPlan(
  plan: AggregationPlan,
  weights: ArrayLike<number>,
  onZeroWeights?: (code: string, unit: string) => void,
): Float64Array[] {
  const scores = [...plan.indicators];
  const whole = [...plan.whole];
  for (const node of plan.nodes) {
    scores[node.at] =
      node.mean === null
        ? duels(node, scores, weights, plan.indicators.length)
        : means(plan, node, node.mean, scores, weights, whole);
    if (onZeroWeights === undefined) continue;
    const column = scores[node.at]!;
    plan.units.forEach((unit, u) => {
      if (Number.isNaN(column[u]) && lostToWeights(node, scores, weights, u)) onZeroWeights(node.code, unit);
    });
  }
  return scores;
}

/** Weights in the order of a plan. @throws ScoringError UNKNOWN_CODE */
export function planWeights(plan: AggregationPlan, weights: Weights): Float64Array {
  return Float64Array.from(plan.codes, (code) => {
    const weight = weights.get(code);
    if (weight === undefined) {
      throw scoringError('UNKNOWN_CODE', `代码 ${code}`, '没有权重', '每个指标和汇总项都要有权重');
    }
    return weight;
  });
}

/**
 * Scores of every indicator and aggregate. A unit is missing in an aggregate when all its children are, when fewer
 * than the asked share are there, or (with a warning) when those there weigh nothing.
 */
export function aggregateFrame(
  frame: Frame,
  model: Model,
  weights: Weights,
  options: AggregateOptions = {},
): { frame: Frame; warnings: ScoringWarning[] } {
  const warnings: ScoringWarning[] = [];
  const plan = planAggregation(frame, model, options);
  const scores = runPlan(plan, planWeights(plan, weights), (code, unit) => {
    const place = `单元 ${unit}，汇总项 ${code}`;
    warnings.push(scoringWarning('ZERO_WEIGHT_SUM', place, '有值的下级权重合计为 0，没有得分', '请检查权重，或补数'));
  });
  return {
    frame: { units: frame.units, columns: new Map(plan.codes.map((code, i) => [code, cells(scores[i]!)])) },
    warnings,
  };
}

export function cells(column: ArrayLike<number>): Cell[] {
  return Array.from(column, (value) => (Number.isNaN(value) ? null : value));
}

function forwardOf(
  plan: Pick<AggregationPlan, 'nodes' | 'units' | 'codes'>,
  column: Float64Array,
  at: number,
): Float64Array | null {
  const mean = plan.nodes.find((node) => node.children.includes(at))?.mean ?? null;
  return mean === null ? null : forwarded(plan, column, at, mean);
}

function forwarded(
  plan: Pick<AggregationPlan, 'units' | 'codes'>,
  column: Float64Array,
  at: number,
  mean: Mean,
): Float64Array {
  const { forward, linear } = mean;
  if (linear) return column;
  const result = new Float64Array(column.length);
  for (let u = 0; u < column.length; u++) {
    const value = column[u]!;
    if (!Number.isNaN(value) && !inScale(value, mean)) {
      throw outOfScale(value, mean, `单元 ${plan.units[u]}，${plan.codes[at]}`);
    }
    result[u] = forward(value);
  }
  return result;
}

function means(
  plan: AggregationPlan,
  node: Node,
  mean: Mean,
  scores: readonly Float64Array[],
  weights: ArrayLike<number>,
  whole: boolean[],
): Float64Array {
  const shares = node.children.map((child) => weights[child]!);
  const size = shares.reduce((sum, weight) => sum + Math.abs(weight), 0);
  const total = shares.reduce((sum, weight) => sum + weight, 0);
  // Without missing values the weights have one sum for all units.
  whole[node.at] = node.children.every((child) => whole[child]!) && Math.abs(total) > SHARE_NOISE * size;
  const leastCount = (node.least - SHARE_NOISE) * shares.length;
  const rows = plan.rows[node.at] ?? null;
  let sums: Float64Array;
  if (rows !== null && Math.abs(total) > SHARE_NOISE * size) {
    sums = rowSums(rows, shares, total);
    gapSums(sums, rows, shares, leastCount, SHARE_NOISE * size);
  } else {
    const columns = node.children.map((child) => plan.forwarded[child] ?? forwarded(plan, scores[child]!, child, mean));
    sums = whole[node.at]
      ? wholeSums(columns, shares, total)
      : partSums(columns, shares, leastCount, SHARE_NOISE * size);
  }
  return mean.linear ? sums : sums.map(mean.back);
}

function duels(
  node: Node,
  scores: readonly Float64Array[],
  weights: ArrayLike<number>,
  indicators: number,
): Float64Array {
  const columns = node.children.map((child) =>
    cells(child < indicators ? scores[child]! : roundForTies(scores[child]!)),
  );
  const won = copeland(
    columns,
    node.children.map((child) => weights[child]!),
  );
  const least = (node.least - SHARE_NOISE) * node.children.length;
  return Float64Array.from(won, (score, u) => {
    const there = columns.filter((column) => column[u] !== null).length;
    return score === null || there < least ? Number.NaN : score;
  });
}

function lostToWeights(node: Node, scores: readonly Float64Array[], weights: ArrayLike<number>, u: number): boolean {
  const there = node.children.filter((child) => !Number.isNaN(scores[child]![u]));
  if (there.length === 0 || there.length < (node.least - SHARE_NOISE) * node.children.length) return false;
  return Math.abs(there.reduce((sum, child) => sum + weights[child]!, 0)) < SHARE_NOISE;
}
