import { findIndicator, type Scheme } from '@pingan/indicators';
import type { RunIndicator, Store, ZeroReport } from '@pingan/store';
import { schemeOfRun } from './active-scheme.js';
import { arrange, type Explained } from './explained.js';
import { pastOf, type UnitPast } from './past.js';
import { type Interval, intervalOf, requireRun } from './ranking.js';
import { refused } from './refusals.js';
import { headOf, type MonthHead, type RegionAsked, requireCounty, requireMonth, requireRegion } from './scope.js';
import { heldAgainstNow, type Staleness } from './stale.js';
import { readStory, type Story } from './story.js';
import { readUnplaced, type Unplaced } from './unplaced.js';

function indicatorJson(row: RunIndicator, priors: Explained['priors']) {
  const indicator = findIndicator(row.code);
  const prior = priors.get(row.code);
  return {
    code: row.code,
    name: indicator?.name ?? row.code,
    dimension: indicator?.dimension ?? null,
    kind: indicator?.kind ?? null,
    unit: indicator?.unit ?? null,
    direction: indicator?.direction ?? null,
    numerator: row.numerator,
    denominator: row.denominator,
    population: row.population,
    window: { from: row.window_from, to: row.window_to, months: row.months },
    value: row.value,
    shrunken_value: row.shrunken_value,
    prior: prior
      ? { scope: prior.scope, mean: prior.mean, variance: prior.variance, units: prior.units, family: prior.family }
      : null,
    goalposts: row.g0 === null ? null : { g0: row.g0, g60: row.g60, g100: row.g100 },
    goalpost_basis: row.goalpost_basis === null ? null : (JSON.parse(row.goalpost_basis) as unknown),
    level: row.level,
    trend: row.trend,
    own_mean: row.own_mean,
    own_ratio: row.own_ratio,
    score: row.score,
    weight: row.weight,
    contribution: row.contribution,
    missing_reason: row.missing_reason,
  };
}

/** For programs: contributions sum to the score before deductions; less the applied deductions it is the score. */
function explanationJson(county: string, explained: Explained) {
  const { run, unit, scored, context, deductions, priors } = explained;
  const interval: Interval | null = intervalOf(unit);
  return {
    county,
    period: run.period,
    run_id: run.run_id,
    scheme: { name: run.scheme_name, hash: run.scheme_hash },
    region_code: unit.region_code,
    name: unit.name,
    peer_class: unit.peer_class,
    score: unit.score,
    score_before_deductions: unit.score_before_deductions,
    rank: unit.rank,
    class_rank: unit.class_rank,
    band: unit.band,
    band_months: unit.band_months,
    interval,
    groups: unit.groups,
    unreported: unit.unreported,
    confirmed_zero: unit.confirmed_zero,
    missing_reason: unit.missing_reason,
    indicators: scored.map((row) => indicatorJson(row, priors)),
    deductions: deductions.map(({ region_code: _, ...deduction }) => deduction),
    context: context.map((row) => indicatorJson(row, priors)),
  };
}

export interface ExplanationFound {
  answer: ReturnType<typeof explanationJson> &
    Story & {
      /** Absent where the run is stale: these are counts of now. */
      unplaced?: Unplaced | null;
      /** Absent where the run was made of what there is now. */
      stale?: Staleness;
    };
  head: MonthHead;
  scheme: Scheme;
  explained: Explained;
  past: UnitPast;
  /** Of the county; those of the unit and month are shown. */
  zeroReports: readonly ZeroReport[];
}

/** Every number behind one score; contributions less deductions are the score. */
export async function findExplanation(store: Store, asked: RegionAsked, now: number): Promise<ExplanationFound> {
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now);
  const region = requireRegion(county, asked.region, month);
  const run = await requireRun(store, county, month);
  const { runs } = store;
  const [units, indicators, deductions, priors, scheme, zeroReports] = await Promise.all([
    runs.units(run.run_id),
    runs.indicators(run.run_id, region),
    runs.deductions(run.run_id, region),
    runs.priors(run.run_id),
    schemeOfRun(store, run),
    store.zeroReports.list(county.code),
  ]);
  const unit = units.find(({ region_code }) => region_code === region);
  if (!unit) {
    const known = units.map(({ region_code, name }) => ({ code: region_code, name }));
    throw refused('region_not_scored', { region: asked.region, units: known });
  }
  const explained = arrange(scheme, { run, unit, units, indicators, deductions, priors });
  const [story, { evidence, stale }] = await Promise.all([
    readStory(store, explained),
    heldAgainstNow(store, county, { run, basis: 'latest' }),
  ]);
  const beside =
    stale === null
      ? { unplaced: evidence === undefined ? null : await readUnplaced(store, evidence, month) }
      : { stale };
  return {
    answer: { ...explanationJson(county.code, explained), ...story, ...beside },
    head: headOf(county, month, now),
    scheme,
    explained,
    past: pastOf(county, run, region, explained.scored),
    zeroReports,
  };
}
