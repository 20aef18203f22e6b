import { schemeHash } from '@pingan/indicators';
import {
  INTERVAL_LEVEL,
  type MonthInput,
  type MonthScores,
  type RankIntervals,
  scoreMonth,
  scoreWithIntervals,
} from '@pingan/scoring';
import type { Run, RunUnit } from '@pingan/store';
import { type BandHistory, contextOf, type Evidence, monthInput, unitsOf } from './evidence.js';
import { inputDigest } from './input-digest.js';
import { contextRows, deductionRows, dimensionRows, indicatorRows } from './run-rows.js';
import { unreportedIn } from './unreported.js';

/** The share of draws at an interval's end is then off by 0.7 percentage points at most two times in three. */
const DRAWS = 1_000;

/** Without shrinkage there is no posterior to draw from: scores without intervals. The seed is the run's own. */
function scored(input: MonthInput, digest: string): { scores: MonthScores; intervals: RankIntervals | null } {
  if ((input.shrinkage?.method ?? 'none') === 'none') return { scores: scoreMonth(input), intervals: null };
  return scoreWithIntervals(input, {
    seed: Number.parseInt(digest.slice(0, 8), 16),
    draws: DRAWS,
    level: INTERVAL_LEVEL,
  });
}

type IntervalColumns = Pick<
  RunUnit,
  'score_low' | 'score_high' | 'rank_low' | 'rank_high' | 'p_best_quarter' | 'p_worst_quarter'
>;

const noInterval: IntervalColumns = {
  score_low: null,
  score_high: null,
  rank_low: null,
  rank_high: null,
  p_best_quarter: null,
  p_worst_quarter: null,
};

/**
 * Interval of one unit. Of many units hardly apart the first is seldom the true first: the interval is then widened to
 * hold the published rank (and score), so that it never contradicts what stands beside it.
 */
function intervalOf({ units }: RankIntervals, code: string): IntervalColumns {
  const own = units.find((unit) => unit.code === code);
  if (own?.score == null || own.rank === null || own.score_interval === null || own.rank_interval === null) {
    return noInterval;
  }
  return {
    score_low: Math.min(own.score, own.score_interval.lower),
    score_high: Math.max(own.score, own.score_interval.upper),
    rank_low: Math.min(own.rank, own.rank_interval.best),
    rank_high: Math.max(own.rank, own.rank_interval.worst),
    p_best_quarter: own.best_quarter,
    p_worst_quarter: own.worst_quarter,
  };
}

function groupsOf(intervals: RankIntervals | null, code: string): number[] {
  return intervals?.groups.flatMap((group, i) => (group.includes(code) ? [i + 1] : [])) ?? [];
}

/** Scores and colours of one month, without intervals: what the history of later months takes from it. */
export function scoresOf(evidence: Evidence, period: string, history: BandHistory): MonthScores {
  return scoreMonth(monthInput(evidence, period, history));
}

/** Scores one month. Pure: the same evidence and history give the same run, byte for byte. */
export function scorePeriod(
  evidence: Evidence,
  scope: { period: string; history: BandHistory; watermark: string },
): Run {
  const { county, schemeOf } = evidence;
  const { period, history, watermark } = scope;
  const scheme = schemeOf(period);
  const input = monthInput(evidence, period, history);
  const digest = inputDigest(evidence, period);
  const {
    scores: { units: scores, priors },
    intervals,
  } = scored(input, digest);
  const silent = unreportedIn(evidence, period);
  const known = new Map(unitsOf(county, period).map((unit) => [unit.code, unit]));
  return {
    head: {
      run_id: `${county.code}-${period}-${digest.slice(0, 12)}`,
      county: county.code,
      period,
      scheme_hash: schemeHash(scheme),
      scheme_name: scheme.name,
      region_version: county.regions.version,
      input_digest: digest,
      watermark,
    },
    units: scores.map((unit) => ({
      region_code: unit.code,
      name: known.get(unit.code)!.name,
      peer_class: known.get(unit.code)!.peerClass,
      score: unit.score,
      score_before_deductions: unit.score_before_deductions,
      rank: unit.rank,
      class_rank: unit.class_rank,
      band: unit.band,
      band_months: unit.band_months,
      ...(intervals === null ? noInterval : intervalOf(intervals, unit.code)),
      groups: groupsOf(intervals, unit.code),
      unreported: silent.get(unit.code)?.unreported ?? [],
      confirmed_zero: silent.get(unit.code)?.confirmed_zero ?? [],
      missing_reason: unit.missing_reason,
    })),
    dimensions: scores.flatMap(dimensionRows),
    indicators: [...scores.flatMap(indicatorRows), ...contextRows(input, contextOf(evidence, period))],
    deductions: scores.flatMap(deductionRows),
    priors: [...priors],
  };
}
