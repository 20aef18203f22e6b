import { requireSameLength } from './columns.js';
import { scoringError } from './errors.js';

export interface EmpiricalBayes {
  readonly raw: readonly number[];
  readonly estimates: readonly number[];
  /** Between-area variance (Marshall's A); 0 shrinks every area to the mean. */
  readonly variance: number;
  readonly mean: number;
}

/**
 * Marshall's global empirical Bayes rates: r = n/x, m = sum n/sum x, s2 = sum x (r - m)^2/sum x,
 * a = max(0, s2 - m/mean x), estimate m + (r - m) a/(a + m/x).
 * @throws ScoringError BAD_OPTION (negative count, population not above 0), LENGTH_MISMATCH, TOO_FEW_POINTS
 */
export function marshallGlobal(counts: readonly number[], populations: readonly number[]): EmpiricalBayes {
  const raw = rates(counts, populations);
  const { mean, spread, size } = pooled(raw, populations);
  const variance = Math.max(0, spread - mean / size);
  return { raw, estimates: raw.map((r, i) => shrink(r, mean, variance, mean / populations[i]!)), variance, mean };
}

/**
 * Binomial empirical Bayes for common events: g = sum n/sum x, f = (mean x s2 - g (1 - g))/(mean x - 1) kept at 0 or
 * above, estimate g + (p - g) f/(f + (g (1 - g) - f)/x).
 * @throws ScoringError as `marshallGlobal`; BAD_OPTION too for a count above its population or a mean population <= 1
 */
export function binomialBayes(counts: readonly number[], populations: readonly number[]): EmpiricalBayes {
  const raw = rates(counts, populations);
  counts.forEach((count, i) => {
    if (count <= populations[i]!) return;
    throw scoringError(
      'BAD_OPTION',
      `经验贝叶斯第 ${i + 1} 个单元`,
      `计数 ${count} 大于人口 ${populations[i]}`,
      '请核对数据',
    );
  });
  const { mean, spread, size } = pooled(raw, populations);
  if (size <= 1) throw scoringError('BAD_OPTION', '经验贝叶斯', '平均人口不大于 1', '请核对人口');
  const variance = Math.max(0, (size * spread - mean * (1 - mean)) / (size - 1));
  const estimates = raw.map((p, i) => shrink(p, mean, variance, (mean * (1 - mean) - variance) / populations[i]!));
  return { raw, estimates, variance, mean };
}

/**
 * Marshall's rates shrunk towards the mean of a neighbourhood (neighbours, by index, and the unit itself).
 * `spread`: the variance inside it measured around each member's own local mean, or around the unit's.
 * @throws ScoringError as `marshallGlobal`; BAD_OPTION for a neighbour that does not exist
 */
export function marshallLocal(
  counts: readonly number[],
  populations: readonly number[],
  neighbours: readonly (readonly number[])[],
  { spread = 'own_means' }: { spread?: 'own_means' | 'unit_mean' } = {},
): { raw: number[]; estimates: number[] } {
  const raw = rates(counts, populations);
  requireSameLength(counts, neighbours, '局部经验贝叶斯');
  const areas = neighbours.map((list, i) => {
    for (const j of list) {
      if (j in counts && j !== i) continue;
      throw scoringError(
        'BAD_OPTION',
        `局部经验贝叶斯第 ${i + 1} 个单元`,
        `邻居序号 ${j} 不对`,
        '序号从 0 起，不含自己',
      );
    }
    return [...list, i];
  });
  const sum = (area: readonly number[], term: (j: number) => number): number =>
    area.reduce((total, j) => total + term(j), 0);
  const people = areas.map((area) => sum(area, (j) => populations[j]!));
  const means = areas.map((area, i) => sum(area, (j) => counts[j]!) / people[i]!);
  const estimates = areas.map((area, i) => {
    const around = (j: number): number => (spread === 'own_means' ? means[j]! : means[i]!);
    const s2 = sum(area, (j) => populations[j]! * (raw[j]! - around(j)) ** 2) / people[i]!;
    const variance = Math.max(0, s2 - means[i]! / (people[i]! / area.length));
    return shrink(raw[i]!, means[i]!, variance, means[i]! / populations[i]!);
  });
  return { raw, estimates };
}

function shrink(rate: number, mean: number, variance: number, noise: number): number {
  return variance === 0 ? mean : mean + ((rate - mean) * variance) / (variance + noise);
}

function rates(counts: readonly number[], populations: readonly number[]): number[] {
  requireSameLength(counts, populations, '经验贝叶斯');
  if (counts.length === 0) throw scoringError('TOO_FEW_POINTS', '经验贝叶斯', '没有单元', '请给出至少一个单元');
  return counts.map((count, i) => {
    const population = populations[i]!;
    if (count >= 0 && Number.isFinite(count) && population > 0 && Number.isFinite(population))
      return count / population;
    throw scoringError(
      'BAD_OPTION',
      `经验贝叶斯第 ${i + 1} 个单元`,
      `计数 ${count}、人口 ${population} 不对`,
      '计数须不小于 0，人口须大于 0',
    );
  });
}

function pooled(
  raw: readonly number[],
  populations: readonly number[],
): { mean: number; spread: number; size: number } {
  const total = populations.reduce((sum, x) => sum + x, 0);
  const mean = raw.reduce((sum, r, i) => sum + r * populations[i]!, 0) / total;
  const spread = raw.reduce((sum, r, i) => sum + populations[i]! * (r - mean) ** 2, 0) / total;
  return { mean, spread, size: total / raw.length };
}
