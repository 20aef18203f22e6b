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

/** Writes runs whole. Nobody reads them before `activateRuns`; writing one twice changes nothing. */
export async function writeRuns(client: ClickHouseClient, runs: readonly Run[]): Promise<void> {
  const rowsOf = <T extends object>(list: (run: Run) => readonly T[], columns: readonly (keyof T)[]) =>
    runs.flatMap((run) => list(run).map((row) => [run.head.run_id, ...pick(row, columns)]));
  await Promise.all([
    insertRows(client, {
      table: 'run_units',
      columns: ['run_id', ...unitColumns],
      values: rowsOf((run) => run.units, unitColumns),
    }),
    insertRows(client, {
      table: 'run_dimensions',
      columns: ['run_id', ...dimensionColumns],
      values: rowsOf((run) => run.dimensions, dimensionColumns),
    }),
    insertRows(client, {
      table: 'run_indicators',
      columns: ['run_id', ...indicatorColumns],
      values: rowsOf(
        (run) => run.indicators.map((i) => ({ ...i, window_from: day(i.window_from), window_to: day(i.window_to) })),
        indicatorColumns,
      ),
    }),
  ]);
  await insertRows(client, {
    table: 'runs',
    columns: headColumns,
    values: runs.map(({ head }) => pick({ ...head, period: day(head.period) }, headColumns)),
  });
}

/** Makes written runs the ones that readers see. */
export async function activateRuns(client: ClickHouseClient, heads: readonly RunHead[]): Promise<void> {
  await insertRows(client, {
    table: 'run_current',
    columns: ['county', 'period', 'run_id'],
    values: heads.map((head) => [head.county, day(head.period), head.run_id]),
  });
}

const headSelection = `run_id, county, formatDateTime(period, '%Y-%m') AS period, scheme_hash, scheme_name,
  region_version, input_digest, watermark`;

/** The current run of every scored period of a county, oldest period first. */
export function currentRuns(client: ClickHouseClient, county: string): Promise<RunHead[]> {
  return rows<RunHead>(
    client,
    `SELECT ${headSelection} FROM runs FINAL WHERE run_id IN (
      SELECT argMax(run_id, activated_at) FROM run_current WHERE county = {county:String} GROUP BY period
    ) ORDER BY runs.period`,
    { county },
  );
}

/** The current run of a period. */
export async function currentRun(
  client: ClickHouseClient,
  county: string,
  period: string,
): Promise<RunHead | undefined> {
  const runs = await currentRuns(client, county);
  return runs.find((run) => run.period === period);
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
