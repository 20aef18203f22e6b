import { requireFinite, requireSameLength } from './columns.js';
import { scoringError } from './errors.js';

export interface ChartPoint {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** Outside its limits; on a limit is inside. */
  readonly signal: boolean;
}

export interface Chart {
  readonly centre: number;
  readonly points: readonly ChartPoint[];
}

export interface EwmaOptions {
  /** Weight of the newest value, in (0, 1]. */
  lambda: number;
  /** Level in control, also the starting value. */
  target: number;
  /** Standard deviation of the values in control. */
  sd: number;
  /** Half-width of the limits in standard deviations of the statistic. */
  width?: number;
  /** Limits of the running-in phase, or their limit for long series throughout. */
  limits?: 'exact' | 'asymptotic';
}

/**
 * EWMA chart: z = lambda x + (1 - lambda) z', limits target +- k s sqrt(lambda/(2 - lambda) [1 - (1 - lambda)^2t]).
 * @throws ScoringError BAD_OPTION, NON_FINITE
 */
export function ewmaChart(values: readonly number[], options: EwmaOptions): Chart {
  const { lambda, target, sd, width = 3, limits = 'exact' } = options;
  requireFinite(values, 'EWMA 图');
  if (!(lambda > 0 && lambda <= 1 && sd >= 0 && width > 0)) {
    throw scoringError('BAD_OPTION', 'EWMA 图', '参数越界', 'lambda 须在 0 到 1 之间，标准差不小于 0，倍数大于 0');
  }
  let z = target;
  const points = values.map((value, i) => {
    z = lambda * value + (1 - lambda) * z;
    const settled = limits === 'exact' ? 1 - (1 - lambda) ** (2 * (i + 1)) : 1;
    const half = width * sd * Math.sqrt((lambda / (2 - lambda)) * settled);
    return point(z, target - half, target + half);
  });
  return { centre: target, points };
}

export interface CusumOptions {
  target: number;
  /** Slack: half the shift worth finding, in the unit of the values. */
  slack: number;
  /** A sum above this is a signal. */
  threshold: number;
}

export interface CusumPoint {
  readonly high: number;
  readonly low: number;
  readonly signal: 'high' | 'low' | 'both' | null;
}

/** Tabular CUSUM: high = max(0, high' + x - T - k), low = max(0, low' + T - k - x). @throws ScoringError NON_FINITE, BAD_OPTION */
export function cusumChart(values: readonly number[], { target, slack, threshold }: CusumOptions): CusumPoint[] {
  requireFinite(values, 'CUSUM 图');
  if (!(slack >= 0 && threshold > 0)) {
    throw scoringError('BAD_OPTION', 'CUSUM 图', '参数越界', '松弛量须不小于 0，门槛须大于 0');
  }
  let high = 0;
  let low = 0;
  return values.map((value) => {
    high = Math.max(0, high + value - target - slack);
    low = Math.max(0, low + target - slack - value);
    const [up, down] = [high > threshold, low > threshold];
    return { high, low, signal: up && down ? 'both' : up ? 'high' : down ? 'low' : null };
  });
}

/** Mean range of two normal values, in standard deviations (d2 for n = 2). */
const D2 = 2 / Math.sqrt(Math.PI);
/** Standard deviation of that range (d3 for n = 2). */
const D3 = Math.sqrt(2 - 4 / Math.PI);

/**
 * Individuals and moving-range charts: mean +- 3 MR/d2; MR (1 + 3 d3/d2), lower limit 0.
 * @throws ScoringError TOO_FEW_POINTS (below two values), NON_FINITE
 */
export function individualsChart(values: readonly number[]): { individuals: Chart; ranges: Chart } {
  requireFinite(values, '单值移动极差图');
  if (values.length < 2) throw scoringError('TOO_FEW_POINTS', '单值移动极差图', '少于两个值', '请积累更多时期');
  const ranges = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  const centre = average(values);
  const range = average(ranges);
  const half = (3 * range) / D2;
  return {
    individuals: { centre, points: values.map((value) => point(value, centre - half, centre + half)) },
    ranges: { centre: range, points: ranges.map((value) => point(value, 0, range * (1 + (3 * D3) / D2))) },
  };
}

/** Proportions: p +- 3 sqrt(p (1 - p)/n), kept inside [0, 1]. `sizes` by sample. @throws ScoringError BAD_OPTION, LENGTH_MISMATCH */
export function pChart(counts: readonly number[], sizes: readonly number[]): Chart {
  const centre = pooled(counts, sizes, 'p 图');
  counts.forEach((count, i) => {
    if (count <= sizes[i]!) return;
    throw scoringError('BAD_OPTION', `p 图第 ${i + 1} 个样本`, `计数 ${count} 大于样本量 ${sizes[i]}`, '请核对数据');
  });
  const points = counts.map((count, i) => {
    const half = 3 * Math.sqrt((centre * (1 - centre)) / sizes[i]!);
    return point(count / sizes[i]!, Math.max(0, centre - half), Math.min(1, centre + half));
  });
  return { centre, points };
}

/** Counts over equal exposure: c +- 3 sqrt(c), lower limit at least 0. @throws ScoringError BAD_OPTION */
export function cChart(counts: readonly number[]): Chart {
  return uChart(
    counts,
    counts.map(() => 1),
  );
}

/** Counts per unit of exposure: u +- 3 sqrt(u/n), lower limit at least 0. @throws ScoringError BAD_OPTION, LENGTH_MISMATCH */
export function uChart(counts: readonly number[], exposures: readonly number[]): Chart {
  const centre = pooled(counts, exposures, 'u 图');
  const points = counts.map((count, i) => {
    const half = 3 * Math.sqrt(centre / exposures[i]!);
    return point(count / exposures[i]!, Math.max(0, centre - half), centre + half);
  });
  return { centre, points };
}

function point(value: number, lower: number, upper: number): ChartPoint {
  return { value, lower, upper, signal: value < lower || value > upper };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function pooled(counts: readonly number[], sizes: readonly number[], place: string): number {
  requireSameLength(counts, sizes, place);
  if (counts.length === 0) throw scoringError('TOO_FEW_POINTS', place, '没有样本', '请给出至少一个样本');
  counts.forEach((count, i) => {
    if (count >= 0 && Number.isFinite(count) && sizes[i]! > 0 && Number.isFinite(sizes[i]!)) return;
    throw scoringError(
      'BAD_OPTION',
      `${place}第 ${i + 1} 个样本`,
      `计数 ${count}、样本量 ${sizes[i]} 不对`,
      '计数须不小于 0，样本量须大于 0',
    );
  });
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  return total(counts) / total(sizes);
}
