import { type Cell, type Column, requireFinite, requireSameLength } from './columns.js';

/**
 * Significant digits, counted from the largest value of a column, at which two computed scores count as equal. Values
 * that were never summed (data and their column-wise transforms) need no rounding: equal data give equal results.
 */
export const RANK_DIGITS = 12;

/**
 * Scores rounded so that noise of the last places cannot make or break a tie.
 * The unit of rounding is `10^-digits` of the power of ten above the largest absolute value.
 */
export function roundForTies(
  column: ArrayLike<number>,
  digits: number = RANK_DIGITS,
  into: Float64Array = new Float64Array(column.length),
): Float64Array {
  let largest = 0;
  for (let i = 0; i < column.length; i++) {
    const size = Math.abs(column[i]!);
    if (size > largest) largest = size;
  }
  const unit = largest === 0 ? 1 : Math.max(Number.MIN_VALUE, 10 ** (Math.ceil(Math.log10(largest)) - digits));
  for (let i = 0; i < column.length; i++) into[i] = Math.round(column[i]! / unit);
  return into;
}

export type TieRule = 'min' | 'average';

interface RankOptions {
  /** `min`: ties share the smallest rank (1, 1, 3); `average`: the mean of the ranks they cover. */
  ties?: TieRule;
  /** Digits at which two values count as equal (`RANK_DIGITS` for sums and means); exact comparison without it. */
  digits?: number;
}

/**
 * Ascending ranks, 1 = smallest; a missing value stays missing.
 * @throws ScoringError NON_FINITE
 */
export function rankAscending(column: Column, { ties = 'min', digits }: RankOptions = {}): Cell[] {
  requireFinite(column, '排名列');
  const at: number[] = [];
  const values: number[] = [];
  column.forEach((value, i) => {
    if (value === null) return;
    at.push(i);
    values.push(value);
  });
  const keys = digits === undefined ? Float64Array.from(values) : roundForTies(values, digits);
  const sorted = keys.slice().sort();
  const ranks: Cell[] = column.map(() => null);
  at.forEach((i, j) => {
    const first = countBelow(sorted, keys[j]!);
    const shared = ties === 'average' ? countUpTo(sorted, keys[j]!) - first : 1;
    ranks[i] = first + (shared + 1) / 2;
  });
  return ranks;
}

/** Descending ranks, 1 = highest, ties share the smallest number, missing stays missing. */
export function rankDescending(column: Column, options: RankOptions = {}): Cell[] {
  return rankAscending(
    column.map((value) => (value === null ? null : -value)),
    options,
  );
}

/** Descending ranks inside each group; a unit without a group gets none. */
export function rankInGroups(column: Column, groups: readonly (string | null)[], options: RankOptions = {}): Cell[] {
  requireSameLength(column, groups, '分组排名');
  const members = new Map<string, number[]>();
  groups.forEach((group, i) => {
    if (group === null) return;
    const list = members.get(group);
    if (list === undefined) members.set(group, [i]);
    else list.push(i);
  });
  const ranks: Cell[] = column.map(() => null);
  for (const list of members.values()) {
    const inside = rankDescending(
      list.map((i) => column[i]!),
      options,
    );
    list.forEach((i, j) => {
      ranks[i] = inside[j]!;
    });
  }
  return ranks;
}

/** How many of the sorted values are smaller than `value`. */
export function countBelow(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countUpTo(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
