import { deadLetterTopic, eventTopics } from '@pingan/contracts';
import type { KafkaAccess, Logger } from '@pingan/runtime';
import { type Admin, Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { registerCodecs } from './codecs.js';

export interface KafkaOptions {
  brokers: string[];
  clientId: string;
  log: Logger;
  /** Without it Kafka is reached in plain text and without a login. */
  access?: KafkaAccess;
}

/** Partitions that are added to a topic are written and read after this time at the latest. */
export const METADATA_MS = 5_000;

/** kafkajs has a type per mechanism. */
function saslOf(access: KafkaAccess | undefined): Pick<KafkaConfig, 'sasl'> {
  return access?.sasl ? { sasl: access.sasl as SASLOptions } : {};
}

/** kafkajs tells of every retried request; what an operator must know is said by the callers, once per outage. */
export function createKafka(options: KafkaOptions): Kafka {
  registerCodecs();
  return new Kafka({
    clientId: options.clientId,
    brokers: options.brokers,
    ssl: options.access?.ssl ?? false,
    ...saslOf(options.access),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 5 },
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ namespace, log }) => {
        options.log.debug({ namespace, detail: log.message, error: log.error as unknown }, 'kafkajs');
      },
  });
}

/** The broker's error code: kafkajs wraps its answer once it has given up. */
export function kafkaCodeOf(error: unknown): number | undefined {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return typeof code === 'number' ? code : typeof cause?.code === 'number' ? cause.code : undefined;
}

/** Dead letters wrap a message of up to the broker's own limit in base64. */
const deadLetterMaxBytes = 4 * 1024 * 1024;

/** Creates the five topics where they are missing. Nothing is ever deleted from the log by age: it is the source of truth. */
export async function ensureTopics(kafka: Kafka, options: { partitions: number; replicas: number }): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = [...eventTopics, deadLetterTopic].filter((topic) => !existing.has(topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic,
        numPartitions: topic === deadLetterTopic ? 1 : options.partitions,
        replicationFactor: options.replicas,
        configEntries: [
          { name: 'retention.ms', value: '-1' },
          // What claims to be later than its message is refused: that clock must not be the sender's.
          { name: 'message.timestamp.type', value: 'LogAppendTime' },
          { name: 'max.message.bytes', value: String(topic === deadLetterTopic ? deadLetterMaxBytes : 1_048_576) },
        ],
      })),
    });
  } finally {
    await admin.disconnect();
  }
}

export interface PartitionLag {
  topic: string;
  partition: number;
  /** Next offset the group will read; everything below is in ClickHouse. */
  committed: bigint;
  /** First offset that the log still has. */
  low: bigint;
  end: bigint;
  lag: bigint;
}

/** Committed and end offsets of every partition of the five topics. */
export async function partitionLags(admin: Admin, groupId: string): Promise<PartitionLag[]> {
  const topics = [...eventTopics, deadLetterTopic];
  const [committed, ...ends] = await Promise.all([
    admin.fetchOffsets({ groupId, topics }),
    ...topics.map((topic) => admin.fetchTopicOffsets(topic)),
  ]);
  return topics.flatMap((topic, i) => {
    const offsets = new Map(
      committed.find((entry) => entry.topic === topic)?.partitions.map((p) => [p.partition, p.offset]),
    );
    return (ends[i] ?? [])
      .map((end) => {
        const raw = BigInt(offsets.get(end.partition) ?? '-1');
        const from = raw < 0n ? BigInt(end.low) : raw;
        return {
          topic,
          partition: end.partition,
          committed: from,
          low: BigInt(end.low),
          end: BigInt(end.high),
          lag: BigInt(end.high) - from,
        };
      })
      .sort((a, b) => a.partition - b.partition);
  });
}

/** Next position per partition, by topic: everything below is stored. */
export type Watermark = Record<string, string[]>;
