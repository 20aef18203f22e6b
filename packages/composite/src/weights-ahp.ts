import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Cell } from './columns.js';
import { maxOf } from './columns.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';

/** Mean consistency index of random matrices, from n = 3. Tables in use differ: name the one you took. */
const RANDOM_INDEX = {
  saaty1980: [0.58, 0.9, 1.12, 1.24, 1.32, 1.41],
  saaty2005: [0.52, 0.89, 1.11, 1.25, 1.35, 1.4, 1.45, 1.49],
  donegan_dodd: [0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171],
} as const;

export type RandomIndexTable = keyof typeof RANDOM_INDEX;

export interface AhpOptions {
  /**
   * `eigenvector` (Saaty): lambda is the largest eigenvalue. The other two take the mean of (A w)/w as lambda, which
   * gives another consistency index.
   */
  method?: 'eigenvector' | 'column_mean' | 'geometric_mean';
  randomIndex?: RandomIndexTable;
}

export interface AhpResult {
  readonly weights: readonly number[];
  readonly lambda: number;
  /** (lambda - n)/(n - 1). */
  readonly consistencyIndex: number;
  /** Index over the random index; null where the table has no entry for n. Above 0.1 carries a warning. */
  readonly consistencyRatio: Cell;
  readonly warnings: readonly ScoringWarning[];
}

/**
 * Weights from a reciprocal matrix of pairwise judgements (entry i, j: how many times i matters as much as j).
 * @throws ScoringError NOT_RECIPROCAL (not square, not positive, or a_ij a_ji differs from 1 by more than 1e-6)
 */
export function ahpWeights(matrix: readonly (readonly number[])[], options: AhpOptions = {}): AhpResult {
  const { method = 'eigenvector', randomIndex = 'saaty1980' } = options;
  requireReciprocal(matrix);
  const n = matrix.length;
  const { weights, lambda } = method === 'eigenvector' ? principal(matrix) : averaged(matrix, method);
  // Below n = 3 every reciprocal matrix is consistent.
  const consistencyIndex = n < 3 ? 0 : (lambda - n) / (n - 1);
  const index = RANDOM_INDEX[randomIndex][n - 3];
  const consistencyRatio = n < 3 ? 0 : index === undefined ? null : consistencyIndex / index;
  const warnings: ScoringWarning[] = [];
  if (consistencyRatio === null) {
    warnings.push(
      scoringWarning(
        'RANDOM_INDEX_UNKNOWN',
        '层次分析',
        `${randomIndex} 没有 n = ${n} 的随机指数，一致性比率未算`,
        '请换一张表，或拆小矩阵',
      ),
    );
  } else if (consistencyRatio > 0.1) {
    const shown = consistencyRatio.toFixed(3);
    warnings.push(
      scoringWarning('INCONSISTENT_JUDGEMENTS', '层次分析', `一致性比率 ${shown} 大于 0.1`, '请重新比较各项'),
    );
  }
  return { weights, lambda, consistencyIndex, consistencyRatio, warnings };
}

function requireReciprocal(matrix: readonly (readonly number[])[]): void {
  const n = matrix.length;
  matrix.forEach((row, i) => {
    const place = `判断矩阵第 ${i + 1} 行`;
    if (row.length !== n)
      throw scoringError('NOT_RECIPROCAL', place, `有 ${row.length} 个数，应有 ${n} 个`, '矩阵须是方阵');
    row.forEach((value, j) => {
      if (!(value > 0 && Number.isFinite(value))) {
        throw scoringError('NOT_RECIPROCAL', `${place}第 ${j + 1} 列`, `${value} 不是正数`, '请填 1/9 到 9 的判断');
      }
      if (j < i && Math.abs(value * matrix[j]![i]! - 1) > 1e-6) {
        throw scoringError('NOT_RECIPROCAL', `${place}第 ${j + 1} 列`, '与对称位置不互为倒数', '请改成对称位置的倒数');
      }
      if (j === i && value !== 1) {
        throw scoringError('NOT_RECIPROCAL', `${place}第 ${j + 1} 列`, '对角线不是 1', '自己与自己比较须是 1');
      }
    });
  });
  if (n === 0) throw scoringError('NOT_RECIPROCAL', '判断矩阵', '是空的', '请给出至少一项');
}

function principal(matrix: readonly (readonly number[])[]): { weights: number[]; lambda: number } {
  const solved = new EigenvalueDecomposition(new Matrix(matrix.map((row) => [...row])));
  const lambda = maxOf(solved.realEigenvalues.filter((_, i) => Math.abs(solved.imaginaryEigenvalues[i]!) < 1e-9));
  const vector = solved.eigenvectorMatrix.getColumn(solved.realEigenvalues.indexOf(lambda));
  return { weights: toShares(vector), lambda };
}

function averaged(
  matrix: readonly (readonly number[])[],
  method: 'column_mean' | 'geometric_mean',
): { weights: number[]; lambda: number } {
  const n = matrix.length;
  const columnSums = matrix.map((_, j) => matrix.reduce((sum, row) => sum + row[j]!, 0));
  const raw = matrix.map((row) =>
    method === 'column_mean'
      ? row.reduce((sum, value, j) => sum + value / columnSums[j]!, 0)
      : Math.exp(row.reduce((sum, value) => sum + Math.log(value), 0) / n),
  );
  const weights = toShares(raw);
  const ratios = matrix.map((row, i) => row.reduce((sum, value, j) => sum + value * weights[j]!, 0) / weights[i]!);
  return { weights, lambda: ratios.reduce((sum, ratio) => sum + ratio, 0) / n };
}

function toShares(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}
