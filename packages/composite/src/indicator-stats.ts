import type { Cell, Column, Frame } from './columns.js';
import { columnOf, maxOf, minOf, present } from './columns.js';
import { type CorrelationKind, correlation } from './correlation.js';
import { ancestors, type Model } from './model.js';
import { kurtosis, mean, median, sampleSd, skewness } from './stats.js';

export interface IndicatorStats {
  readonly min: Cell;
  readonly max: Cell;
  readonly mean: Cell;
  readonly median: Cell;
  readonly sd: Cell;
  readonly skew: Cell;
  readonly kurt: Cell;
  readonly available: number;
  readonly nonZero: number;
  readonly unique: number;
  /** Count of the most frequent value. */
  readonly same: number;
  readonly availableShare: number;
  /** Shares of the available values; null when there are none. */
  readonly nonZeroShare: Cell;
  readonly uniqueShare: Cell;
  readonly sameShare: Cell;
  readonly flags: {
    readonly available: 'ok' | 'LOW';
    readonly nonZero: 'ok' | 'LOW';
    readonly unique: 'ok' | 'LOW';
    /** null when skewness or kurtosis is undefined. */
    readonly outliers: 'ok' | 'OUT' | null;
  };
}

interface StatsOptions {
  availableThreshold?: number;
  nonZeroThreshold?: number;
  uniqueThreshold?: number;
  skew?: number;
  kurtosis?: number;
}

/**
 * Statistics and flags of one indicator. Flags divide counts by the number of units, shares by the available values.
 * OUT means |skew| > 2 and kurtosis > 3.5.
 */
export function indicatorStats(column: Column, options: StatsOptions = {}): IndicatorStats {
  const {
    availableThreshold = 0.65,
    nonZeroThreshold = 0.5,
    uniqueThreshold = 0.5,
    skew: skewLimit = 2,
    kurtosis: kurtLimit = 3.5,
  } = options;
  const values = present(column);
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const n = column.length;
  const available = values.length;
  const nonZero = values.filter((value) => value !== 0).length;
  const same = available === 0 ? 0 : maxOf([...counts.values()]);
  const share = (count: number): Cell => (available === 0 ? null : count / available);
  const low = (count: number, threshold: number): 'ok' | 'LOW' => (n === 0 || count / n < threshold ? 'LOW' : 'ok');
  const skew = skewness(column);
  const kurt = kurtosis(column);
  return {
    min: available === 0 ? null : minOf(values),
    max: available === 0 ? null : maxOf(values),
    mean: mean(column),
    median: median(column),
    sd: sampleSd(column),
    skew,
    kurt,
    available,
    nonZero,
    unique: counts.size,
    same,
    availableShare: n === 0 ? 0 : available / n,
    nonZeroShare: share(nonZero),
    uniqueShare: share(counts.size),
    sameShare: share(same),
    flags: {
      available: low(available, availableThreshold),
      nonZero: low(nonZero, nonZeroThreshold),
      unique: low(counts.size, uniqueThreshold),
      outliers: skew === null || kurt === null ? null : Math.abs(skew) > skewLimit && kurt > kurtLimit ? 'OUT' : 'ok',
    },
  };
}

export interface CorrelationFlag {
  readonly group: string;
  readonly first: string;
  readonly second: string;
  readonly correlation: number;
}

interface FlagOptions {
  /** Flag above this correlation (`high`, possible double counting) or below it (`low`, working against each other). */
  threshold?: number;
  side?: 'high' | 'low';
  /** Level whose groups are looked into. */
  groupLevel?: number;
  kind?: CorrelationKind;
}

/** Pairs of indicators of one group whose correlation passes the threshold, each pair once. */
export function correlationFlags(
  frame: Frame,
  model: Model,
  { threshold = 0.9, side = 'high', groupLevel = 2, kind = 'pearson' }: FlagOptions = {},
): CorrelationFlag[] {
  const indicators = model.levels[0]!;
  const group = (code: string): string | undefined => ancestors(model, code)[groupLevel - 2];
  return indicators.flatMap((first, i) =>
    indicators.slice(i + 1).flatMap((second) => {
      const shared = group(first);
      if (shared === undefined || shared !== group(second)) return [];
      const r = correlation(columnOf(frame, first), columnOf(frame, second), { kind });
      if (r === null || !(side === 'high' ? r > threshold : r < threshold)) return [];
      return [{ group: shared, first, second, correlation: r }];
    }),
  );
}

/** Indicators whose |correlation| with a denominator exceeds the threshold: candidates for a per-head form. */
export function sizeEffects(
  indicators: Frame,
  denominators: Frame,
  { threshold = 0.6, kind = 'pearson' }: { threshold?: number; kind?: CorrelationKind } = {},
): { indicator: string; denominator: string; correlation: number }[] {
  return [...indicators.columns].flatMap(([indicator, column]) =>
    [...denominators.columns].flatMap(([denominator, size]) => {
      const r = correlation(column, size, { kind });
      return r === null || Math.abs(r) <= threshold ? [] : [{ indicator, denominator, correlation: r }];
    }),
  );
}
