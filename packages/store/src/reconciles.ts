import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows, rows } from './client.js';
import type { Watermark } from './component-scope.js';
import { newestTime } from './newest-time.js';

export interface Reconcile {
  /** Empty for all counties. */
  county: string;
  /** Messages of the log that were compared. */
  messages: number;
  finished_at: string;
}

/** `full`: log, versions and components. `nightly`: log and versions, by itself. */
export type ReconcileKind = 'full' | 'nightly';

/** What the last reconciliation of a scope left: 0 when log and store agreed. */
export interface ReconcileState {
  /** Empty for all counties. */
  county: string;
  differences: number;
}

export async function recordReconcile(
  client: ClickHouseClient,
  done: { county: string; watermark: Watermark; messages: number; differences: number; kind?: ReconcileKind },
): Promise<void> {
  const { column, time } = await newestTime(client, 'reconciles');
  await insertRows(client, {
    table: 'reconciles',
    columns: ['county', 'log_end', 'messages', 'differences', 'kind', column],
    values: [[done.county, JSON.stringify(done.watermark), done.messages, done.differences, done.kind ?? 'full', time]],
  });
}

/** The last clean reconciliation of all counties (county '') and of each one that was compared by itself. */
export async function lastReconciles(client: ClickHouseClient): Promise<Reconcile[]> {
  const found = await rows<Omit<Reconcile, 'messages'> & { messages: string }>(
    client,
    `SELECT county, messages, finished_at FROM reconciles WHERE differences = 0 ORDER BY county, finished_at DESC LIMIT 1 BY county`,
  );
  return found.map((row) => ({ ...row, messages: Number(row.messages) }));
}

/**
 * The last reconciliation of all counties (county ''), and of each one that was compared by itself after that. What a full one
 * left stays until another full one: a nightly one does not look at components.
 */
export async function reconcileStates(client: ClickHouseClient): Promise<ReconcileState[]> {
  const found = await rows<{ county: string; differences: string }>(
    client,
    `WITH (SELECT max(finished_at) FROM reconciles WHERE county = '' AND kind = 'full') AS last_full
    SELECT county, greatest(
        argMaxIf(differences, finished_at, kind = 'full'),
        argMaxIf(differences, finished_at, kind = 'nightly' AND finished_at > last_full)) AS differences
    FROM reconciles GROUP BY county
    HAVING max(finished_at) >= (SELECT max(finished_at) FROM reconciles WHERE county = '' AND kind = 'full') ORDER BY county`,
  );
  return found.map(({ county, differences }) => ({ county, differences: Number(differences) }));
}

/** When all counties were last compared, with whatever result, milliseconds since 1970; undefined before that. */
export async function lastAttempt(client: ClickHouseClient): Promise<number | undefined> {
  const [found] = await rows<{ ms: string; n: string }>(
    client,
    `SELECT toUnixTimestamp64Milli(max(finished_at)) AS ms, count() AS n FROM reconciles WHERE county = ''`,
  );
  return Number(found?.n ?? 0) === 0 ? undefined : Number(found?.ms);
}
