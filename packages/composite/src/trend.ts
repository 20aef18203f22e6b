import { type Column, requireFinite, requireSameLength } from './columns.js';
import { scoringError } from './errors.js';

/**
 * Compound growth per unit of time between the first and the last value present: (last/first)^(1/dt) - 1; 0 when equal.
 * @throws ScoringError TOO_FEW_POINTS, GROWTH_UNDEFINED (start at zero, or a change of sign), LENGTH_MISMATCH, NON_FINITE
 */
export function compoundGrowth(times: readonly number[], values: Column): number {
  const points = ordered(times, values);
  const [first, last] = [points[0]!, points.at(-1)!];
  if (first.value === last.value) return 0;
  const ratio = last.value / first.value;
  if (!(ratio >= 0 && Number.isFinite(ratio))) {
    throw scoringError(
      'GROWTH_UNDEFINED',
      '年均增速',
      `从 ${first.value} 到 ${last.value} 没有复合增速`,
      '请改看差值，或改用百分比变化',
    );
  }
  return ratio ** (1 / (last.time - first.time)) - 1;
}

/**
 * Change in percent of the start per unit of time. With three or more values present the slope of the least-squares line
 * over its value at the first time, with two the plain change.
 * @throws ScoringError TOO_FEW_POINTS, GROWTH_UNDEFINED (the start is zero), LENGTH_MISMATCH, NON_FINITE
 */
export function percentChange(times: readonly number[], values: Column): number {
  const points = ordered(times, values);
  const n = points.length;
  const timeMean = points.reduce((sum, { time }) => sum + time, 0) / n;
  const valueMean = points.reduce((sum, { value }) => sum + value, 0) / n;
  const slope =
    points.reduce((sum, { time, value }) => sum + (time - timeMean) * (value - valueMean), 0) /
    points.reduce((sum, { time }) => sum + (time - timeMean) ** 2, 0);
  if (slope === 0) return 0;
  const start = valueMean + slope * (points[0]!.time - timeMean);
  if (start === 0) {
    throw scoringError('GROWTH_UNDEFINED', '百分比变化', '起点是 0，没有百分比', '请改看差值');
  }
  return (slope / start) * 100;
}

/** The last `count` observations up to the latest value present. */
export function latestPoints(
  times: readonly number[],
  values: Column,
  count: number,
): { times: number[]; values: Column } {
  requireSameLength(times, values, '最近几期');
  const end = values.findLastIndex((value) => value !== null) + 1;
  const start = Math.max(0, end - count);
  return { times: times.slice(start, end), values: values.slice(start, end) };
}

function ordered(times: readonly number[], values: Column): { time: number; value: number }[] {
  requireSameLength(times, values, '趋势');
  requireFinite(times, '趋势的时期');
  requireFinite(values, '趋势');
  const points = times
    .flatMap((time, i) => (values[i] === null ? [] : [{ time, value: values[i]! }]))
    .sort((a, b) => a.time - b.time);
  if (points.length < 2) throw scoringError('TOO_FEW_POINTS', '趋势', '有值的时期少于两个', '请补数');
  if (points.some((point, i) => i > 0 && point.time === points[i - 1]!.time)) {
    throw scoringError('BAD_OPTION', '趋势的时期', '时期有重复', '每个时期只写一个值');
  }
  return points;
}
