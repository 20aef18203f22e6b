import type { ClickHouseClient } from '@clickhouse/client';
import { execute, insertRows, rows } from './client.js';

/** Superseded runs of a county and period that stay whatever their age. */
const LEAST_KEPT = 10;

/** Ids per statement: parameters travel in the URL, which the server limits to a megabyte. */
const RUNS_PER_STATEMENT = 1_000;

/** Tables with the rows of runs; they name the run and no county. */
export const runRowTables = [
  'run_units',
  'run_dimensions',
  'run_indicators',
  'run_deductions',
  'run_priors',
  'run_stories',
] as const;

/** The last two say that a run exists: a deletion that was interrupted finds it again. */
const runTables = [...runRowTables, 'runs', 'run_current'] as const;

/**
 * Runs that may go: superseded for longer than `days` and not among the last ten of their county and period, or written so long ago
 * and never made current. The current one and those of `kept_runs` are never among them.
 */
export async function prunableRuns(client: ClickHouseClient, days: number): Promise<string[]> {
  const found = await rows<{ run_id: string }>(
    client,
    `WITH
      now64(6) - toIntervalDay({days:UInt32}) AS limit_at,
      activations AS (
        SELECT county, period, run_id, max(activated_at) AS last FROM run_current GROUP BY county, period, run_id),
      ranked AS (
        SELECT run_id, row_number() OVER newest_first AS place, lagInFrame(last, 1) OVER newest_first AS superseded_at
        FROM activations WINDOW newest_first AS (PARTITION BY county, period ORDER BY last DESC, run_id
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
    SELECT run_id FROM (
      SELECT run_id FROM ranked WHERE place > 1 + {least:UInt32} AND superseded_at < limit_at
      UNION DISTINCT
      SELECT run_id FROM runs WHERE created_at < limit_at AND run_id NOT IN (SELECT run_id FROM run_current))
    WHERE run_id NOT IN (SELECT run_id FROM kept_runs) ORDER BY run_id`,
    { days, least: LEAST_KEPT },
  );
  return found.map(({ run_id }) => run_id);
}

/** Deletes runs whole. Nobody may be writing runs meanwhile: one of them could become current again. */
export async function deleteRuns(client: ClickHouseClient, runIds: readonly string[]): Promise<void> {
  for (let at = 0; at < runIds.length; at += RUNS_PER_STATEMENT) {
    const ids = runIds.slice(at, at + RUNS_PER_STATEMENT);
    for (const table of runTables)
      await execute(client, `DELETE FROM ${table} WHERE run_id IN {ids:Array(String)}`, { ids });
  }
}

export async function recordPrune(client: ClickHouseClient, runs: number): Promise<void> {
  await insertRows(client, { table: 'run_prunes', columns: ['runs'], values: [[runs]] });
}

/** Milliseconds since 1970; undefined before the first. */
export async function lastPrune(client: ClickHouseClient): Promise<number | undefined> {
  const [found] = await rows<{ ms: string; n: string }>(
    client,
    'SELECT toUnixTimestamp64Milli(max(finished_at)) AS ms, count() AS n FROM run_prunes',
  );
  return Number(found?.n ?? 0) === 0 ? undefined : Number(found?.ms);
}

/** Keeps a run for good. */
export async function keepRun(client: ClickHouseClient, runId: string, reason: string): Promise<void> {
  await insertRows(client, { table: 'kept_runs', columns: ['run_id', 'reason'], values: [[runId, reason]] });
}
