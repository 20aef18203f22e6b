import { type Cell, type Column, requireFinite, requireSameLength } from './columns.js';
import { scoringError } from './errors.js';

export type PanelMethod = 'latest' | 'constant' | 'linear' | 'linear_constant';

export interface PanelImputed {
  readonly values: readonly Cell[];
  /** Period each value was observed in; null for interpolated and missing values. */
  readonly from: readonly Cell[];
}

/**
 * Fills the series of one unit and indicator, periods strictly ascending.
 * `latest`: the last earlier value, at most `maxTime` earlier; `constant`: last value forward, first value backward;
 * `linear`: linear between values, flat outside; `linear_constant`: as linear, constant when there is one value.
 * A series without any value stays missing.
 * @throws ScoringError BAD_OPTION (periods not ascending), TOO_FEW_POINTS (`linear` with one value), LENGTH_MISMATCH
 */
export function imputeSeries(
  times: readonly number[],
  values: Column,
  { method, maxTime = Number.MAX_VALUE }: { method: PanelMethod; maxTime?: number },
): PanelImputed {
  requireSameLength(times, values, '时间序列');
  requireFinite(values, '时间序列');
  for (let i = 1; i < times.length; i++) {
    if (times[i]! > times[i - 1]!) continue;
    throw scoringError('BAD_OPTION', `时间序列第 ${i + 1} 期`, '时期没有从早到晚排好，或有重复', '请先按时期排序');
  }
  const known = values.flatMap((value, i) => (value === null ? [] : [i]));
  if (method === 'linear' && known.length === 1) {
    throw scoringError('TOO_FEW_POINTS', '时间序列', '只有一个值，不能线性插值', '请改用 linear_constant 或 constant');
  }
  const filled = values.map((value, i) => {
    if (value !== null) return { value, from: times[i]! };
    const before = known.findLast((k) => k < i);
    const after = known.find((k) => k > i);
    return fill(times, values, { method, maxTime, at: i, before, after });
  });
  return { values: filled.map(({ value }) => value), from: filled.map(({ from }) => from) };
}

interface Gap {
  method: PanelMethod;
  maxTime: number;
  at: number;
  before: number | undefined;
  after: number | undefined;
}

function fill(times: readonly number[], values: Column, gap: Gap): { value: Cell; from: Cell } {
  const { method, maxTime, at, before, after } = gap;
  const copy = (i: number | undefined): { value: Cell; from: Cell } =>
    i === undefined ? { value: null, from: null } : { value: values[i]!, from: times[i]! };
  if (method === 'latest') {
    return copy(before !== undefined && times[at]! - times[before]! <= maxTime ? before : undefined);
  }
  if (method === 'constant' || before === undefined || after === undefined) return copy(before ?? after);
  const share = (times[at]! - times[before]!) / (times[after]! - times[before]!);
  return { value: values[before]! + share * (values[after]! - values[before]!), from: null };
}
