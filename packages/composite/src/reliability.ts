import { sampleCovariance } from 'simple-statistics';
import { type Cell, type Column, completeRows } from './columns.js';
import { scoringError } from './errors.js';

/**
 * Cronbach's alpha: k^2 c / sum(V), V the covariance matrix over pairwise complete rows, c its mean off-diagonal entry.
 * null when the covariances sum to 0.
 * @throws ScoringError TOO_FEW_POINTS (below two columns, or a pair with below two common rows)
 */
export function cronbachAlpha(columns: readonly Column[]): Cell {
  const k = columns.length;
  if (k < 2) throw scoringError('TOO_FEW_POINTS', '信度', '少于两列，没有内部一致性', '请至少给出两列');
  let all = 0;
  let between = 0;
  columns.forEach((a, i) => {
    columns.forEach((b, j) => {
      const [x, y] = completeRows([a, b]).columns as [number[], number[]];
      if (x.length < 2) {
        throw scoringError('TOO_FEW_POINTS', `信度第 ${i + 1} 列与第 ${j + 1} 列`, '共有的行少于两行', '请先补数');
      }
      const covariance = sampleCovariance(x, y);
      all += covariance;
      if (i !== j) between += covariance;
    });
  });
  return all === 0 ? null : (k * k * (between / (k * (k - 1)))) / all;
}
