import { type Cell, type Column, requireFinite, requireSameLength } from './columns.js';
import { type ScoringError, scoringError } from './errors.js';

export const AGGREGATIONS = ['arithmetic', 'geometric', 'harmonic', 'generalised', 'copeland'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** A mean that is an arithmetic mean on a transformed scale: back(sum w forward(x) / sum w). */
export interface Mean {
  readonly forward: (value: number) => number;
  readonly back: (value: number) => number;
  /** The scale is the values themselves, without bounds. */
  readonly linear: boolean;
  /** Values below this are refused; `open` refuses the bound itself too. */
  readonly least: number;
  readonly open: boolean;
}

const same = (value: number): number => value;
const reciprocal = (value: number): number => 1 / value;

/**
 * The transformed scale of a mean. Geometric and harmonic means and negative powers take values above 0 only, other
 * powers values from 0: outside, the result would be undefined or lose the order.
 * @throws ScoringError POWER_ZERO (that limit is the geometric mean)
 */
export function meanOfKind(kind: Exclude<Aggregation, 'copeland'>, power = 1): Mean {
  if (kind === 'geometric') return { forward: Math.log, back: Math.exp, linear: false, least: 0, open: true };
  if (kind === 'harmonic') return { forward: reciprocal, back: reciprocal, linear: false, least: 0, open: true };
  if (kind === 'arithmetic' || power === 1) {
    return { forward: same, back: same, linear: true, least: Number.NEGATIVE_INFINITY, open: false };
  }
  if (power === 0 || !Number.isFinite(power)) {
    throw scoringError(
      'POWER_ZERO',
      '广义平均',
      `指数 p = ${power} 没有定义`,
      'p 趋于 0 的极限是几何平均，请改用 geometric',
    );
  }
  return {
    forward: (value) => value ** power,
    back: (value) => value ** (1 / power),
    linear: false,
    least: 0,
    open: power < 0,
  };
}

export interface MeanOptions {
  kind?: Exclude<Aggregation, 'copeland'>;
  /** Power of the generalised mean. */
  power?: number;
}

/**
 * Weighted mean of the values present, the weights rescaled over them; null when nothing is present.
 * @throws ScoringError ZERO_WEIGHT_SUM, NON_POSITIVE_VALUE, POWER_ZERO, NEGATIVE_WEIGHT, NON_FINITE, LENGTH_MISMATCH
 */
export function weightedMean(values: Column, weights: readonly number[], options: MeanOptions = {}): Cell {
  requireSameLength(values, weights, '加权平均');
  requireFinite(values, '加权平均');
  requireWeights(weights, '加权平均');
  const scale = meanOfKind(options.kind ?? 'arithmetic', options.power);
  let sum = 0;
  let total = 0;
  let count = 0;
  values.forEach((value, i) => {
    if (value === null) return;
    if (!inScale(value, scale)) throw outOfScale(value, scale, `加权平均第 ${i + 1} 个值`);
    sum += weights[i]! * scale.forward(value);
    total += weights[i]!;
    count++;
  });
  if (count === 0) return null;
  if (total === 0) {
    throw scoringError('ZERO_WEIGHT_SUM', '加权平均', '有值的项权重全是 0', '请给有值的项正的权重');
  }
  return scale.back(sum / total);
}

/** Whether a value can go into a mean. */
export function inScale(value: number, scale: Mean): boolean {
  return scale.open ? value > scale.least : value >= scale.least;
}

export function outOfScale(value: number, scale: Mean, place: string): ScoringError {
  const bound = scale.open ? '大于 0' : '不小于 0';
  return scoringError(
    'NON_POSITIVE_VALUE',
    place,
    `值 ${value} 不能用这种平均，须${bound}`,
    '请先归一化到正数，例如 1 到 100',
  );
}

export function requireWeights(weights: readonly number[], place: string): void {
  weights.forEach((weight, i) => {
    if (!Number.isFinite(weight)) {
      throw scoringError('NON_FINITE', `${place}第 ${i + 1} 个权重`, `${weight} 不是有限的数`, '请给出不小于 0 的数');
    }
    if (weight < 0) {
      throw scoringError(
        'NEGATIVE_WEIGHT',
        `${place}第 ${i + 1} 个权重`,
        `${weight} 是负数`,
        '权重须不小于 0；反向指标请用方向 -1',
      );
    }
  });
}

/** Differences of weight shares up to this size are a draw: sums such as 0.1 + 0.1 + 0.5 against 0.7 miss 1/2 by noise. */
const DRAW_TOLERANCE = 1e-9;

/**
 * Copeland scores: every unit against every other, +1 won, -1 lost, 0 drawn. A pair is decided by the share of weight
 * on which one beats the other, half the weight where they are equal, over the columns both have; a pair without a
 * common column is a draw. A unit without any value has no score. Time grows with the square of the units.
 * @throws ScoringError NEGATIVE_WEIGHT, NON_FINITE, LENGTH_MISMATCH
 */
export function copeland(columns: readonly Column[], weights: readonly number[]): Cell[] {
  requireSameLength(columns, weights, 'Copeland 排序');
  requireWeights(weights, 'Copeland 排序');
  for (const column of columns) requireFinite(column, 'Copeland 排序');
  const n = columns[0]?.length ?? 0;
  const scores: number[] = new Array<number>(n).fill(0);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      const outcome = duel(columns, weights, a, b);
      scores[a]! += outcome;
      scores[b]! -= outcome;
    }
  }
  return scores.map((score, i) => (columns.every((column) => column[i] === null) ? null : score));
}

function duel(columns: readonly Column[], weights: readonly number[], a: number, b: number): -1 | 0 | 1 {
  let lead = 0;
  let total = 0;
  columns.forEach((column, k) => {
    const x = column[a]!;
    const y = column[b]!;
    if (x === null || y === null) return;
    total += weights[k]!;
    if (x > y) lead += weights[k]!;
    else if (x < y) lead -= weights[k]!;
  });
  if (total === 0 || Math.abs(lead) <= 2 * DRAW_TOLERANCE * total) return 0;
  return lead > 0 ? 1 : -1;
}
