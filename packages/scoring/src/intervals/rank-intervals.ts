import { type PreparedMonth, prepareMonth } from '../month/prepare.js';
import { scorePrepared } from '../month/score-month.js';
import type { MonthInput, MonthScores, UnitScore } from '../month/types.js';
import { compareDraws, maximalRuns, placeAt } from './compare.js';
import { drawScores } from './draw-scores.js';

/** Content of intervals where nobody says otherwise. */
export const INTERVAL_LEVEL = 0.9;

export interface RankIntervalOptions {
  draws?: number;
  /** 32-bit integer; store it with the result. */
  seed: number;
  /** Content of the intervals, 0–1; pairs are told apart at the same level. */
  level?: number;
}

export interface UnitInterval {
  code: string;
  score: number | null;
  rank: number | null;
  /** Null without a score, as everything below. */
  score_interval: { lower: number; upper: number } | null;
  /** 1 is best. */
  rank_interval: { best: number; worst: number } | null;
  /** Probability of a place among the best, or the worst, quarter (rounded up) of the ranked units. */
  best_quarter: number | null;
  worst_quarter: number | null;
}

/** Probability that the first unit truly scores above the second; ties count half. */
export interface PairOrder {
  a: string;
  b: string;
  probability: number;
}

export interface RankIntervals {
  draws: number;
  seed: number;
  level: number;
  /** In the order of their codes. */
  units: UnitInterval[];
  /** Every pair of ranked units, the one ranked better first. */
  pairs: PairOrder[];
  /** Maximal runs of the ranking, best first, in which no pair can be told apart; they may overlap. */
  groups: string[][];
}

interface Ranked {
  score: UnitScore;
  draws: Float64Array;
}

function checkOptions({ draws, level, seed }: Required<RankIntervalOptions>): void {
  if (!Number.isInteger(draws) || draws < 1) throw new RangeError(`number of draws ${draws} is not positive`);
  if (!(level > 0 && level < 1)) throw new RangeError(`level ${level} is not between 0 and 1`);
  if (!Number.isInteger(seed)) throw new RangeError(`seed ${seed} is not an integer`);
}

/** Type 7 (linear between order statistics) of sorted numbers. */
function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const below = sorted[low]!;
  return below + (at - low) * ((sorted[low + 1] ?? below) - below);
}

const missing = { score_interval: null, rank_interval: null, best_quarter: null, worst_quarter: null } as const;

/** Best first; equals by code. */
function inRankingOrder(ranked: readonly Ranked[]): Ranked[] {
  return [...ranked].sort(
    (a, b) => (a.score.rank ?? 0) - (b.score.rank ?? 0) || (a.score.code < b.score.code ? -1 : 1),
  );
}

function summarise(ranked: readonly Ranked[], draws: number, level: number) {
  const n = ranked.length;
  const all = new Float64Array(n * draws);
  ranked.forEach((unit, i) => {
    all.set(unit.draws, i * draws);
  });
  const { places, fromWorst, above } = compareDraws(all, n, draws);
  const tail = (1 - level) / 2;
  const quarter = Math.ceil(n / 4);
  const shareOfQuarter = (counts: Uint32Array): number =>
    counts.subarray(0, quarter).reduce((sum, count) => sum + count, 0) / draws;
  const intervals = ranked.map((unit, i): [string, Omit<UnitInterval, 'code' | 'score' | 'rank'>] => {
    const sorted = unit.draws.slice().sort();
    const own = places.subarray(i * n, (i + 1) * n);
    const summary = {
      score_interval: { lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail) },
      rank_interval: { best: placeAt(own, tail) + 1, worst: placeAt(own, 1 - tail) + 1 },
      best_quarter: shareOfQuarter(own),
      worst_quarter: shareOfQuarter(fromWorst.subarray(i * n, (i + 1) * n)),
    };
    return [unit.score.code, summary];
  });
  const probability = (a: number, b: number): number => above[a * n + b]! / draws;
  const toldApart = (a: number, b: number): boolean => probability(a, b) < tail || probability(a, b) > 1 - tail;
  const codes = ranked.map(({ score }) => score.code);
  return {
    intervals: new Map(intervals),
    pairs: codes.flatMap((a, i) =>
      codes.slice(i + 1).map((b, j) => ({ a, b, probability: probability(i, i + 1 + j) })),
    ),
    groups: maximalRuns(n, toldApart).map(([first, last]) => codes.slice(first, last + 1)),
  };
}

/**
 * How sure scores and ranks of a month are, given that its counts are small: the month is rebuilt `draws` times, each
 * value drawn from what the data allow its true value to be, and every unit is ranked anew.
 *
 * With `empirical_bayes` a value's posterior comes from its peer class, the prior itself being drawn from what the data
 * say about it (see `hyperPosterior`); without shrinkage, and where no prior applies, from the weak prior alone (half an
 * event; for ratios half a case on each side). True means: constant over the window, other units and class means
 * treated alike; under- or late reporting is not part of it.
 *
 * The same seed gives the same bytes, whatever the order of units: every unit and indicator has its own random numbers.
 * Time is linear in draws × units × indicators. Throws RangeError for bad options, else as `scoreMonth`.
 */
export function rankIntervals(input: MonthInput, options: RankIntervalOptions): RankIntervals {
  return scoreWithIntervals(input, options).intervals;
}

/** `scoreMonth` and `rankIntervals` of one month together, for less than the two apart: the data are read once. */
export function scoreWithIntervals(
  input: MonthInput,
  options: RankIntervalOptions,
): { scores: MonthScores; intervals: RankIntervals } {
  const settings = { draws: 2000, level: INTERVAL_LEVEL, ...options };
  checkOptions(settings);
  const prepared = prepareMonth(input);
  const scores = scorePrepared(prepared, input);
  return { scores, intervals: intervalsOf(prepared, scores, input, settings) };
}

function intervalsOf(
  prepared: PreparedMonth,
  { units: nominal }: MonthScores,
  input: MonthInput,
  { draws, seed, level }: Required<RankIntervalOptions>,
): RankIntervals {
  const scores = drawScores(prepared, nominal, input, { units: prepared.units, draws, seed });
  const ranked = nominal
    .map((score, u) => ({ score, draws: scores.subarray(u * draws, (u + 1) * draws) }))
    .filter(({ score }) => score.rank !== null);
  const { intervals, pairs, groups } = summarise(inRankingOrder(ranked), draws, level);
  const units = nominal.map(({ code, score, rank }) => ({ code, score, rank, ...(intervals.get(code) ?? missing) }));
  return { draws, seed, level, units, pairs, groups };
}
