import { requireWeights } from './aggregate.js';
import { type Column, completeRows, requireFinite, requireSameLength } from './columns.js';
import { scoringError } from './errors.js';

/**
 * TOPSIS closeness to the ideal unit, in [0, 1]: columns divided by their Euclidean length, weighted, distance to the
 * worst over the sum of the distances to the best and the worst.
 * @throws ScoringError TOO_FEW_POINTS (a missing value or no unit), ZERO_WEIGHT_SUM, CONSTANT_COLUMN (all units equal, or
 * a column of zeros), NEGATIVE_WEIGHT, NON_FINITE, LENGTH_MISMATCH
 */
export function topsis(
  columns: readonly Column[],
  weights: readonly number[],
  { directions = columns.map(() => 1 as const) }: { directions?: readonly (1 | -1)[] } = {},
): number[] {
  const place = 'TOPSIS';
  requireSameLength(columns, weights, place);
  requireSameLength(columns, directions, place);
  requireWeights(weights, place);
  for (const column of columns) requireFinite(column, place);
  const { columns: complete, rows } = completeRows(columns);
  const n = columns[0]?.length ?? 0;
  if (n === 0 || rows.length < n) throw scoringError('TOO_FEW_POINTS', place, '没有数据或有缺数', '请先补数或筛选');
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) throw scoringError('ZERO_WEIGHT_SUM', place, '权重全是 0', '请至少给一列正的权重');
  const scaled = complete.map((column, k) => {
    const length = Math.hypot(...column);
    if (length === 0) throw scoringError('CONSTANT_COLUMN', `${place}第 ${k + 1} 列`, '全是 0', '请去掉这一列');
    return column.map((value) => (directions[k]! * value * weights[k]!) / (length * total));
  });
  const distance = (pick: (values: number[]) => number): number[] => {
    const ideal = scaled.map(pick);
    return rows.map((_, i) => Math.hypot(...scaled.map((column, k) => column[i]! - ideal[k]!)));
  };
  const toBest = distance((values) => Math.max(...values));
  const toWorst = distance((values) => Math.min(...values));
  return toBest.map((best, i) => {
    const worst = toWorst[i]!;
    if (best + worst > 0) return worst / (best + worst);
    throw scoringError('CONSTANT_COLUMN', place, '所有单元都相同，分不出远近', '请核对数据');
  });
}
