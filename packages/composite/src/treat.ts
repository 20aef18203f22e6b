import { type Cell, type Column, mapPresent, maxOf, minOf, present, requireFinite } from './columns.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import { kurtosis, skewness } from './stats.js';

export interface OutlierTest {
  /** Limit of |skewness|. */
  readonly skew: number;
  /** Limit of excess kurtosis. */
  readonly kurtosis: number;
}

export interface OutlierResult {
  readonly pass: boolean;
  readonly skew: number;
  readonly kurtosis: number;
}

const DEFAULT_TEST: OutlierTest = { skew: 2, kurtosis: 3.5 };

/** A column fails only when both |skew| and kurtosis reach their limits; null when they are undefined. */
export function outlierTest(column: Column, limits: OutlierTest = DEFAULT_TEST): OutlierResult | null {
  const skew = skewness(column);
  const kurt = kurtosis(column);
  if (skew === null || kurt === null) return null;
  return { pass: Math.abs(skew) < limits.skew || kurt < limits.kurtosis, skew, kurtosis: kurt };
}

export type Treatment = '' | 'winhi' | 'winlo';

export interface Winsorised {
  readonly values: readonly Cell[];
  /** Units moved; tied extremes move together, so the count may pass the maximum. */
  readonly moved: number;
  readonly points: readonly Treatment[];
}

/**
 * While the column fails the test and fewer than `max` units were moved: with skew >= 0 every value equal to the
 * maximum takes the next lower one, otherwise every value equal to the minimum the next higher one.
 * @throws ScoringError CONSTANT_COLUMN when the column would collapse to one value
 */
export function winsorise(
  column: Column,
  { max = 5, limits = DEFAULT_TEST }: { max?: number; limits?: OutlierTest } = {},
): Winsorised {
  requireFinite(column, '缩尾列');
  const won = tryWinsorise(column, max, limits);
  if (won === null) {
    throw scoringError('CONSTANT_COLUMN', '缩尾列', '缩尾后所有值都相同', '不同的值太少，请不要处理这一列');
  }
  return won;
}

function tryWinsorise(column: Column, max: number, limits: OutlierTest): Winsorised | null {
  const values = [...column];
  const points: Treatment[] = column.map(() => '');
  const moved = (): number => points.filter((point) => point !== '').length;
  let test = outlierTest(values, limits);
  while (test !== null && !test.pass && moved() < max) {
    const high = test.skew >= 0;
    const known = present(values);
    const edge = high ? maxOf(known) : minOf(known);
    const rest = known.filter((value) => value !== edge);
    const next = high ? maxOf(rest) : minOf(rest);
    values.forEach((value, i) => {
      if (value !== edge) return;
      values[i] = next;
      points[i] = high ? 'winhi' : 'winlo';
    });
    test = outlierTest(values, limits);
    if (test === null) return null;
  }
  return { values, moved: moved(), points };
}

/**
 * log(x - min + 0.01 (max - min)).
 * @throws ScoringError CONSTANT_COLUMN
 */
export function logCt(column: Column): Cell[] {
  const { low, range } = spread(column);
  return mapPresent(column, (value) => Math.log(value - low + 0.01 * range));
}

/** logCt, or -log(max + 0.01 (max - min) - x) when the column is skewed to the low side. */
export function logCtPlus(column: Column): Cell[] {
  if ((skewness(column) ?? 0) >= 0) return logCt(column);
  const { high, range } = spread(column);
  return mapPresent(column, (value) => -Math.log(high + 0.01 * range - value));
}

/** log(x - min + 1). */
export function logShifted(column: Column): Cell[] {
  const { low } = extremes(column);
  return mapPresent(column, (value) => Math.log(value - low + 1));
}

/**
 * log((max - 1)(x - min)/(max - min) + 1), the documented form of the Global Innovation Index.
 * @throws ScoringError CONSTANT_COLUMN; NON_POSITIVE_VALUE when max <= 1, where the order would turn round
 */
export function logGii(column: Column): Cell[] {
  const { low, high, range } = spread(column);
  if (high <= 1) {
    throw scoringError('NON_POSITIVE_VALUE', '对数变换列', `最大值 ${high} 不大于 1，变换会颠倒高低`, '请改用 log_ct');
  }
  return mapPresent(column, (value) => Math.log(((high - 1) * (value - low)) / range + 1));
}

