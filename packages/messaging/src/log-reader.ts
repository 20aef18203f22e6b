import { randomUUID } from 'node:crypto';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { compressionName } from './codecs.js';
import { KafkaClient } from './kafka.js';
import type { RawMessage } from './pack.js';

/** Offsets `from` up to, and without, `to` of one partition. */
export interface LogRange {
  topic: string;
  partition: number;
  from: bigint;
  to: bigint;
}

export interface LogReaderOptions {
  kafka: KafkaClient;
  /** At most one per partition; empty ones are passed over. */
  ranges: readonly LogRange[];
  /** Messages of one partition in log order; the next batch waits for it. */
  onMessages: (place: { topic: string; partition: number }, messages: RawMessage[]) => Promise<void>;
}

/** The log cannot be read as it is; the message is for an operator. */
export class LogReadError extends Error {
  override readonly name = 'LogReadError';
}

/** Longer than anything that is done with one batch. */
const SESSION_MS = 300_000;

const placeOf = (topic: string, partition: number) => `${topic}-${partition}`;

/**
 * Reads parts of the log once, in a group of its own that commits nothing and is deleted afterwards: nobody else's reading
 * is disturbed. Memory is bounded by one fetch.
 * @throws LogReadError; when kafkajs gives up, or what `onMessages` throws.
 */
export async function readLog({ kafka: client, ranges, onMessages }: LogReaderOptions): Promise<void> {
  const left = new Map(
    ranges.filter(({ from, to }) => from < to).map((range) => [placeOf(range.topic, range.partition), range]),
  );
  if (left.size === 0) return;
  const wanted = [...left.values()];
  const topics = [...new Set(wanted.map(({ topic }) => topic))];
  const kafka = KafkaClient.kafkajs(client);
  const groupId = `pingan.reader-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, sessionTimeout: SESSION_MS, allowAutoTopicCreation: false });
  /** A group that lost its member begins anew: what was handed on once is passed over. */
  const next = new Map(wanted.map(({ topic, partition, from }) => [placeOf(topic, partition), from]));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const { END_BATCH_PROCESS, OFFSET_OUT_OF_RANGE, UNREADABLE_BATCH } = consumer.events;
      consumer.on(UNREADABLE_BATCH, ({ payload: { topic, partition, offset, compression } }) => {
        const how = `压缩方式 ${compressionName(compression)}`;
        reject(new LogReadError(`${topic} 分区 ${partition} 位移 ${offset} 起的一批消息无法解压（${how}）。`));
      });
      consumer.on(OFFSET_OUT_OF_RANGE, ({ payload: { topic, partition, offset } }) => {
        reject(new LogReadError(`${topic} 分区 ${partition} 位移 ${offset} 不在日志中。`));
      });
      const reached = (topic: string, partition: number, next: bigint): void => {
        const range = left.get(placeOf(topic, partition));
        if (!range || next < range.to) return;
        left.delete(placeOf(topic, partition));
        consumer.pause([{ topic, partitions: [partition] }]);
        if (left.size === 0) resolve();
      };
      // kafkajs hands over no batch that has only markers of transactions and aborted messages.
      consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
        if (batchSize === 0) reached(topic, partition, BigInt(lastOffset) + 1n);
      });
      const take = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> => {
        const { topic, partition } = batch;
        const place = placeOf(topic, partition);
        const range = left.get(place);
        if (!range) {
          consumer.pause([{ topic, partitions: [partition] }]);
          return;
        }
        const messages = batch.messages
          .map(({ offset, timestamp, key, value }) => ({
            offset: Number(offset),
            timestamp: Number(timestamp),
            key,
            value,
          }))
          .filter(({ offset }) => offset >= (next.get(place) ?? range.from) && offset < range.to);
        const last = messages.at(-1);
        if (last) next.set(place, BigInt(last.offset) + 1n);
        try {
          if (messages.length > 0) await onMessages({ topic, partition }, messages);
        } catch (error) {
          reject(error);
          return;
        }
        resolveOffset(batch.lastOffset());
        await heartbeat();
        reached(topic, partition, BigInt(batch.lastOffset()) + 1n);
      };
      consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: take }).then(() => {
        for (const { topic, partition, from } of wanted) consumer.seek({ topic, partition, offset: String(from) });
      }, reject);
    });
  } finally {
    await consumer.disconnect();
    await forget(kafka, groupId);
  }
}

async function forget(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.deleteGroups([groupId]);
  } finally {
    await admin.disconnect();
  }
}
