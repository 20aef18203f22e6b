import type { ClickHouseClient } from '@clickhouse/client';
import type { DeadLetter } from '@pingan/contracts';
import { insertRows, rows, utcText } from './client.js';

export interface StoredDeadLetter extends DeadLetter {
  stored_at: string;
}

const columns = [
  'id',
  'reason',
  'detail',
  'topic',
  'kafka_partition',
  'kafka_offset',
  'key',
  'bytes',
  'failed_at',
] as const;

const selection = `id, reason, detail, topic, kafka_partition AS partition, toString(kafka_offset) AS offset, key,
  bytes, failed_at, stored_at`;

export async function insertDeadLetters(
  client: ClickHouseClient,
  letters: readonly DeadLetter[],
  token: string,
): Promise<void> {
  await insertRows(client, {
    table: 'dead_letters',
    columns,
    token,
    values: letters.map((l) => [
      l.id,
      l.reason,
      l.detail,
      l.topic,
      l.partition,
      l.offset,
      l.key,
      l.bytes,
      utcText(Date.parse(l.failed_at)),
    ]),
  });
}

/** The newest dead letters first. */
export function listDeadLetters(client: ClickHouseClient, limit: number): Promise<StoredDeadLetter[]> {
  return rows<StoredDeadLetter>(
    client,
    `SELECT ${selection} FROM dead_letters FINAL
    ORDER BY failed_at DESC, topic, kafka_partition, kafka_offset DESC LIMIT {limit:UInt32}`,
    { limit },
  );
}

export async function getDeadLetter(client: ClickHouseClient, id: string): Promise<StoredDeadLetter | undefined> {
  const [found] = await rows<StoredDeadLetter>(
    client,
    `SELECT ${selection} FROM dead_letters FINAL WHERE id = {id:String}`,
    { id },
  );
  return found;
}

export async function countDeadLetters(client: ClickHouseClient): Promise<{ reason: string; count: number }[]> {
  const found = await rows<{ reason: string; count: string }>(
    client,
    'SELECT reason, count() AS count FROM dead_letters FINAL GROUP BY reason ORDER BY count DESC, reason',
  );
  return found.map(({ reason, count }) => ({ reason, count: Number(count) }));
}
