import { setTimeout as sleep } from 'node:timers/promises';
import { Partitioners, type Producer } from 'kafkajs';
import { answeredFor, type Written } from './answered.js';
import { createKafka, KafkaClient, type KafkaOptions, kafkaCodeOf, METADATA_MS } from './kafka.js';
import { isKafkaMoving, kafkaMovingText } from './kafka-moving.js';

export interface OutgoingMessage {
  key: string;
  value: string | Buffer;
}

export interface EventProducer {
  /**
   * Sends one batch, acknowledged by all replicas. Returns the last offset written per partition.
   * @throws when Kafka stays away longer than `giveUpMs`, or at once for an error that waiting cannot mend.
   */
  send: (topic: string, messages: OutgoingMessage[]) => Promise<Written[]>;
  /** Batches that wait and batches that were acknowledged. */
  look: () => { pending: boolean; finished: number };
  close: () => Promise<void>;
}

export interface ProducerOptions extends KafkaOptions {
  /** Without it a send waits for Kafka as long as it takes. */
  giveUpMs?: number;
  signal?: AbortSignal;
}

/** kafkajs calls these retriable or fatal, but its idempotent producer never recovers from them: it must be rebuilt. */
const wedged = new Set([45, 46, 47, 65]);

/** Errors that no waiting mends, e.g. a message above the broker's limit (10). */
function isFinal(error: unknown): boolean {
  const code = kafkaCodeOf(error);
  return code === 10 || code === 18 || code === 29;
}

/** An idempotent producer with one request in flight, rebuilt when it wedges. Calls to `send` are done one by one. */
export async function createEventProducer(options: ProducerOptions): Promise<EventProducer> {
  const kafka = KafkaClient.kafkajs(createKafka(options));
  const placed = new Map<object, number>();
  let producer: Producer | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let finished = 0;

  const connected = async (): Promise<Producer> => {
    if (producer) return producer;
    const fresh = kafka.producer({
      createPartitioner: () => {
        const choose = Partitioners.DefaultPartitioner();
        return (args) => {
          const partition = choose(args);
          placed.set(args.message, partition);
          return partition;
        };
      },
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MS,
      retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 5 },
    });
    await fresh.connect();
    producer = fresh;
    return fresh;
  };
  const discard = async (): Promise<void> => {
    const old = producer;
    producer = undefined;
    await old?.disconnect().catch(() => undefined);
  };

  const attempt = async (topic: string, messages: OutgoingMessage[]) => {
    const client = await connected();
    placed.clear();
    const written = await client.send({ topic, messages, acks: -1 });
    return answeredFor(placed.values(), written);
  };

  const deliver = async (topic: string, messages: OutgoingMessage[]) => {
    const startedAt = Date.now();
    let down = false;
    for (;;) {
      options.signal?.throwIfAborted();
      try {
        const result = await attempt(topic, messages);
        if (down) options.log.info('Kafka 已恢复');
        return result;
      } catch (error) {
        if (isFinal(error)) throw error;
        if (!down && !wedged.has(kafkaCodeOf(error) ?? -1)) {
          const detail = { detail: (error as Error).message };
          options.log.warn(detail, isKafkaMoving(error) ? `${kafkaMovingText}，等待完成` : 'Kafka 不可用，等待恢复');
          down = true;
        }
        await discard();
        if (options.giveUpMs !== undefined && Date.now() - startedAt > options.giveUpMs) throw error;
        await sleep(500, undefined, options.signal ? { signal: options.signal } : {});
      }
    }
  };

  return {
    send: (topic, messages) => {
      if (messages.length === 0) return Promise.resolve([]);
      waiting += 1;
      const result = queue.then(() => deliver(topic, messages));
      queue = result.then(
        () => {
          waiting -= 1;
          finished += 1;
        },
        () => {
          waiting -= 1;
        },
      );
      return result;
    },
    look: () => ({ pending: waiting > 0, finished }),
    close: async () => {
      await queue;
      await discard();
    },
  };
}
