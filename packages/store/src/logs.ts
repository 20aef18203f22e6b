import type { ClickHouseClient } from '@clickhouse/client';
import { EPOCH_SPAN, type Stream, streams, topicOf } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { insertRows, rows } from './client.js';
import type { Watermark } from './component-scope.js';

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

/** How far each partition of each epoch is stored, dead letters included. Nothing stored, nothing returned. */
export async function storedReach(client: ClickHouseClient): Promise<Reach[]> {
  const parts = streams.map(
    (stream) => `SELECT '${topicOf(stream)}' AS topic, kafka_partition, kafka_offset FROM ${caseTable(stream)}`,
  );
  const found = await rows<{ topic: string; partition: number; epoch: string; last: string }>(
    client,
    `SELECT topic, kafka_partition AS partition, intDiv(kafka_offset, {span:UInt64}) AS epoch,
      max(kafka_offset) % {span:UInt64} AS last
    FROM (${parts.join(' UNION ALL ')} UNION ALL SELECT topic, kafka_partition, kafka_offset FROM dead_letters)
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

/** Stored versions of one partition that the log cannot bring back. */
export interface VersionsOutside {
  partition: number;
  /** Of an earlier log, or of messages that Kafka has deleted; the greatest position among them. */
  before: number;
  lastBefore: bigint;
  /** At positions that the log has not reached. */
  beyond: number;
  lastBeyond: bigint;
}

export async function versionsOutside(
  client: ClickHouseClient,
  stream: Stream,
  { from, to }: LogExtent,
  county = '',
): Promise<VersionsOutside[]> {
  const topic = topicOf(stream);
  const found = await rows<Record<string, string> & { partition: number }>(
    client,
    `WITH kafka_partition >= length({from:Array(UInt64)}) AS of_no_partition,
      of_no_partition OR kafka_offset < arrayElement({from:Array(UInt64)}, kafka_partition + 1) AS is_before,
      NOT of_no_partition AND kafka_offset >= arrayElement({to:Array(UInt64)}, kafka_partition + 1) AS is_beyond
    SELECT kafka_partition AS partition, countIf(is_before) AS before, maxIf(kafka_offset, is_before) AS last_before,
      countIf(is_beyond) AS beyond, maxIf(kafka_offset, is_beyond) AS last_beyond
    FROM ${caseTable(stream)} FINAL
    WHERE (is_before OR is_beyond) AND ({county:String} = '' OR county = {county:String})
    GROUP BY partition ORDER BY partition`,
    { from: from[topic] ?? [], to: to[topic] ?? [], county },
  );
  return found.map(({ partition, before, last_before, beyond, last_beyond }) => ({
    partition,
    before: Number(before),
    lastBefore: BigInt(last_before!),
    beyond: Number(beyond),
    lastBeyond: BigInt(last_beyond!),
  }));
}
