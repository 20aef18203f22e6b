import {
  choose,
  type Random,
  rankDescending,
  ScoringError,
  seededRandom,
  simulateRanks,
  sobolIndices,
} from '@pingan/composite';
import { type MonthInput, scoreMonth } from '@pingan/scoring';
import { aggregations, asPublished, type Grid, gridOf, indexOf, normalisations, type Setting } from './grid.js';

export interface SensitivityOptions {
  draws: number;
  /** Half-width of the noise on every weight: w (1 + U(−spread, spread)); 0–1. */
  spread: number;
  /** 32-bit integer. */
  seed: number;
}

export interface UnitSensitivity {
  region_code: string;
  score: number | null;
  rank: number | null;
  /** Share of the draws with rank 1, 2, …; sums to 1 for a unit with a score. */
  acceptability: number[];
  mean_rank: number | null;
  /** 5 % and 95 % of the drawn ranks. */
  rank_low: number | null;
  rank_high: number | null;
}

export type Choice = 'weights' | 'normalisation' | 'aggregation';

/** Shares of the variance of the mean rank shift: by the choice alone, and with all its interactions. */
export interface ChoiceShare {
  choice: Choice;
  first: number;
  total: number;
}

export interface RemovedIndicator {
  code: string;
  /** Mean absolute change of rank; null when nothing is left to rank. */
  mean_shift: number | null;
  /** Units whose rank changes, worst hit first. */
  moved: { region_code: string; from: number | null; to: number | null }[];
}

export interface Sensitivity extends SensitivityOptions {
  /** In ranking order. */
  units: UnitSensitivity[];
  /** Null when no draw moves any unit. */
  choices: ChoiceShare[] | null;
  /** In the order of the scheme; those without weight are left out. */
  removed: RemovedIndicator[];
}

function noisy(setting: Setting, spread: number, random: Random): Pick<Setting, 'weights' | 'dimensionWeights'> {
  const vary = (weight: number) => weight * (1 + spread * (2 * random() - 1));
  return {
    weights: setting.weights.map((weights) => weights.map(vary)),
    dimensionWeights: setting.dimensionWeights.map(vary),
  };
}

const ranksOf = (scores: readonly (number | null)[]) => rankDescending([...scores]);

function meanShift(before: readonly (number | null)[], after: readonly (number | null)[]): number | null {
  const shifts = before.flatMap((rank, i) => {
    const other = after[i];
    return rank === null || other == null ? [] : [Math.abs(rank - other)];
  });
  return shifts.length === 0 ? null : shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
}

function acceptabilityOf(grid: Grid, nominal: Setting, { draws, spread, seed }: SensitivityOptions) {
  const random = seededRandom(seed);
  const counts = grid.units.map(() => new Float64Array(grid.units.length));
  const { units } = simulateRanks({
    units: grid.units,
    nominal: indexOf(grid, nominal, nominal),
    draws,
    run: () => {
      const setting: Setting = {
        ...noisy(nominal, spread, random),
        normalisation: choose(random(), normalisations),
        aggregation: choose(random(), aggregations),
      };
      const scores = indexOf(grid, setting, nominal);
      for (const [u, rank] of ranksOf(scores).entries()) if (rank !== null) counts[u]![rank - 1]! += 1;
      return scores;
    },
  });
  return { spreads: units, shares: counts.map((row) => Array.from(row, (count) => count / draws)) };
}

/** Inputs of one run of the model: weights, normalisation, aggregation. */
const INPUTS = 3;

/** Whole range of seeds, so that one number between 0 and 1 stands for one set of weights. */
const SEEDS = 0x7fffffff;

function choiceShares(grid: Grid, nominal: Setting, options: SensitivityOptions): ChoiceShare[] | null {
  const base = ranksOf(indexOf(grid, nominal, nominal));
  try {
    const { indices } = sobolIndices({
      dimension: INPUTS,
      samples: Math.max(2, Math.round(options.draws / (INPUTS + 2))),
      seed: options.seed,
      model: ([weights, normalisation, aggregation]) => {
        const setting: Setting = {
          ...noisy(nominal, options.spread, seededRandom(Math.floor(weights! * SEEDS))),
          normalisation: choose(normalisation!, normalisations),
          aggregation: choose(aggregation!, aggregations),
        };
        return meanShift(base, ranksOf(indexOf(grid, setting, nominal)));
      },
    });
    const names: Choice[] = ['weights', 'normalisation', 'aggregation'];
    return names.map((choice, i) => ({ choice, first: indices[i]!.first, total: indices[i]!.total }));
  } catch (error) {
    if (error instanceof ScoringError && ['CONSTANT_COLUMN', 'TOO_FEW_POINTS'].includes(error.code)) return null;
    throw error;
  }
}

function removeEach(grid: Grid, nominal: Setting): RemovedIndicator[] {
  const base = ranksOf(indexOf(grid, nominal, nominal));
  return grid.dimensions.flatMap(({ indicators }, d) =>
    indicators.flatMap(({ code, weight: own }, i) => {
      if (own === 0 || nominal.dimensionWeights[d] === 0) return [];
      const weights = nominal.weights.map((row, at) => row.map((weight, j) => (at === d && j === i ? 0 : weight)));
      const empty = weights[d]!.every((weight) => weight === 0);
      const dimensionWeights = nominal.dimensionWeights.map((weight, at) => (at === d && empty ? 0 : weight));
      const without: Setting = { ...nominal, weights, dimensionWeights };
      const ranks = ranksOf(indexOf(grid, without, without));
      const moved = grid.units.flatMap((region_code, u) => {
        const [from, to] = [base[u]!, ranks[u]!];
        return from === to ? [] : [{ region_code, from, to }];
      });
      const size = ({ from, to }: { from: number | null; to: number | null }) =>
        from === null || to === null ? Number.POSITIVE_INFINITY : Math.abs(to - from);
      moved.sort((a, b) => size(b) - size(a) || (a.region_code < b.region_code ? -1 : 1));
      return [{ code, mean_shift: meanShift(base, ranks), moved }];
    }),
  );
}

/**
 * How much of a month's ranking is the scheme's choice: ranks over `draws` settings with every weight varied and with the
 * other ways of normalising and aggregating, each equally likely; which of the three choices moves the ranks (Sobol'
 * indices of the mean rank shift, Saltelli's design); and the ranks without each indicator. Deductions and what is missing
 * stay as they are. The same input and seed give the same result.
 *
 * Throws ScoringError for a seed beyond 32 bits or a number of draws that is not positive, else as `scoreMonth`.
 */
export function sensitivity(input: MonthInput, options: SensitivityOptions): Sensitivity {
  const { units } = scoreMonth(input);
  const grid = gridOf(input, units);
  const nominal = asPublished(grid);
  const { spreads, shares } = acceptabilityOf(grid, nominal, options);
  const rows = units.map(
    ({ code, score, rank }, u): UnitSensitivity => ({
      region_code: code,
      score,
      rank,
      acceptability: shares[u]!,
      mean_rank: spreads[u]!.mean,
      rank_low: spreads[u]!.q5,
      rank_high: spreads[u]!.q95,
    }),
  );
  rows.sort((a, b) => (a.rank ?? rows.length + 1) - (b.rank ?? rows.length + 1));
  return {
    ...options,
    units: rows,
    choices: choiceShares(grid, nominal, options),
    removed: removeEach(grid, nominal),
  };
}
