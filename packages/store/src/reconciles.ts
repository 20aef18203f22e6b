import type { ClickHouseClient } from '@clickhouse/client';
import { insertRows, rows } from './client.js';
import type { Watermark } from './component-scope.js';

export interface Reconcile {
  /** Empty for all counties. */
  county: string;
  /** Messages of the log that were compared. */
  messages: number;
  finished_at: string;
}

/** What the last reconciliation of a scope left: 0 when log and store agreed. */
export interface ReconcileState {
  /** Empty for all counties. */
  county: string;
  differences: number;
}

export async function recordReconcile(
  client: ClickHouseClient,
  done: { county: string; watermark: Watermark; messages: number; differences: number },
): Promise<void> {
  await insertRows(client, {
    table: 'reconciles',
    columns: ['county', 'log_end', 'messages', 'differences'],
    values: [[done.county, JSON.stringify(done.watermark), done.messages, done.differences]],
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

/** The last reconciliation of all counties (county ''), and of each one that was compared by itself after that. */
export async function reconcileStates(client: ClickHouseClient): Promise<ReconcileState[]> {
  const found = await rows<{ county: string; differences: string }>(
    client,
    `SELECT county, argMax(differences, finished_at) AS differences FROM reconciles GROUP BY county
    HAVING max(finished_at) >= (SELECT max(finished_at) FROM reconciles WHERE county = '') ORDER BY county`,
  );
  return found.map(({ county, differences }) => ({ county, differences: Number(differences) }));
}