/** Box-Cox of x - min + 1: (y^lambda - 1)/lambda, or log y when lambda is 0. */
export function boxCox(column: Column, lambda: number): Cell[] {
  const { low } = extremes(column);
  return mapPresent(column, (value) => {
    const y = value - low + 1;
    return lambda === 0 ? Math.log(y) : (y ** lambda - 1) / lambda;
  });
}

function extremes(column: Column): { low: number; high: number; range: number } {
  requireFinite(column, '变换列');
  const values = present(column);
  return { low: minOf(values), high: maxOf(values), range: maxOf(values) - minOf(values) };
}

function spread(column: Column): { low: number; high: number; range: number } {
  const found = extremes(column);
  if (found.range === 0) {
    throw scoringError('CONSTANT_COLUMN', '对数变换列', '所有值都相同，不能取对数', '请核对数据，或不要处理这一列');
  }
  return found;
}

export const TRANSFORMS = ['log_ct', 'log_ct_plus', 'box_cox', 'none'] as const;
export type Transform = (typeof TRANSFORMS)[number];

export interface TreatOptions {
  winsoriseMax?: number;
  limits?: OutlierTest;
  /** What follows when winsorising was not enough. */
  fallback?: Transform;
  /** Box-Cox exponent. */
  lambda?: number;
  /** Transform the winsorised values rather than the original ones. */
  combine?: boolean;
}

export interface Treated {
  readonly values: readonly Cell[];
  readonly before: OutlierResult | null;
  /** Units moved; null when winsorising was not needed. */
  readonly moved: number | null;
  readonly afterWinsorising: OutlierResult | null;
  readonly transform: Exclude<Transform, 'none'> | null;
  readonly afterTransform: OutlierResult | null;
  /** What happened to each value: '', 'winhi', 'winlo', a transform, or both joined by '+'. */
  readonly points: readonly string[];
  readonly warnings: readonly ScoringWarning[];
}

/**
 * Two-stage treatment of one column: test, winsorise, test, transform, test.
 * A column with too few values or distinct values to be tested or winsorised is left untouched, with a warning.
 */
export function treatColumn(column: Column, options: TreatOptions = {}, place = '处理异常值'): Treated {
  const { winsoriseMax = 5, limits = DEFAULT_TEST, fallback = 'log_ct', lambda = 0.25, combine = false } = options;
  requireFinite(column, place);
  const untouched: Treated = {
    values: column,
    before: outlierTest(column, limits),
    moved: null,
    afterWinsorising: null,
    transform: null,
    afterTransform: null,
    points: column.map(() => ''),
    warnings: [],
  };
  if (untouched.before === null) {
    const warning = scoringWarning('FEW_DISTINCT', place, '不同的值太少，没有处理', '请核对数据');
    return { ...untouched, warnings: [warning] };
  }
  if (untouched.before.pass) return untouched;
  const won = tryWinsorise(column, winsoriseMax, limits);
  if (won === null) {
    const warning = scoringWarning('FEW_DISTINCT', place, '缩尾会使所有值相同，没有处理', '请核对数据');
    return { ...untouched, warnings: [warning] };
  }
  const afterWinsorising = outlierTest(won.values, limits)!;
  const staged = { ...untouched, values: won.values, moved: won.moved, afterWinsorising, points: won.points };
  if (afterWinsorising.pass) return staged;
  if (fallback === 'none') return { ...staged, warnings: [stillSkewed(place)] };
  const base = combine ? won.values : column;
  const values = { log_ct: logCt, log_ct_plus: logCtPlus, box_cox: (x: Column) => boxCox(x, lambda) }[fallback](base);
  const afterTransform = outlierTest(values, limits)!;
  return {
    ...staged,
    values,
    transform: fallback,
    afterTransform,
    points: won.points.map((point) => (combine && point !== '' ? `${point}+${fallback}` : fallback)),
    warnings: afterTransform.pass ? [] : [stillSkewed(place)],
  };
}

function stillSkewed(place: string): ScoringWarning {
  return scoringWarning('STILL_SKEWED', place, '处理后偏度和峰度仍超限', '请看分布图，考虑别的变换或归一化办法');
}
