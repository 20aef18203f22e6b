import type { County } from '@pingan/regions';
import { keyOf, type OracleUnit, type Sum, scheme } from '../oracle/index.js';
import type { Pipeline } from './pipeline.js';

const known = new Set(scheme.flatMap(({ indicators }) => indicators.map(({ code }) => code)));

/**
 * Differences are readable lines: a failing comparison of thousands of rows should say which and how. Indicators that the
 * oracle has no definition of are left to the suite of the catalogue.
 */
export async function componentDifferences(pipeline: Pipeline, county: County, sums: ReadonlyMap<string, Sum>) {
  const stored = (await pipeline.store.components.read(county.code)).filter(
    ({ indicator }) => indicator.startsWith('cases:') || known.has(indicator),
  );
  const left = new Map(sums);
  const differences: string[] = [];
  for (const { month, indicator, region_code, numerator, denominator } of stored) {
    const key = keyOf(month, indicator, region_code);
    const want = left.get(key);
    left.delete(key);
    const got = [Math.round(numerator * 1e6), Math.round(denominator * 1e6)];
    if (got[0] !== (want?.numerator ?? 0) || got[1] !== (want?.denominator ?? 0)) {
      differences.push(`${key}: ${got.join('/')} instead of ${want?.numerator}/${want?.denominator}`);
    }
  }
  for (const [key, { numerator, denominator }] of left) {
    differences.push(`${key}: absent instead of ${numerator}/${denominator}`);
  }
  return differences;
}

const near = (got: number | null, want: number | null) =>
  got === null || want === null ? got === want : Math.abs(got - want) <= 1e-9 * Math.max(1, Math.abs(want));

/** Every number of a month's current run against the oracle's. */
export async function scoreDifferences(
  pipeline: Pipeline,
  county: County,
  period: string,
  expected: readonly OracleUnit[],
): Promise<string[]> {
  const run = await pipeline.store.runs.current(county.code, period);
  const [units, dimensions, rows, deductions] = await Promise.all([
    pipeline.store.runs.units(run!.run_id),
    pipeline.store.runs.dimensions(run!.run_id),
    pipeline.store.runs.indicators(run!.run_id),
    pipeline.store.runs.deductions(run!.run_id),
  ]);
  const indicators = rows.filter(({ missing_reason }) => missing_reason !== 'context');
  const differences: string[] = [];
  const check = (what: string, got: number | string | null, want: number | string | null) => {
    const same = typeof got === 'string' || typeof want === 'string' ? got === want : near(got, want);
    if (!same) differences.push(`${period} ${what}: ${got} instead of ${want}`);
  };
  check('units', units.length, expected.length);
  check('indicators', indicators.length, expected.length * 16);
  for (const want of expected) {
    const unit = units.find(({ region_code }) => region_code === want.code);
    check(`${want.code} score`, unit?.score ?? null, want.score);
    check(`${want.code} rank`, unit?.rank ?? null, want.rank);
    check(`${want.code} band`, unit?.band ?? null, want.band);
    check(`${want.code} months in the band`, unit?.band_months ?? null, want.bandMonths);
    check(`${want.code} rank in the class`, unit?.class_rank ?? null, want.classRank);
    check(`${want.code} score before deductions`, unit?.score_before_deductions ?? null, want.before);
    const taken = new Map(
      deductions.filter((d) => d.region_code === want.code).map(({ case_ref, applied }) => [case_ref, applied]),
    );
    for (const about of new Set([...taken.keys(), ...want.deductions.keys()])) {
      check(`${want.code} deduction for ${about}`, taken.get(about) ?? null, want.deductions.get(about) ?? null);
    }
    for (const [dimension, score] of Object.entries(want.dimensions)) {
      const got = dimensions.find((d) => d.region_code === want.code && d.dimension === dimension);
      check(`${want.code} ${dimension}`, got ? got.score : 'no row', score);
    }
    for (const row of want.indicators) {
      const got = indicators.find(({ region_code, code }) => region_code === want.code && code === row.code)!;
      const at = `${want.code} ${row.code}`;
      for (const field of [
        'numerator',
        'denominator',
        'months',
        'value',
        'level',
        'trend',
        'score',
        'weight',
      ] as const) {
        check(`${at} ${field}`, got[field], row[field]);
      }
      check(`${at} reason`, got.missing_reason, row.missing);
      for (const [i, goalpost] of [got.g0, got.g60, got.g100].entries()) {
        check(`${at} goalpost ${i}`, goalpost, row.goalposts?.[i] ?? null);
      }
    }
  }
  return differences;
}

/** What must hold inside any run, whatever the scheme: sums, order, intervals. */
export async function inconsistencies(pipeline: Pipeline, county: County, period: string): Promise<string[]> {
  const run = await pipeline.store.runs.current(county.code, period);
  const [units, rows, deductions] = await Promise.all([
    pipeline.store.runs.units(run!.run_id),
    pipeline.store.runs.indicators(run!.run_id),
    pipeline.store.runs.deductions(run!.run_id),
  ]);
  const problems: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) problems.push(`${period} ${what}`);
  };
  for (const unit of units) {
    const { region_code: code, score, score_before_deductions: before } = unit;
    const own = rows.filter((row) => row.region_code === code);
    const sum = own.reduce((total, { contribution }) => total + contribution, 0);
    const applied = deductions.filter((d) => d.region_code === code).reduce((total, d) => total + d.applied, 0);
    for (const row of own.filter(({ missing_reason }) => missing_reason === 'context')) {
      check(row.score === null && row.weight === 0 && row.contribution === 0, `${code} ${row.code} counts`);
    }
    if (score === null || before === null) {
      check(unit.rank === null && unit.score_low === null, `${code} has a rank without a score`);
      continue;
    }
    check(near(sum, before), `${code} contributions sum to ${sum} instead of ${before}`);
    check(near(score, Math.max(0, sum - applied)), `${code} score ${score} is not ${sum} less ${applied}`);
    const { rank, rank_low, rank_high, score_low, score_high, p_best_quarter, p_worst_quarter } = unit;
    check(
      rank_low! >= 1 && rank_low! <= rank! && rank! <= rank_high!,
      `${code} rank ${rank}: ${rank_low}–${rank_high}`,
    );
    check(rank_high! <= units.length, `${code} may be ${rank_high} of ${units.length}`);
    check(score_low! <= score && score <= score_high!, `${code} score ${score}: ${score_low}–${score_high}`);
    for (const p of [p_best_quarter!, p_worst_quarter!]) check(p >= 0 && p <= 1, `${code} probability ${p}`);
    check(unit.groups.length > 0, `${code} is in no group`);
    check(unit.class_rank! <= rank!, `${code} is ${unit.class_rank} in its class, ${rank} in all`);
  }
  return problems;
}
