import { type Cell, type Column, mapPresent, maxOf, minOf, present, requireFinite } from './columns.js';
import { type ScoringErrorCode, scoringError } from './errors.js';
import { rankAscending, type TieRule } from './ranks.js';
import { mean, sampleSd } from './stats.js';

/**
 * Every function takes the column in its own units and the direction of the indicator, and returns values for which
 * more is better; missing stays missing, and a column without any value comes back as it is. `place` names the column
 * in errors. Reference values (goalposts, target) are always given in the indicator's own units, never turned.
 */
export interface NormaliseBase {
  direction?: 1 | -1;
  place?: string;
}

/** (x - min)/(max - min) stretched to `to`. @throws ScoringError CONSTANT_COLUMN, NON_FINITE */
export function minMax(
  column: Column,
  { to = [0, 100], ...base }: NormaliseBase & { to?: readonly [number, number] } = {},
): Cell[] {
  const { turned, low, range } = turn(column, base);
  refuseConstant(range, base);
  return mapPresent(turned, (value) => ((value - low) / range) * (to[1] - to[0]) + to[0]);
}

/** (x - mean)/sd * `sd` + `mean`, sd with n-1. @throws ScoringError CONSTANT_COLUMN, NON_FINITE */
export function zScore(
  column: Column,
  { mean: centre = 0, sd: width = 1, ...base }: NormaliseBase & { mean?: number; sd?: number } = {},
): Cell[] {
  const { turned, range } = turn(column, base);
  refuseConstant(range, base);
  const m = mean(turned)!;
  const s = sampleSd(turned)!;
  return mapPresent(turned, (value) => ((value - m) / s) * width + centre);
}

/** Ascending rank, 1 = worst. @throws ScoringError NON_FINITE */
export function rankScore(column: Column, { ties = 'min', ...base }: NormaliseBase & { ties?: TieRule } = {}): Cell[] {
  return rankAscending(turn(column, base).turned, { ties });
}

/** Ascending rank - 1: with ties `min`, the number of units beaten. @throws ScoringError NON_FINITE */
export function borda(column: Column, options: NormaliseBase & { ties?: TieRule } = {}): Cell[] {
  return mapPresent(rankScore(column, options), (rank) => rank - 1);
}

/** (rank - 1)/(available - 1). @throws ScoringError TOO_FEW_POINTS (one value), NON_FINITE */
export function percentileRank(column: Column, options: NormaliseBase & { ties?: TieRule } = {}): Cell[] {
  const available = present(column).length;
  if (available === 1)
    throw refusal('TOO_FEW_POINTS', options, '只有一个值，没有百分位', '请补数，或改用目标值类的归一化');
  return mapPresent(borda(column, options), (beaten) => beaten / (available - 1));
}

