import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows, rows } from './client.js';

export interface RunHead {
  run_id: string;
  county: string;
  /** `YYYY-MM`. */
  period: string;
  scheme_hash: string;
  scheme_name: string;
  region_version: string;
  /** Digest of everything the numbers depend on; equal digests, equal numbers. */
  input_digest: string;
  /** JSON of the watermark the run was first computed at. */
  watermark: string;
}

export interface RunUnit {
  region_code: string;
  name: string;
  peer_class: string;
  score: number | null;
  rank: number | null;
  band: string | null;
  missing_reason: string | null;
}

export interface RunDimension {
  region_code: string;
  dimension: string;
  score: number | null;
  weight: number;
  missing_reason: string | null;
}

export interface RunIndicator {
  region_code: string;
  code: string;
  numerator: number | null;
  denominator: number | null;
  population: number | null;
  /** `YYYY-MM`, both included. */
  window_from: string;
  window_to: string;
  /** Months of the window that have data. */
  months: number;
  value: number | null;
  g0: number | null;
  g60: number | null;
  g100: number | null;
  goalpost_basis: string | null;
  score: number | null;
  weight: number;
  contribution: number;
  missing_reason: string | null;
}

export interface Run {
  head: RunHead;
  units: RunUnit[];
  dimensions: RunDimension[];
  indicators: RunIndicator[];
}

const day = (month: string) => `${month}-01`;

const headColumns = [
  'run_id',
  'county',
  'period',
  'scheme_hash',
  'scheme_name',
  'region_version',
  'input_digest',
  'watermark',
] as const;
const unitColumns = ['region_code', 'name', 'peer_class', 'score', 'rank', 'band', 'missing_reason'] as const;
const dimensionColumns = ['region_code', 'dimension', 'score', 'weight', 'missing_reason'] as const;
const indicatorColumns = [
  'region_code',
  'code',
  'numerator',
  'denominator',
  'population',
  'window_from',
  'window_to',
  'months',
  'value',
  'g0',
  'g60',
  'g100',
  'goalpost_basis',
  'score',
  'weight',
  'contribution',
  'missing_reason',
] as const;

function pick<T extends object, K extends keyof T>(row: T, columns: readonly K[]): unknown[] {
  return columns.map((column) => row[column]);
}

/** Writes a run whole. It is not read by anyone before `activateRun`; writing it twice changes nothing. */
export async function writeRun(client: ClickHouseClient, run: Run): Promise<void> {
  const id = run.head.run_id;
  await Promise.all([
    insertRows(client, {
      table: 'run_units',
      columns: ['run_id', ...unitColumns],
      values: run.units.map((unit) => [id, ...pick(unit, unitColumns)]),
    }),
    insertRows(client, {
      table: 'run_dimensions',
      columns: ['run_id', ...dimensionColumns],
      values: run.dimensions.map((dimension) => [id, ...pick(dimension, dimensionColumns)]),
    }),
    insertRows(client, {
      table: 'run_indicators',
      columns: ['run_id', ...indicatorColumns],
      values: run.indicators.map((i) => [
        id,
        ...pick({ ...i, window_from: day(i.window_from), window_to: day(i.window_to) }, indicatorColumns),
      ]),
    }),
  ]);
  await insertRows(client, {
    table: 'runs',
    columns: headColumns,
    values: [pick({ ...run.head, period: day(run.head.period) }, headColumns)],
  });
}

/** Makes a written run the one that readers see. */
export async function activateRun(client: ClickHouseClient, head: RunHead): Promise<void> {
  await insertRows(client, {
    table: 'run_current',
    columns: ['county', 'period', 'run_id'],
    values: [[head.county, day(head.period), head.run_id]],
  });
}

const headSelection = `run_id, county, formatDateTime(period, '%Y-%m') AS period, scheme_hash, scheme_name,
  region_version, input_digest, watermark`;

/** The current run of a period. */
export async function currentRun(
  client: ClickHouseClient,
  county: string,
  period: string,
): Promise<RunHead | undefined> {
  const [found] = await rows<RunHead>(
    client,
    `SELECT ${headSelection} FROM runs FINAL WHERE run_id = (
      SELECT argMax(run_id, activated_at) FROM run_current
      WHERE county = {county:String} AND period = {period:Date}
    )`,
    { county, period: day(period) },
  );
  return found;
}

/** Every period of a county that has a current run, oldest first. */
export async function scoredPeriods(client: ClickHouseClient, county: string): Promise<string[]> {
  const found = await rows<{ month: string }>(
    client,
    `SELECT DISTINCT formatDateTime(period, '%Y-%m') AS month FROM run_current
    WHERE county = {county:String} ORDER BY month`,
    { county },
  );
  return found.map(({ month }) => month);
}

/** Units of a run in ranking order: rank, then code; those without a score last. */
export function runUnits(client: ClickHouseClient, runId: string): Promise<RunUnit[]> {
  return rows<RunUnit>(
    client,
    `SELECT ${unitColumns.join(', ')} FROM run_units FINAL WHERE run_id = {id:String}
    ORDER BY rank ASC NULLS LAST, region_code`,
    { id: runId },
  );
}

export function runDimensions(client: ClickHouseClient, runId: string): Promise<RunDimension[]> {
  return rows<RunDimension>(
    client,
    `SELECT ${dimensionColumns.join(', ')} FROM run_dimensions FINAL WHERE run_id = {id:String}
    ORDER BY region_code, dimension`,
    { id: runId },
  );
}

export async function runIndicators(client: ClickHouseClient, runId: string, region?: string): Promise<RunIndicator[]> {
  const found = await rows<RunIndicator>(
    client,
    `SELECT ${indicatorColumns.join(', ')} FROM run_indicators FINAL WHERE run_id = {id:String}
    ${region === undefined ? '' : 'AND region_code = {region:String}'} ORDER BY region_code, code`,
    { id: runId, region: region ?? '' },
  );
  return found.map((i) => ({ ...i, window_from: i.window_from.slice(0, 7), window_to: i.window_to.slice(0, 7) }));
}
