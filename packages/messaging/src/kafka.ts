import { deadLetterTopic, eventTopics } from '@pingan/contracts';
import type { KafkaAccess, Logger } from '@pingan/runtime';
import { Kafka, logLevel } from 'kafkajs';
import { registerCodecs } from './codecs.js';
import { loginOf } from './kafka-login.js';
import { LogAdmin } from './log-admin.js';

export interface KafkaOptions {
  brokers: string[];
  clientId: string;
  log: Logger;
  /** Without it Kafka is reached in plain text and without a login. */
  access?: KafkaAccess;
}

/** Partitions that are added to a topic are written and read after this time at the latest. */
export const METADATA_MS = 5_000;

/** Access to Kafka, set up once; this package makes its consumers and producers from it. */
export class KafkaClient {
  constructor(private readonly kafka: Kafka) {}

  admin(): LogAdmin {
    return new LogAdmin(this.kafka.admin());
  }

  /** What this package alone works with: only the type of this class is exported from it. */
  static kafkajs({ kafka }: KafkaClient): Kafka {
    return kafka;
  }
}

/** kafkajs tells of every retried request; what an operator must know is said by the callers, once per outage. */
export function createKafka(options: KafkaOptions): KafkaClient {
  registerCodecs();
  const kafka = new Kafka({
    clientId: options.clientId,
    brokers: options.brokers,
    ...loginOf(options.access),
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
  return new KafkaClient(kafka);
}

/** The broker's error code: kafkajs wraps its answer once it has given up. */
export function kafkaCodeOf(error: unknown): number | undefined {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return typeof code === 'number' ? code : typeof cause?.code === 'number' ? cause.code : undefined;
}

/** Dead letters wrap a message of up to the broker's own limit in base64. */
const deadLetterMaxBytes = 4 * 1024 * 1024;

/** Creates the five topics where they are missing. Nothing is ever deleted from the log by age: it is the source of truth. */
export async function ensureTopics(
  client: KafkaClient,
  options: { partitions: number; replicas: number },
): Promise<void> {
  const admin = KafkaClient.kafkajs(client).admin();
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

/** Next position per partition, by topic: everything below is stored. */
export type Watermark = Record<string, string[]>;
