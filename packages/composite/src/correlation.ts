import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { sampleCorrelation } from 'simple-statistics';
import { type Cell, type Column, completeRows, isConstant } from './columns.js';
import { rankAscending } from './ranks.js';

export type CorrelationKind = 'pearson' | 'spearman' | 'kendall';

interface CorrelationOptions {
  /** Spearman takes mean ranks of ties, Kendall is tau-b. */
  kind?: CorrelationKind;
}

/** Correlation over the rows where both values are present; null below two rows or when a column is constant there. */
export function correlation(a: Column, b: Column, { kind = 'pearson' }: CorrelationOptions = {}): Cell {
  const [x, y] = completeRows([a, b]).columns as [number[], number[]];
  if (x.length < 2 || isConstant(x) || isConstant(y)) return null;
  if (kind === 'kendall') return kendall(x, y).tau;
  return kind === 'pearson' ? pearson(x, y) : pearson(midRanks(x), midRanks(y));
}

/** Every column of `first` against every column of `second`. */
export function correlationTable(
  first: ReadonlyMap<string, Column>,
  second: ReadonlyMap<string, Column>,
  options: CorrelationOptions = {},
): { first: string; second: string; correlation: Cell }[] {
  return [...second].flatMap(([to, b]) =>
    [...first].map(([from, a]) => ({ first: from, second: to, correlation: correlation(a, b, options) })),
  );
}

/**
 * Two-sided p value of no association, over the rows where both values are present; null below three rows or when a
 * column is constant. Pearson and Spearman by Student's t with n-2 degrees of freedom, Kendall by the normal
 * approximation with the variance corrected for ties.
 */
export function correlationPValue(a: Column, b: Column, { kind = 'pearson' }: CorrelationOptions = {}): Cell {
  const [x, y] = completeRows([a, b]).columns as [number[], number[]];
  const n = x.length;
  if (n < 3 || isConstant(x) || isConstant(y)) return null;
  if (kind === 'kendall') {
    const { score, variance } = kendall(x, y);
    return 2 * normalCdf(-Math.abs(score) / Math.sqrt(variance), 0, 1);
  }
  const r = kind === 'pearson' ? pearson(x, y) : pearson(midRanks(x), midRanks(y));
  if (Math.abs(r) >= 1 - 1e-15) return 0;
  return 2 * tCdf(-Math.abs(r) * Math.sqrt((n - 2) / ((1 - r) * (1 + r))), n - 2);
}

function pearson(x: number[], y: number[]): number {
  return Math.max(-1, Math.min(1, sampleCorrelation(x, y)));
}

function midRanks(values: readonly number[]): number[] {
  return rankAscending(values, { ties: 'average' }) as number[];
}

function kendall(x: readonly number[], y: readonly number[]): { tau: number; score: number; variance: number } {
  const n = x.length;
  let score = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) score += Math.sign(x[i]! - x[j]!) * Math.sign(y[i]! - y[j]!);
  }
  const tiesX = tieSizes(x);
  const tiesY = tieSizes(y);
  const total = (sizes: readonly number[], term: (t: number) => number): number =>
    sizes.reduce((sum, t) => sum + term(t), 0);
  const pairs = (t: number): number => (t * (t - 1)) / 2;
  const spread = (t: number): number => t * (t - 1) * (2 * t + 5);
  const all = pairs(n);
  const tau = score / Math.sqrt((all - total(tiesX, pairs)) * (all - total(tiesY, pairs)));
  const triples = (t: number): number => t * (t - 1) * (t - 2);
  const variance =
    (spread(n) - total(tiesX, spread) - total(tiesY, spread)) / 18 +
    (total(tiesX, pairs) * total(tiesY, pairs)) / all +
    (n > 2 ? (total(tiesX, triples) * total(tiesY, triples)) / (9 * triples(n)) : 0);
  return { tau, score, variance };
}

function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}
