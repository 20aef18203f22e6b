import type { ClickHouseClient } from '@clickhouse/client';
import { EPOCH_SPAN, type Stream, streams, topicOf } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { insertRows, rows } from './client.js';
import { offsetsOf, type Watermark } from './component-scope.js';

/** The log that a topic's positions belong to now. */
export interface KnownLog {
  topic: string;
  epoch: number;
  /** As Kafka names it; of a log that is just being adopted none, so that nobody reads it. */
  topic_id: string;
  cluster_id: string;
  partitions: number;
}

/** The newest epoch of every topic that was ever read. */
export function knownLogs(client: ClickHouseClient): Promise<KnownLog[]> {
  return rows<KnownLog>(
    client,
    `SELECT topic, epoch, topic_id, cluster_id, partitions FROM logs
    ORDER BY topic, epoch DESC, noted_at DESC LIMIT 1 BY topic`,
  );
}

export async function noteLogs(client: ClickHouseClient, logs: readonly KnownLog[]): Promise<void> {
  await insertRows(client, {
    table: 'logs',
    columns: ['topic', 'epoch', 'topic_id', 'cluster_id', 'partitions'],
    values: logs.map(({ topic, epoch, topic_id, cluster_id, partitions }) => [
      topic,
      epoch,
      topic_id,
      cluster_id,
      partitions,
    ]),
  });
}

export interface Reach {
  topic: string;
  partition: number;
  epoch: number;
  /** The greatest offset of that epoch that is stored or set aside. */
  last: bigint;
}

/** How far each partition of each epoch is stored, set aside or left out (a county that starts later). Nothing stored, nothing returned. */
export async function storedReach(client: ClickHouseClient): Promise<Reach[]> {
  const parts = streams.map(
    (stream) => `SELECT '${topicOf(stream)}' AS topic, kafka_partition, kafka_offset FROM ${caseTable(stream)}`,
  );
  const found = await rows<{ topic: string; partition: number; epoch: string; last: string }>(
    client,
    `SELECT topic, kafka_partition AS partition, intDiv(kafka_offset, {span:UInt64}) AS epoch,
      max(kafka_offset) % {span:UInt64} AS last
    FROM (${parts.join(' UNION ALL ')} UNION ALL SELECT topic, kafka_partition, kafka_offset FROM dead_letters
      UNION ALL SELECT topic, kafka_partition, toUInt64(position - 1) FROM county_starts WHERE position % {span:UInt64} > 0)
    GROUP BY topic, partition, epoch`,
    { span: EPOCH_SPAN },
  );
  return found.map(({ topic, partition, epoch, last }) => ({
    topic,
    partition,
    epoch: Number(epoch),
    last: BigInt(last),
  }));
}

/** First and next position per partition of what the log still holds, by topic. */
export interface LogExtent {
  from: Watermark;
  to: Watermark;
}

/** Stored versions of one partition that lie before the log: of an earlier one, or of messages that Kafka has deleted. */
export interface VersionsBefore {
  partition: number;
  versions: number;
  /** The greatest position among them. */
  last: bigint;
}

export async function versionsBefore(
  client: ClickHouseClient,
  stream: Stream,
  from: Watermark,
  county = '',
): Promise<VersionsBefore[]> {
  const found = await rows<{ partition: number; versions: string; last: string }>(
    client,
    `SELECT kafka_partition AS partition, count() AS versions, max(kafka_offset) AS last FROM ${caseTable(stream)} FINAL
    WHERE (kafka_partition >= length({from:Array(UInt64)})
        OR kafka_offset < arrayElement({from:Array(UInt64)}, kafka_partition + 1))
      AND ({county:String} = '' OR county = {county:String})
    GROUP BY partition ORDER BY partition`,
    { from: offsetsOf(from, stream), county },
  );
  return found.map(({ partition, versions, last }) => ({ partition, versions: Number(versions), last: BigInt(last) }));
}
