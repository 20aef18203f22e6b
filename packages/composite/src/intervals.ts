import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import gammaQuantile from '@stdlib/stats-base-dists-gamma-quantile';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { scoringError } from './errors.js';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Exact (Garwood) interval of a Poisson rate: `count` events over `exposure`.
 * @throws ScoringError BAD_OPTION (count not a whole number >= 0, exposure not above 0, level outside (0, 1))
 */
export function poissonInterval(
  count: number,
  { exposure = 1, level = 0.95 }: { exposure?: number; level?: number } = {},
): Interval {
  const tail = tailOf(level);
  requireCount(count, '泊松区间');
  if (!(exposure > 0 && Number.isFinite(exposure))) {
    throw scoringError('BAD_OPTION', '泊松区间', `人时 ${exposure} 不是正数`, '请核对分母');
  }
  const lower = count === 0 ? 0 : gammaQuantile(tail, count, 1);
  return { lower: lower / exposure, upper: gammaQuantile(1 - tail, count + 1, 1) / exposure };
}

/** Wilson interval of a proportion, no continuity correction. @throws ScoringError BAD_OPTION */
export function wilsonInterval(count: number, size: number, { level = 0.95 }: { level?: number } = {}): Interval {
  const z = normalQuantile(1 - tailOf(level), 0, 1);
  requireProportion(count, size, 'Wilson 区间');
  const p = count / size;
  const spread = (z * z) / size;
  const centre = (p + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((p * (1 - p)) / size + spread / (4 * size));
  return { lower: count === 0 ? 0 : centre - half, upper: count === size ? 1 : centre + half };
}

/** Exact (Clopper-Pearson) interval of a proportion. @throws ScoringError BAD_OPTION */
export function clopperPearsonInterval(
  count: number,
  size: number,
  { level = 0.95 }: { level?: number } = {},
): Interval {
  const tail = tailOf(level);
  requireProportion(count, size, 'Clopper-Pearson 区间');
  return {
    lower: count === 0 ? 0 : betaQuantile(tail, count, size - count + 1),
    upper: count === size ? 1 : betaQuantile(1 - tail, count + 1, size - count),
  };
}

function tailOf(level: number): number {
  if (level > 0 && level < 1) return (1 - level) / 2;
  throw scoringError('BAD_OPTION', '置信水平', `${level} 不在 0 到 1 之间`, '例如 95% 写 0.95');
}

function requireCount(count: number, place: string): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw scoringError('BAD_OPTION', place, `计数 ${count} 不是不小于 0 的整数`, '请核对计数');
}

function requireProportion(count: number, size: number, place: string): void {
  requireCount(count, place);
  if (Number.isInteger(size) && size > 0 && count <= size) return;
  throw scoringError('BAD_OPTION', place, `总数 ${size} 不对`, '总数须是不小于计数的正整数');
}
