import { scoredInOrder } from '@pingan/appraisal';
import { findIndicator, type Scheme } from '@pingan/indicators';
import type { RunDeduction, RunHead, RunIndicator, RunPrior, RunUnit } from '@pingan/store';
import { type Interval, intervalOf } from './ranking.js';

/** Everything a run holds about one unit. */
export interface Explained {
  run: RunHead;
  unit: RunUnit;
  /** All units of the run. */
  units: readonly RunUnit[];
  /** In the order of the scheme. */
  scored: readonly RunIndicator[];
  /** Shown, not scored. */
  context: readonly RunIndicator[];
  deductions: readonly RunDeduction[];
  /** By indicator, of the unit's class. */
  priors: ReadonlyMap<string, RunPrior>;
}

const CONTEXT = 'context';

/** Puts a unit's rows in order: scored ones as the scheme has them, then the others. */
export function arrange(
  scheme: Scheme,
  rows: { run: RunHead; unit: RunUnit; units: RunUnit[]; indicators: RunIndicator[] } & {
    deductions: RunDeduction[];
    priors: RunPrior[];
  },
): Explained {
  return {
    ...rows,
    scored: scoredInOrder(scheme, rows.indicators),
    context: rows.indicators.filter(({ missing_reason }) => missing_reason === CONTEXT),
    priors: new Map(
      rows.priors
        .filter(({ peer_class }) => peer_class === rows.unit.peer_class)
        .map((prior) => [prior.indicator, prior]),
    ),
  };
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

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
export function explanationJson(county: string, explained: Explained) {
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
