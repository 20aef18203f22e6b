import type { ClickHouseClient } from '@clickhouse/client';
import type { Basis } from '@pingan/contracts';
import { insertRows, rows } from './client.js';
import { newestTime } from './newest-time.js';
import {
  deductionColumns,
  dimensionColumns,
  headColumns,
  indicatorColumns,
  priorColumns,
  type Run,
  type RunDeduction,
  type RunDimension,
  type RunHead,
  type RunIndicator,
  type RunPrior,
  type RunStory,
  type RunUnit,
  type ShownRun,
  storyColumns,
  unitColumns,
} from './run-rows.js';

const day = (month: string) => `${month}-01`;

function pick<T extends object, K extends keyof T>(row: T, columns: readonly K[]): unknown[] {
  return columns.map((column) => row[column]);
}

/** Writes runs whole. Nobody reads them before `activateRuns`; writing one twice changes nothing. */
export async function writeRuns(client: ClickHouseClient, runs: readonly Run[]): Promise<void> {
  const insert = <T extends object>(table: string, columns: readonly (keyof T & string)[], list: (run: Run) => T[]) =>
    insertRows(client, {
      table,
      columns: ['run_id', ...columns],
      values: runs.flatMap((run) => list(run).map((row) => [run.head.run_id, ...pick(row, columns)])),
    });
  await Promise.all([
    insert('run_units', unitColumns, (run) => run.units),
    insert('run_dimensions', dimensionColumns, (run) => run.dimensions),
    insert('run_indicators', indicatorColumns, (run) =>
      run.indicators.map((i) => ({ ...i, window_from: day(i.window_from), window_to: day(i.window_to) })),
    ),
    insert('run_deductions', deductionColumns, (run) => run.deductions),
    insert('run_priors', priorColumns, (run) => run.priors),
  ]);
  await insertRows(client, {
    table: 'runs',
    columns: headColumns,
    values: runs.map(({ head }) => pick({ ...head, period: day(head.period) }, headColumns)),
  });
}

export async function writeStories(client: ClickHouseClient, stories: readonly RunStory[]): Promise<void> {
  const values = stories.map((story) => pick(story, storyColumns));
  await insertRows(client, { table: 'run_stories', columns: storyColumns, values });
}

/** Makes written runs the ones that readers of the latest numbers see. */
export async function activateRuns(client: ClickHouseClient, heads: readonly RunHead[]): Promise<void> {
  if (heads.length === 0) return;
  const params = { counties: [...new Set(heads.map(({ county }) => county))] };
  const where = 'has({counties:Array(String)}, county)';
  const { column, time } = await newestTime(client, 'run_current', { where, params });
  await insertRows(client, {
    table: 'run_current',
    columns: ['county', 'period', 'run_id', column],
    values: heads.map((head) => [head.county, day(head.period), head.run_id, time]),
  });
}

const headSelection = `run_id, county, formatDateTime(period, '%Y-%m') AS period, scheme_hash, scheme_name,
  region_version, input_digest, watermark, formatDateTime(created_at, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS created_at`;

/** The run shown of every period of a county, oldest period first; periods without one are left out. */
export function shownRuns(client: ClickHouseClient, county: string, basis: Basis): Promise<ShownRun[]> {
  return rows<ShownRun>(
    client,
    `SELECT ${headSelection} FROM runs FINAL WHERE run_id IN (
      SELECT argMax(run_id, activated_at) FROM shown_runs
      WHERE county = {county:String} AND basis = {basis:String} GROUP BY period
    ) ORDER BY runs.period`,
    { county, basis },
  );
}

/** The run shown of a period; on the basis `published` undefined before it was published. */
export async function shownRun(
  client: ClickHouseClient,
  { county, period, basis }: { county: string; period: string; basis: Basis },
): Promise<ShownRun | undefined> {
  const runs = await shownRuns(client, county, basis);
  return runs.find((run) => run.period === period);
}

/** Rows of one run, of one region where it is given. */
function runRows<T>(
  client: ClickHouseClient,
  from: { table: string; columns: readonly string[]; order: string },
  runId: string,
  region?: string,
): Promise<T[]> {
  return rows<T>(
    client,
    `SELECT ${from.columns.join(', ')} FROM ${from.table} FINAL WHERE run_id = {id:String}
    ${region === undefined ? '' : 'AND region_code = {region:String}'} ORDER BY ${from.order}`,
    { id: runId, region: region ?? '' },
  );
}

/** Units of a run in ranking order: rank, then code; those without a score last. */
export function runUnits(client: ClickHouseClient, runId: string): Promise<RunUnit[]> {
  const order = 'rank ASC NULLS LAST, region_code';
  return runRows<RunUnit>(client, { table: 'run_units', columns: unitColumns, order }, runId);
}

/** Units of several runs, by run. */
export async function unitsOfRuns(
  client: ClickHouseClient,
  runIds: readonly string[],
): Promise<Map<string, RunUnit[]>> {
  const found = await rows<RunUnit & { run_id: string }>(
    client,
    `SELECT run_id, ${unitColumns.join(', ')} FROM run_units FINAL WHERE has({ids:Array(String)}, run_id)
    ORDER BY run_id, region_code`,
    { ids: runIds },
  );
  const units = new Map<string, RunUnit[]>(runIds.map((id) => [id, []]));
  for (const { run_id, ...unit } of found) units.get(run_id)?.push(unit);
  return units;
}

export function runDimensions(client: ClickHouseClient, runId: string): Promise<RunDimension[]> {
  const order = 'region_code, dimension';
  return runRows<RunDimension>(client, { table: 'run_dimensions', columns: dimensionColumns, order }, runId);
}

export async function runIndicators(client: ClickHouseClient, runId: string, region?: string): Promise<RunIndicator[]> {
  const from = { table: 'run_indicators', columns: indicatorColumns, order: 'region_code, code' };
  const found = await runRows<RunIndicator>(client, from, runId, region);
  return found.map((i) => ({ ...i, window_from: i.window_from.slice(0, 7), window_to: i.window_to.slice(0, 7) }));
}

/** Deductions of a run by region, date and case. */
export function runDeductions(client: ClickHouseClient, runId: string, region?: string): Promise<RunDeduction[]> {
  const order = 'region_code, date, case_ref';
  return runRows<RunDeduction>(client, { table: 'run_deductions', columns: deductionColumns, order }, runId, region);
}

export function runPriors(client: ClickHouseClient, runId: string): Promise<RunPrior[]> {
  const order = 'indicator, peer_class';
  return runRows<RunPrior>(client, { table: 'run_priors', columns: priorColumns, order }, runId);
}
