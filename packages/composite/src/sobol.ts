import type { Cell } from './columns.js';
import { scoringError } from './errors.js';
import { seededRandom } from './random.js';
import { quantile7 } from './stats.js';
import { requireDraws } from './uncertainty.js';

export interface SobolOptions {
  /** Number of uncertain inputs. */
  dimension: number;
  /** Size of each block; the model runs `samples * (dimension + 2)` times. */
  samples: number;
  seed: number;
  /** Output for inputs over [0, 1) (map a choice with `choose`); null when the run failed. */
  model: (inputs: readonly number[]) => Cell;
  /** Resamples for the 5 % and 95 % bounds. */
  bootstrap?: number;
}

export interface SobolIndex {
  /** Share of the output's variance the input explains alone. */
  readonly first: number;
  /** Share it explains together with all its interactions. */
  readonly total: number;
  readonly firstBounds: readonly [number, number] | null;
  readonly totalBounds: readonly [number, number] | null;
}

export interface SobolResult {
  readonly indices: readonly SobolIndex[];
  readonly mean: number;
  readonly variance: number;
  /** Rows left out because one of their runs failed. */
  readonly failed: number;
}

interface Rows {
  a: number[];
  b: number[];
  /** By input: A with that column from B. */
  ab: number[][];
}

/**
 * Variance-based sensitivity by Saltelli's design: S = mean(y_B (y_AB - y_A))/V, ST = sum (y_A - y_AB)^2/(2 N V), V the
 * variance (n-1) of y_A and y_B together. y_B is centred first, which leaves the expectation and takes most of the
 * noise out of small samples.
 * @throws ScoringError BAD_OPTION (samples, dimension), TOO_FEW_POINTS (below two whole rows), CONSTANT_COLUMN
 * (the output does not vary)
 */
export function sobolIndices({ dimension, samples, seed, model, bootstrap = 0 }: SobolOptions): SobolResult {
  requireDraws(samples);
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw scoringError('BAD_OPTION', '敏感度，dimension', `${dimension} 不是正整数`, '请写出不确定输入的个数');
  }
  const random = seededRandom(seed);
  const point = (): number[] => Array.from({ length: dimension }, random);
  const rows: Rows = { a: [], b: [], ab: Array.from({ length: dimension }, () => []) };
  for (let s = 0; s < samples; s++) {
    const a = point();
    const b = point();
    const mixed = a.map((_, i) => model(a.map((value, j) => (i === j ? b[j]! : value))));
    const [yA, yB] = [model(a), model(b)];
    if (yA === null || yB === null || mixed.some((y) => y === null)) continue;
    rows.a.push(yA);
    rows.b.push(yB);
    mixed.forEach((y, i) => {
      rows.ab[i]!.push(y!);
    });
  }
  const kept = rows.a.length;
  if (kept < 2) throw scoringError('TOO_FEW_POINTS', '敏感度', `只有 ${kept} 组运行成功`, '请核对模型，或增加抽样');
  const every = rows.a.map((_, s) => s);
  const { mean, variance } = moments(rows, every);
  if (!(variance > 0))
    throw scoringError('CONSTANT_COLUMN', '敏感度', '输出没有变化，分不出来源', '请核对输入是否起作用');
  const nominal = estimate(rows, every)!;
  const resampled = Array.from({ length: bootstrap }, () =>
    estimate(
      rows,
      every.map(() => Math.floor(random() * kept)),
    ),
  ).filter((set) => set !== null);
  const bounds = (pick: (set: Estimates) => number): readonly [number, number] | null => {
    if (resampled.length === 0) return null;
    const values = resampled.map(pick);
    return [quantile7(values, 0.05)!, quantile7(values, 0.95)!];
  };
  return {
    indices: nominal.first.map((first, i) => ({
      first,
      total: nominal.total[i]!,
      firstBounds: bounds((set) => set.first[i]!),
      totalBounds: bounds((set) => set.total[i]!),
    })),
    mean,
    variance,
    failed: samples - kept,
  };
}

interface Estimates {
  first: number[];
  total: number[];
}

function moments({ a, b }: Rows, picked: readonly number[]): { mean: number; variance: number } {
  const values = picked.flatMap((s) => [a[s]!, b[s]!]);
  const mean = values.reduce((sum, y) => sum + y, 0) / values.length;
  const variance = values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance };
}

function estimate(rows: Rows, picked: readonly number[]): Estimates | null {
  const { mean, variance } = moments(rows, picked);
  if (!(variance > 0)) return null;
  const average = (term: (s: number) => number): number => picked.reduce((sum, s) => sum + term(s), 0) / picked.length;
  const { a, b, ab } = rows;
  return {
    first: ab.map((y) => average((s) => (b[s]! - mean) * (y[s]! - a[s]!)) / variance),
    total: ab.map((y) => average((s) => (a[s]! - y[s]!) ** 2) / (2 * variance)),
  };
}
