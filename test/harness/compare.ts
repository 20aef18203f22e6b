import type { County } from '@pingan/regions';
import { keyOf, type OracleUnit, type Sum } from '../oracle/index.js';
import type { Pipeline } from './pipeline.js';

/** Differences are readable lines: a failing comparison of thousands of rows should say which and how. */
export async function componentDifferences(pipeline: Pipeline, county: County, sums: ReadonlyMap<string, Sum>) {
  const stored = await pipeline.store.components.read(county.code);
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
  const [units, dimensions, indicators] = await Promise.all([
    pipeline.store.runs.units(run!.run_id),
    pipeline.store.runs.dimensions(run!.run_id),
    pipeline.store.runs.indicators(run!.run_id),
  ]);
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
    for (const [dimension, score] of Object.entries(want.dimensions)) {
      const got = dimensions.find((d) => d.region_code === want.code && d.dimension === dimension);
      check(`${want.code} ${dimension}`, got ? got.score : 'no row', score);
    }
    for (const row of want.indicators) {
      const got = indicators.find(({ region_code, code }) => region_code === want.code && code === row.code)!;
      const at = `${want.code} ${row.code}`;
      for (const field of ['numerator', 'denominator', 'months', 'value', 'score', 'weight'] as const) {
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