export interface Goalposts {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Share of the way from the worse post to the better one, times `scale`; not clipped.
 * For direction -1 the better post is the lower one.
 * @throws ScoringError BAD_OPTION (lower not below upper), NON_FINITE
 */
export function scaled(
  column: Column,
  {
    posts = { lower: 0, upper: 100 },
    scale = 100,
    ...base
  }: NormaliseBase & { posts?: Goalposts; scale?: number } = {},
): Cell[] {
  const { lower, upper } = posts;
  if (!(Number.isFinite(lower) && Number.isFinite(upper) && lower < upper)) {
    throw refusal(
      'BAD_OPTION',
      base,
      `下界 ${lower} 不小于上界 ${upper}`,
      '请按指标原来的单位给出下界和上界，反向指标也不要对调',
    );
  }
  requireFinite(column, base.place ?? '归一化列');
  return mapPresent(column, (value) =>
    base.direction === -1 ? ((upper - value) / (upper - lower)) * scale : ((value - lower) / (upper - lower)) * scale,
  );
}

/** As `scaled`, clipped to [0, scale] unless `cap` is false. */
export function goalposts(
  column: Column,
  options: NormaliseBase & { posts: Goalposts; scale?: number; cap?: boolean },
): Cell[] {
  const { scale = 100, cap = true } = options;
  const free = scaled(column, { ...options, scale: 1 });
  return mapPresent(free, (share) => (cap ? Math.min(1, Math.max(0, share)) : share) * scale);
}

/**
 * Share of the way from the worst value to the target; `cap` keeps it at most 1.
 * @throws ScoringError TARGET_BEYOND_WORST (target at or below the minimum; for direction -1 at or above the maximum)
 */
export function distanceToTarget(
  column: Column,
  { target, cap = false, ...base }: NormaliseBase & { target: number; cap?: boolean },
): Cell[] {
  const { turned, low, empty } = turn(column, base);
  const goal = (base.direction ?? 1) * target;
  if (!empty && !(goal > low)) {
    const side = base.direction === -1 ? '不小于最大值' : '不大于最小值';
    throw refusal('TARGET_BEYOND_WORST', base, `目标 ${target} ${side}，得分会没有意义`, '请把目标定得比最差的单元好');
  }
  return mapPresent(turned, (value) => {
    const share = (value - low) / (goal - low);
    return cap ? Math.min(1, share) : share;
  });
}

/**
 * 1 - (ref - x)/(ref - min), where ref is the value of the unit at `reference` (index into the column); `cap` keeps it at
 * most 1, so that a unit better than the reference has what the reference has.
 * @throws ScoringError REFERENCE_AT_WORST (the reference is missing or the worst value itself)
 */
export function distanceToReference(
  column: Column,
  { reference, cap = false, ...base }: NormaliseBase & { reference: number; cap?: boolean },
): Cell[] {
  const { turned, low, empty } = turn(column, base);
  if (empty) return turned;
  const ref = turned[reference] ?? null;
  if (ref === null || ref === low) {
    const problem = ref === null ? '参照单元缺数' : '参照单元就是最差的单元';
    throw refusal('REFERENCE_AT_WORST', base, problem, '请换一个参照单元');
  }
  return mapPresent(turned, (value) => {
    const share = 1 - (ref - value) / (ref - low);
    return cap ? Math.min(1, share) : share;
  });
}

/** 1 - (max - x)/(max - min). @throws ScoringError CONSTANT_COLUMN, NON_FINITE */
export function distanceToMax(column: Column, base: NormaliseBase = {}): Cell[] {
  const { turned, low, range } = turn(column, base);
  refuseConstant(range, base);
  return mapPresent(turned, (value) => 1 - (low + range - value) / range);
}

/**
 * x/max; for direction -1 min/x, so that the best is 1 and less is worse in both directions.
 * @throws ScoringError NON_POSITIVE_VALUE (max not above 0; for direction -1 any value not above 0)
 */
export function fractionOfMax(column: Column, base: NormaliseBase = {}): Cell[] {
  requireFinite(column, base.place ?? '归一化列');
  const values = present(column);
  if (values.length === 0) return [...column];
  const best = base.direction === -1 ? minOf(values) : maxOf(values);
  if (best <= 0) {
    const side = base.direction === -1 ? '最小值' : '最大值';
    throw refusal('NON_POSITIVE_VALUE', base, `${side} ${best} 不大于 0，比值没有意义`, '请改用 minmax');
  }
  return mapPresent(column, (value) => (base.direction === -1 ? best / value : value / best));
}

interface Turned {
  turned: Cell[];
  low: number;
  range: number;
  empty: boolean;
}

function turn(column: Column, { direction = 1, place = '归一化列' }: NormaliseBase): Turned {
  requireFinite(column, place);
  const turned = mapPresent(column, (value) => direction * value);
  const values = present(turned);
  const empty = values.length === 0;
  const low = empty ? 0 : minOf(values);
  return { turned, low, range: empty ? 1 : maxOf(values) - low, empty };
}

function refuseConstant(range: number, base: NormaliseBase): void {
  if (range > 0) return;
  throw refusal(
    'CONSTANT_COLUMN',
    base,
    '所有值都相同，分不出高低',
    '请核对数据，从指标表删去它，或改用有固定界限的归一化',
  );
}

function refusal(code: ScoringErrorCode, base: NormaliseBase, problem: string, remedy: string) {
  return scoringError(code, base.place ?? '归一化列', problem, remedy);
}
