import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import poissonCdf from '@stdlib/stats-base-dists-poisson-cdf';
import { requireSameLength } from './columns.js';
import { scoringError } from './errors.js';
import type { Interval } from './intervals.js';
import { quantile7 } from './stats.js';

/**
 * Funnel limits of an observed/expected ratio around `target`: the Poisson quantile of mean target * expected,
 * interpolated between whole counts, over expected (Spiegelhalter 2005).
 * @throws ScoringError BAD_OPTION
 */
export function poissonFunnel(
  expected: number,
  { target = 1, level = 0.95 }: { target?: number; level?: number } = {},
): Interval {
  requirePositive(expected, '期望数');
  requirePositive(target, '目标');
  const tail = tailOf(level);
  const mean = target * expected;
  return {
    lower: interpolatedQuantile(tail, mean) / expected,
    upper: interpolatedQuantile(1 - tail, mean) / expected,
  };
}

export interface Overdispersion {
  /** Mean square of the Winsorised z values; about 1 when Poisson noise explains the spread. */
  readonly phi: number;
  /** Variance between units on the square-root scale. */
  readonly tau2: number;
  readonly z: readonly number[];
}

/**
 * Overdispersion of observed against expected counts on the square-root scale: z = 2 (sqrt O - sqrt E), its tails beyond
 * the `winsorise` and 1 - `winsorise` quantiles pulled in; tau2 by DerSimonian and Laird, at least 0.
 * @throws ScoringError BAD_OPTION, LENGTH_MISMATCH, TOO_FEW_POINTS (below two units)
 */
export function overdispersion(
  observed: readonly number[],
  expected: readonly number[],
  { winsorise = 0.1 }: { winsorise?: number } = {},
): Overdispersion {
  requireSameLength(observed, expected, '过度离散');
  const k = observed.length;
  if (k < 2) throw scoringError('TOO_FEW_POINTS', '过度离散', '少于两个单元', '请给出更多单元');
  if (!(winsorise >= 0 && winsorise < 0.5)) {
    throw scoringError('BAD_OPTION', '过度离散，winsorise', `${winsorise} 不在 0 到 0.5 之间`, '例如两端各 10% 写 0.1');
  }
  for (const size of expected) requirePositive(size, '期望数');
  for (const count of observed) {
    if (!(count >= 0 && Number.isFinite(count))) {
      throw scoringError('BAD_OPTION', '过度离散', `观测数 ${count} 不对`, '观测数须不小于 0');
    }
  }
  const z = observed.map((count, i) => 2 * (Math.sqrt(count) - Math.sqrt(expected[i]!)));
  const low = quantile7(z, winsorise)!;
  const high = quantile7(z, 1 - winsorise)!;
  const phi = z.reduce((sum, value) => sum + Math.min(high, Math.max(low, value)) ** 2, 0) / k;
  const precision = expected.map((size) => 4 * size);
  const total = precision.reduce((sum, w) => sum + w, 0);
  const squares = precision.reduce((sum, w) => sum + w * w, 0);
  return { phi, tau2: Math.max(0, (k * phi - (k - 1)) / (total - squares / total)), z };
}

/**
 * Funnel limits widened by overdispersion: (sqrt target +- z sqrt(1/(4 E) + tau2))^2, the lower root at least 0.
 * @throws ScoringError BAD_OPTION
 */
export function overdispersedFunnel(
  expected: number,
  { tau2, target = 1, level = 0.95 }: { tau2: number; target?: number; level?: number },
): Interval {
  requirePositive(expected, '期望数');
  requirePositive(target, '目标');
  if (!(tau2 >= 0 && Number.isFinite(tau2))) {
    throw scoringError('BAD_OPTION', '漏斗图，tau2', `${tau2} 是负数`, '请用 overdispersion 的结果');
  }
  const half = normalQuantile(1 - tailOf(level), 0, 1) * Math.sqrt(1 / (4 * expected) + tau2);
  const centre = Math.sqrt(target);
  return { lower: Math.max(0, centre - half) ** 2, upper: (centre + half) ** 2 };
}

function interpolatedQuantile(p: number, mean: number): number {
  let count = Math.max(0, Math.floor(mean + normalQuantile(p, 0, 1) * Math.sqrt(mean)));
  while (poissonCdf(count, mean) < p) count++;
  while (count > 0 && poissonCdf(count - 1, mean) >= p) count--;
  const at = poissonCdf(count, mean);
  const below = count === 0 ? 0 : poissonCdf(count - 1, mean);
  return Math.max(0, count - (at - p) / (at - below));
}

function tailOf(level: number): number {
  if (level > 0 && level < 1) return (1 - level) / 2;
  throw scoringError('BAD_OPTION', '漏斗图，level', `${level} 不在 0 到 1 之间`, '例如 95% 写 0.95');
}

function requirePositive(value: number, place: string): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw scoringError('BAD_OPTION', `漏斗图，${place}`, `${value} 不是正数`, '请核对数据');
}
