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

export async function recordReconcile(
  client: ClickHouseClient,
  done: { county: string; watermark: Watermark; messages: number },
): Promise<void> {
  await insertRows(client, {
    table: 'reconciles',
    columns: ['county', 'log_end', 'messages'],
    values: [[done.county, JSON.stringify(done.watermark), done.messages]],
  });
}

/** The last clean reconciliation of all counties (county '') and of each one that was compared by itself. */
export async function lastReconciles(client: ClickHouseClient): Promise<Reconcile[]> {
  const found = await rows<Omit<Reconcile, 'messages'> & { messages: string }>(
    client,
    `SELECT county, messages, finished_at FROM reconciles ORDER BY county, finished_at DESC LIMIT 1 BY county`,
  );
  return found.map((row) => ({ ...row, messages: Number(row.messages) }));
}
