import type { ClickHouseClient } from '@clickhouse/client';
import { type Params, rows } from './client.js';

/** Tables in which of two rows the one with the later time counts, and the column of that time. */
const timeColumns = {
  counties: 'updated_at',
  schemes: 'activated_at',
  run_current: 'activated_at',
  run_published: 'published_at',
  reconciles: 'finished_at',
  dead_letter_replays: 'replayed_at',
  dead_letter_acknowledgements: 'acknowledged_at',
  catalogue_indicators: 'written_at',
  catalogue_words: 'written_at',
} as const;

export type TimedTable = keyof typeof timeColumns;

/**
 * A time for rows that must count from now on: the server's, or just after the newest that stands there. With the server's
 * alone a registration made after its clock was set back would lose against an older one without a word.
 */
export async function newestTime(
  client: ClickHouseClient,
  table: TimedTable,
  { where = '1', params = {} }: { where?: string; params?: Params } = {},
): Promise<{ column: string; time: string }> {
  const column = timeColumns[table];
  const [found] = await rows<{ time: string }>(
    client,
    `SELECT toString(greatest(now64(6, 'UTC'), max(toDateTime64(${column}, 6, 'UTC')) + INTERVAL 1 MILLISECOND)) AS time
    FROM ${table} WHERE ${where}`,
    params,
  );
  return { column, time: found!.time };
}
