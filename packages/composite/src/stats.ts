import {
  mean as meanOf,
  median as medianOf,
  sampleKurtosis,
  sampleSkewness,
  sampleStandardDeviation,
} from 'simple-statistics';
import { type Cell, type Column, isConstant, present } from './columns.js';
import { scoringError } from './errors.js';

/** Mean of the values present; null when there are none. */
export function mean(column: Column): Cell {
  const values = present(column);
  return values.length === 0 ? null : meanOf(values);
}

/** Median of the values present; null when there are none. */
export function median(column: Column): Cell {
  const values = present(column);
  return values.length === 0 ? null : medianOf(values);
}

/** Standard deviation with n-1 of the values present; null below two values. */
export function sampleSd(column: Column): Cell {
  const values = present(column);
  return values.length < 2 ? null : sampleStandardDeviation(values);
}

/** Skewness of type 2 (as Excel SKEW) of the values present; null below three values or on a constant column. */
export function skewness(column: Column): Cell {
  const values = present(column);
  return values.length < 3 || isConstant(values) ? null : sampleSkewness(values);
}

/** Excess kurtosis of type 2 (as Excel KURT) of the values present; null below four values or on a constant column. */
export function kurtosis(column: Column): Cell {
  const values = present(column);
  return values.length < 4 || isConstant(values) ? null : sampleKurtosis(values);
}

/**
 * Quantile of type 7 (linear between order statistics, the default of R and spreadsheets) of the values present.
 * @throws ScoringError BAD_OPTION when `share` is outside [0, 1]
 */
export function quantile7(column: Column, share: number): Cell {
  if (!(share >= 0 && share <= 1)) {
    throw scoringError('BAD_OPTION', '分位数', `份额 ${share} 不在 0 到 1 之间`, '请改为 0 到 1 之间的数');
  }
  const values = present(column).sort((a, b) => a - b);
  if (values.length === 0) return null;
  const at = (values.length - 1) * share;
  const low = values[Math.floor(at)]!;
  const high = values[Math.ceil(at)]!;
  return low + (at - Math.floor(at)) * (high - low);
}
