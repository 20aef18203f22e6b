import { type Cell, type Column, columnOf, type Frame, requireSameLength } from './columns.js';
import { scoringError } from './errors.js';
import type { Model } from './model.js';
import type { Weights } from './plan.js';
import { effectiveWeights } from './weights.js';

/**
 * What every indicator adds to the index of a unit under arithmetic means: effective weight times score. The parts of a
 * unit sum to its index when none of its scores is missing; a missing score leaves its part missing.
 */
export function contributions(scores: Frame, model: Model, weights: Weights): Frame {
  const effective = effectiveWeights(model, weights);
  const columns = model.levels[0]!.map((code) => {
    const weight = effective.get(code)!;
    return [code, columnOf(scores, code).map((score): Cell => (score === null ? null : weight * score))] as const;
  });
  return { units: scores.units, columns: new Map(columns) };
}

/**
 * Parts of a weighted mean: weight share times value (arithmetic), or of the logarithm of a geometric mean: weight share
 * times ln value. Shares are taken over the values present.
 * @throws ScoringError NON_POSITIVE_VALUE (geometric), ZERO_WEIGHT_SUM, LENGTH_MISMATCH
 */
export function meanParts(
  values: Column,
  weights: readonly number[],
  { kind = 'arithmetic' }: { kind?: 'arithmetic' | 'geometric' } = {},
): Cell[] {
  const shares = weightShares(values, weights);
  return values.map((value, i): Cell => {
    if (value === null) return null;
    return shares[i]! * (kind === 'geometric' ? Math.log(requirePositive(value)) : value);
  });
}

/**
 * How a change of a mean between two periods splits over its elements, weights unchanged; the parts sum to the change.
 * Arithmetic: share times change. Geometric: share times ln ratio times the logarithmic mean of the two indices.
 * @throws ScoringError TOO_FEW_POINTS (a value missing in a period), NON_POSITIVE_VALUE (geometric), ZERO_WEIGHT_SUM,
 * LENGTH_MISMATCH
 */
export function changeParts(
  before: Column,
  after: Column,
  weights: readonly number[],
  { kind = 'arithmetic' }: { kind?: 'arithmetic' | 'geometric' } = {},
): number[] {
  requireSameLength(before, after, '变化分解');
  const missing = [...before, ...after].some((value) => value === null);
  if (missing)
    throw scoringError('TOO_FEW_POINTS', '变化分解', '有一期缺数，变化分不清', '请补数，或从两期都去掉这一项');
  const shares = weightShares(after, weights);
  const [from, to] = [before as number[], after as number[]];
  if (kind === 'arithmetic') return shares.map((share, i) => share * (to[i]! - from[i]!));
  const logIndex = (values: number[]): number =>
    values.reduce((sum, value, i) => sum + shares[i]! * Math.log(requirePositive(value)), 0);
  const scale = logarithmicMean(Math.exp(logIndex(from)), Math.exp(logIndex(to)));
  return shares.map((share, i) => share * Math.log(to[i]! / from[i]!) * scale);
}

/** (b - a)/(ln b - ln a), its limit a where they are equal; both above 0. */
export function logarithmicMean(a: number, b: number): number {
  const gap = Math.log(requirePositive(b) / requirePositive(a));
  // Near equality the quotient loses its digits; the series of (e^g - 1)/g does not.
  return Math.abs(gap) < 1e-4 ? a * (1 + gap / 2 + (gap * gap) / 6) : (b - a) / gap;
}

function weightShares(values: Column, weights: readonly number[]): number[] {
  requireSameLength(values, weights, '贡献分解');
  const total = weights.reduce((sum, weight, i) => (values[i] === null ? sum : sum + weight), 0);
  if (!(total > 0)) throw scoringError('ZERO_WEIGHT_SUM', '贡献分解', '有值的项权重合计不大于 0', '请检查权重');
  return weights.map((weight) => weight / total);
}

function requirePositive(value: number): number {
  if (value > 0) return value;
  throw scoringError('NON_POSITIVE_VALUE', '贡献分解', `值 ${value} 不大于 0，不能取对数`, '请先归一化到正数');
}
