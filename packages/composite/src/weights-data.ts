import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type Column, completeRows, isConstant, maxOf, minOf, requireFinite } from './columns.js';
import { type CorrelationKind, correlation } from './correlation.js';
import { scoringError } from './errors.js';
import { sampleSd } from './stats.js';

export interface PrincipalComponent {
  /** Unit eigenvector of the correlation matrix, turned so that its entries sum to at least 0; may hold negatives. */
  readonly loadings: readonly number[];
  readonly eigenvalues: readonly number[];
  /** Share of the total variance the first component explains. */
  readonly explained: number;
  /** Rows without a missing value, the ones used. */
  readonly rows: number;
}

/**
 * First principal component of the correlation matrix of the columns, over complete rows.
 * @throws ScoringError TOO_FEW_POINTS (below three complete rows), CONSTANT_COLUMN
 */
export function principalComponent(columns: readonly Column[]): PrincipalComponent {
  const complete = completeMatrix(columns, '主成分');
  const rows = complete[0]!.length;
  const matrix = complete.map((a, i) => complete.map((b, j) => (i === j ? 1 : correlation(a, b)!)));
  const solved = new EigenvalueDecomposition(new Matrix(matrix), { assumeSymmetric: true });
  const order = solved.realEigenvalues
    .map((_, i) => i)
    .sort((a, b) => solved.realEigenvalues[b]! - solved.realEigenvalues[a]!);
  const vector = solved.eigenvectorMatrix.getColumn(order[0]!);
  const total = vector.reduce((sum, entry) => sum + entry, 0);
  const sign = total < 0 ? -1 : 1;
  const eigenvalues = order.map((i) => solved.realEigenvalues[i]!);
  return {
    loadings: vector.map((entry) => sign * entry),
    eigenvalues,
    explained: eigenvalues[0]! / columns.length,
    rows,
  };
}

/** Shares of the squared loadings of the first component; sum to 1, never negative. Errors as `principalComponent`. */
export function factorWeights(columns: readonly Column[]): number[] {
  const { loadings } = principalComponent(columns);
  return shares(loadings.map((loading) => loading * loading));
}

/**
 * Entropy weights: p = x / sum, e = -sum p ln p / ln n, w = (1 - e)/sum(1 - e); over complete rows.
 * @throws ScoringError NEGATIVE_VALUE, ZERO_WEIGHT_SUM (a column of zeros, or nothing varies), TOO_FEW_POINTS
 */
export function entropyWeights(columns: readonly Column[]): { weights: number[]; entropy: number[] } {
  const complete = completeMatrix(columns, '熵权', { varying: false });
  const entropy = complete.map((column, k) => {
    const total = column.reduce((sum, value) => sum + value, 0);
    if (minOf(column) < 0) {
      throw scoringError('NEGATIVE_VALUE', `熵权第 ${k + 1} 列`, '有负数，份额没有意义', '请先归一化到不小于 0 的数');
    }
    if (total === 0) throw scoringError('ZERO_WEIGHT_SUM', `熵权第 ${k + 1} 列`, '全是 0', '请去掉这一列');
    const sum = column.reduce((acc, value) => {
      const p = value / total;
      return p === 0 ? acc : acc + p * Math.log(p);
    }, 0);
    return Math.min(1, -sum / Math.log(column.length));
  });
  const diversity = entropy.map((e) => 1 - e);
  if (diversity.reduce((sum, d) => sum + d, 0) <= 1e-14) {
    throw scoringError('ZERO_WEIGHT_SUM', '熵权', '各列都没有差异', '请核对数据，或改用等权');
  }
  return { weights: shares(diversity), entropy };
}

interface CriticOptions {
  /** `minmax`: columns scaled to [0, 1] first; `none`: as they come. */
  scale?: 'minmax' | 'none';
  kind?: CorrelationKind;
}

/**
 * CRITIC weights: C = sd * sum over the others of (1 - correlation), w = C / sum C; over complete rows.
 * @throws ScoringError CONSTANT_COLUMN, TOO_FEW_POINTS, ZERO_WEIGHT_SUM (all columns carry the same information)
 */
export function criticWeights(
  columns: readonly Column[],
  { scale = 'minmax', kind = 'pearson' }: CriticOptions = {},
): number[] {
  const complete = completeMatrix(columns, 'CRITIC 权重').map((column) => {
    const low = minOf(column);
    const range = maxOf(column) - low;
    return scale === 'minmax' ? column.map((value) => (value - low) / range) : column;
  });
  const information = complete.map((a, i) => {
    const conflict = complete.reduce((sum, b, j) => (i === j ? sum : sum + 1 - correlation(a, b, { kind })!), 0);
    return sampleSd(a)! * conflict;
  });
  if (information.reduce((sum, c) => sum + c, 0) <= 1e-14) {
    throw scoringError('ZERO_WEIGHT_SUM', 'CRITIC 权重', '各列完全相关，分不出权重', '请改用等权');
  }
  return shares(information);
}

function completeMatrix(columns: readonly Column[], place: string, { varying = true } = {}): number[][] {
  columns.forEach((column, k) => {
    requireFinite(column, `${place}第 ${k + 1} 列`);
  });
  const { columns: complete, rows } = completeRows(columns);
  if (rows.length < 3 || columns.length === 0) {
    throw scoringError('TOO_FEW_POINTS', place, `没有缺数的行只有 ${rows.length} 行`, '至少要 3 行，请先补数');
  }
  complete.forEach((column, k) => {
    if (!varying || !isConstant(column)) return;
    throw scoringError('CONSTANT_COLUMN', `${place}第 ${k + 1} 列`, '所有值都相同', '请去掉这一列');
  });
  return complete;
}

function shares(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}
