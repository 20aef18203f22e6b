import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows, rows } from './client.js';
import { newestTime } from './newest-time.js';
import { keepRun } from './prune-runs.js';
import type { RunHead } from './run-rows.js';

/**
 * Makes written runs the published ones of their months. They are kept for good first, so that none is pruned in between.
 * Publishing the same run again changes nothing that is shown.
 */
export async function publishRuns(client: ClickHouseClient, heads: readonly RunHead[]): Promise<void> {
  if (heads.length === 0) return;
  for (const { run_id } of heads) await keepRun(client, run_id, 'published');
  const params = { counties: [...new Set(heads.map(({ county }) => county))] };
  const where = 'has({counties:Array(String)}, county)';
  const { column, time } = await newestTime(client, 'run_published', { where, params });
  await insertRows(client, {
    table: 'run_published',
    columns: ['county', 'period', 'run_id', column],
    values: heads.map(({ county, period, run_id }) => [county, `${period}-01`, run_id, time]),
  });
}

/** Months (`YYYY-MM`) of a county of which a run was ever published, in order. */
export async function publishedMonths(client: ClickHouseClient, county: string): Promise<string[]> {
  const found = await rows<{ month: string }>(
    client,
    `SELECT DISTINCT formatDateTime(period, '%Y-%m') AS month FROM run_published WHERE county = {county:String}
    ORDER BY month`,
    { county },
  );
  return found.map(({ month }) => month);
}
