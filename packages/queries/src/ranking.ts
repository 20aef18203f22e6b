import { earlierSilences, type Silence } from '@pingan/appraisal';
import type { Basis } from '@pingan/contracts';
import type { Scheme } from '@pingan/indicators';
import type { County } from '@pingan/regions';
import { INTERVAL_LEVEL } from '@pingan/scoring';
import type { RunUnit, ShownRun, Store } from '@pingan/store';
import { schemeOfRun } from './active-scheme.js';
import { named, refused, type Span } from './refusals.js';
import { headOf, type MonthAsked, type MonthHead, requireCounty, requireMonth } from './scope.js';
import { heldAgainstNow, type Staleness } from './stale.js';
import { readUnplaced, type Unplaced } from './unplaced.js';
import { findWayOn, type WayOn } from './way-on.js';

/** How sure score and rank are, given that counts are small; `level` is the content of both intervals. */
export interface Interval {
  level: number;
  score: { low: number; high: number };
  /** 1 is best. */
  rank: { low: number; high: number };
  p_best_quarter: number;
  p_worst_quarter: number;
}

export interface RankRow {
  region_code: string;
  name: string;
  score: number | null;
  rank: number | null;
  band: string | null;
  /** Months running in the band, this one included. */
  band_months: number | null;
  dimensions: Record<string, number | null>;
  score_before_deductions: number | null;
  /** Points taken off for red lines. */
  deducted: number;
  peer_class: string;
  /** Null where the scheme does not rank inside classes. */
  class_rank: number | null;
  /** Null where the scheme does not shrink: then nothing is known about it. */
  interval: Interval | null;
  /** Numbers, best first, of the groups of units that cannot be told apart; a unit may be in several. */
  groups: number[];
  /** Record types of which nothing came although the unit's past makes that all but impossible: to be checked. */
  unreported: string[];
  /** The same, but somebody has confirmed that there was nothing to report. */
  confirmed_zero: string[];
  missing_reason: string | null;
}

export interface Ranking {
  county: string;
  period: string;
  run_id: string;
  scheme: { name: string; hash: string };
  rows: RankRow[];
}

/** @throws Refusal when the month has no run yet, or none was published. */
export async function requireRun(
  store: Store,
  county: County,
  month: string,
  basis: Basis = 'latest',
): Promise<ShownRun> {
  const run = await store.runs.current(county.code, month, basis);
  if (run) return run;
  if (basis === 'published') throw refused('month_not_published', { county: named(county), month });
  throw refused('month_not_scored', { county: named(county), month, scored: await scoredSpan(store, county) });
}

/** First and last month with a current run. */
export async function scoredSpan(store: Store, county: County): Promise<Span> {
  const periods = (await store.runs.currentAll(county.code)).map(({ period }) => period);
  return { first: periods[0] ?? null, last: periods.at(-1) ?? null };
}

export function intervalOf(unit: RunUnit): Interval | null {
  const { score_low, score_high, rank_low, rank_high, p_best_quarter, p_worst_quarter } = unit;
  if (score_low === null || score_high === null || rank_low === null || rank_high === null) return null;
  if (p_best_quarter === null || p_worst_quarter === null) return null;
  return {
    level: INTERVAL_LEVEL,
    score: { low: score_low, high: score_high },
    rank: { low: rank_low, high: rank_high },
    p_best_quarter,
    p_worst_quarter,
  };
}

/** The ranking as a run has it; areas without a score come last and have no rank. */
async function rankingOf(store: Store, run: ShownRun): Promise<Ranking> {
  const [units, dimensions, deductions] = await Promise.all([
    store.runs.units(run.run_id),
    store.runs.dimensions(run.run_id),
    store.runs.deductions(run.run_id),
  ]);
  return {
    county: run.county,
    period: run.period,
    run_id: run.run_id,
    scheme: { name: run.scheme_name, hash: run.scheme_hash },
    rows: units.map((unit) => ({
      region_code: unit.region_code,
      name: unit.name,
      score: unit.score,
      rank: unit.rank,
      band: unit.band,
      band_months: unit.band_months,
      dimensions: Object.fromEntries(
        dimensions.filter((d) => d.region_code === unit.region_code).map((d) => [d.dimension, d.score]),
      ),
      score_before_deductions: unit.score_before_deductions,
      deducted: deductions
        .filter((d) => d.region_code === unit.region_code)
        .reduce((sum, { applied }) => sum + applied, 0),
      peer_class: unit.peer_class,
      class_rank: unit.class_rank,
      interval: intervalOf(unit),
      groups: unit.groups,
      unreported: unit.unreported,
      confirmed_zero: unit.confirmed_zero,
      missing_reason: unit.missing_reason,
    })),
  };
}

/** The ranking of a month as the run shown has it. */
export const readRanking = async (
  store: Store,
  county: County,
  month: string,
  basis: Basis = 'latest',
): Promise<Ranking> => rankingOf(store, await requireRun(store, county, month, basis));

/** Ranks of the units a unit cannot be told from, itself included; null where it stands alone or nothing is known. */
export function indistinctRanks(
  rows: ReadonlyArray<{ rank: number | null; groups: readonly number[] }>,
  { groups }: { groups: readonly number[] },
): { low: number; high: number } | null {
  const own = new Set(groups);
  const shared = rows.filter((row) => row.groups.some((group) => own.has(group)));
  if (shared.length < 2) return null;
  const ranks = shared.flatMap(({ rank }) => (rank === null ? [] : [rank]));
  return { low: Math.min(...ranks), high: Math.max(...ranks) };
}

export interface RankingAsked extends MonthAsked {
  /** Without it the latest. */
  basis?: Basis;
}

export interface RankingFound {
  answer: Ranking & {
    /** Absent where the run is stale: these are counts of now. */
    unplaced?: Unplaced | null;
    /** Absent where the run was made of what there is now. */
    stale?: Staleness;
    /** Of months before that the figures still rest on; absent without any. */
    silences?: Silence[];
  };
  head: MonthHead;
  scheme: Scheme;
  /** What the month lacks; null where some unit has a score, and where the run is stale. */
  wayOn: WayOn | null;
}

/** The ranking of a month, what of the month belongs to no unit, and what would help where nobody has a score. */
export async function findRanking(store: Store, asked: RankingAsked, now: number): Promise<RankingFound> {
  const { basis = 'latest' } = asked;
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now, basis);
  const run = await requireRun(store, county, month, basis);
  const [ranking, scheme, { evidence, stale }] = await Promise.all([
    rankingOf(store, run),
    schemeOfRun(store, run),
    heldAgainstNow(store, county, { run, basis }),
  ]);
  const silences = await earlierSilences(store, county.code, { period: month, scheme });
  const found = { head: headOf(county, month, now), scheme };
  const earlier = silences.length > 0 ? { silences } : {};
  if (stale !== null) return { ...found, answer: { ...ranking, stale, ...earlier }, wayOn: null };
  const unplaced = evidence === undefined ? null : await readUnplaced(store, evidence, month);
  const isUnscored = ranking.rows.every(({ score }) => score === null);
  return {
    ...found,
    answer: { ...ranking, unplaced, ...earlier },
    wayOn: isUnscored ? await findWayOn(store, { evidence, county, run, unplaced }) : null,
  };
}
