import { deadLetterTopic, eventTopics, ingestorGroup } from '@pingan/contracts';
import { type Admin, Kafka, type KafkaConfig, logLevel, Partitioners, type SASLOptions } from 'kafkajs';
import { DEADLINE_MS, until } from './poll.js';

export interface RawMessage {
  topic: string;
  key: string;
  value: string | Buffer;
}

const BATCH = 2_000;

/** What kafkajs wants to know, from the variables that the product reads. */
export function loginToKafka(env: Record<string, string | undefined>): Pick<KafkaConfig, 'sasl'> {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = env;
  if (!mechanism || !username || !password) return {};
  return { sasl: { mechanism, username, password } as SASLOptions };
}

/** Plain kafkajs, none of the product's messaging: what the tests send and read does not depend on it. `env` says how to log in. */
export function openKafka(brokers: string, env: Record<string, string | undefined> = {}) {
  const kafka = new Kafka({
    clientId: 'pingan-test',
    brokers: brokers.split(','),
    ...loginToKafka(env),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 8 },
  });

  async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = kafka.admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /**
   * Sends in order, so many together; with `partition` all of it to one. `onBatch` is told how many were sent so far.
   */
  async function send(
    messages: readonly RawMessage[],
    options: { partition?: number; together?: number; onBatch?: (sent: number) => Promise<void> | void } = {},
  ): Promise<void> {
    const { partition, together = BATCH, onBatch } = options;
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    try {
      for (let from = 0; from < messages.length; from += together) {
        const batch = messages.slice(from, from + together);
        const topics = [...new Set(batch.map(({ topic }) => topic))];
        await producer.sendBatch({
          acks: -1,
          topicMessages: topics.map((topic) => ({
            topic,
            messages: batch
              .filter((message) => message.topic === topic)
              .map(({ key, value }) => (partition === undefined ? { key, value } : { key, value, partition })),
          })),
        });
        await onBatch?.(from + batch.length);
      }
    } finally {
      await producer.disconnect();
    }
  }

  /** Takes an offset of a partition that no reader is ever given a message for, and one more for the marker. */
  async function sendAborted(topic: string, partition: number): Promise<number> {
    const producer = kafka.producer({
      transactionalId: `aborted-${Date.now()}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    try {
      const transaction = await producer.transaction();
      const [written] = await transaction.send({ topic, messages: [{ key: 'none', value: 'none', partition }] });
      await transaction.abort();
      const offset = Number(written!.baseOffset);
      // The broker writes the marker after it has answered.
      await withAdmin((admin) =>
        until('the marker is written', async () => {
          const ends = await admin.fetchTopicOffsets(topic);
          return Number(ends.find((end) => end.partition === partition)?.high) >= offset + 2;
        }),
      );
      return offset;
    } finally {
      await producer.disconnect();
    }
  }

  /** Messages of the five topics the ingestor has not committed. */
  async function lag(admin: Admin): Promise<number> {
    const topics = [...eventTopics, deadLetterTopic];
    const committed = await admin.fetchOffsets({ groupId: ingestorGroup, topics });
    let left = 0;
    for (const topic of topics) {
      const known = committed.find((entry) => entry.topic === topic)?.partitions ?? [];
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        const offset = Number(known.find((p) => p.partition === partition)?.offset ?? -1);
        left += Number(high) - (offset < 0 ? Number(low) : offset);
      }
    }
    return left;
  }

  /** The log without anything in it, and a group that has read nothing. */
  async function reset(): Promise<void> {
    await withAdmin(async (admin) => {
      const wanted = new Set([...eventTopics, deadLetterTopic]);
      const ours = async () => (await admin.listTopics()).filter((topic) => wanted.has(topic));
      const topics = await ours();
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await until('topics are gone', async () => (await ours()).length === 0);
      await until('the group is gone', async () => {
        const { groups } = await admin.listGroups();
        if (!groups.some(({ groupId }) => groupId === ingestorGroup)) return true;
        await admin.deleteGroups([ingestorGroup]);
        return true;
      });
    });
  }

  /** The five topics, empty, as the ingestor would make them. */
  async function make({ partitions }: { partitions: number }): Promise<void> {
    await withAdmin((admin) =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [...eventTopics, deadLetterTopic].map((topic) => ({
          topic,
          numPartitions: topic === deadLetterTopic ? 1 : partitions,
          configEntries: [
            { name: 'retention.ms', value: '-1' },
            { name: 'max.message.bytes', value: String(topic === deadLetterTopic ? 4_194_304 : 1_048_576) },
          ],
        })),
      }),
    );
  }

  /** One more member of the ingestor's group, which takes its share of the partitions and does nothing with it. */
  async function joinIdly(): Promise<{ leave: () => Promise<void> }> {
    const consumer = kafka.consumer({ groupId: ingestorGroup, sessionTimeout: 10_000 });
    await consumer.connect();
    await consumer.subscribe({ topics: [...eventTopics, deadLetterTopic], fromBeginning: true });
    const joining = consumer.run({ autoCommit: false, eachBatch: async ({ pause }) => void pause() });
    return {
      leave: async () => {
        await joining;
        await consumer.disconnect();
      },
    };
  }

  /** Waits until the ingestor has committed the end of the log, dead letters included. */
  const caughtUp = (deadlineMs = DEADLINE_MS): Promise<unknown> =>
    withAdmin((admin) =>
      until('the ingestor has committed the end of the log', async () => (await lag(admin)) === 0, { deadlineMs }),
    );

  return { send, sendAborted, reset, make, lag, joinIdly, caughtUp, withAdmin };
}
