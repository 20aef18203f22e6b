import { type DeadLetter, deadLetter, deadLetterTopic, positionOf } from '@pingan/contracts';
import { CountyRegistry, type Epochs, storeWindow, type WindowContext } from '@pingan/intake';
import { createEventProducer, type LogRange, MessagePack, readLog } from '@pingan/messaging';
import type { Store } from '@pingan/store';
import { kafkaOf } from '../brokers.js';
import type { Installation } from '../installation.js';

/** Messages of one partition that are stored at once. */
const TOGETHER = 8_000;
const TOGETHER_BYTES = 8 * 1024 * 1024;

interface Gathered {
  pack: MessagePack;
  first: number;
  last: number;
  count: number;
  bytes: number;
}

export interface BuildOptions {
  /** Of the five topics, in offsets. */
  ranges: readonly LogRange[];
  epochs: Epochs;
  /** An empty store beside the one in use. */
  into: Store;
  onProgress: (messages: number) => void;
}

/**
 * Stores what the log holds in another database, judged as the aggregator judges it. Letters come from their topic; one that
 * has none there yet, because a region or county was taken out of the registry, is sent to it.
 */
export async function buildBeside(installation: Installation, options: BuildOptions): Promise<void> {
  const { ranges, epochs, into, onProgress } = options;
  const registry = new CountyRegistry(installation.store);
  await registry.load();
  const producer = await createEventProducer({
    brokers: installation.endpoints.kafkaBrokers,
    access: installation.kafka,
    clientId: 'pingan-rebuild',
    log: installation.log,
  });
  let done = 0;
  const target: WindowContext = {
    store: into,
    registry,
    deadLetters: {
      send: async (topic, messages) => {
        const letters = messages.map(({ value }) => deadLetter.parse(JSON.parse(String(value))));
        const known = await into.deadLetters.existing(letters.map(({ id }) => id));
        const fresh = letters.filter(({ id }) => !known.has(id));
        if (fresh.length === 0) return [];
        await into.deadLetters.insert(fresh, tokenOf(fresh));
        return producer.send(
          topic,
          messages.filter(({ key }) => !known.has(key)),
        );
      },
    },
    meter: { onStored: () => undefined, onInserted: () => undefined, onDead: () => undefined },
  };
  const read = async (part: readonly LogRange[]): Promise<void> => {
    const gathered = new Map<string, Gathered & { topic: string; partition: number }>();
    const flush = async (key: string): Promise<void> => {
      const own = gathered.get(key);
      if (!own || own.count === 0) return;
      const { topic, partition, first, last, pack, count } = own;
      await storeWindow({ topic, partition, first: String(first), last: String(last) }, pack.bytes(), target);
      pack.clear();
      gathered.delete(key);
      done += count;
      onProgress(done);
    };
    await readLog({
      kafka: kafkaOf(installation),
      ranges: part,
      onMessages: async ({ topic, partition }, messages) => {
        const key = `${topic}/${partition}`;
        const epoch = epochs.get(topic) ?? 0;
        for (const message of messages) {
          const offset = positionOf(epoch, message.offset);
          const own = gathered.get(key) ?? {
            topic,
            partition,
            pack: new MessagePack(),
            first: offset,
            last: offset,
            count: 0,
            bytes: 0,
          };
          gathered.set(key, own);
          own.pack.add({ ...message, offset });
          own.last = offset;
          own.count += 1;
          own.bytes += message.value?.length ?? 0;
          if (own.count >= TOGETHER || own.bytes >= TOGETHER_BYTES) await flush(key);
        }
      },
    });
    for (const key of [...gathered.keys()]) await flush(key);
  };
  try {
    await read(ranges.filter(({ topic }) => topic === deadLetterTopic));
    await read(ranges.filter(({ topic }) => topic !== deadLetterTopic));
  } finally {
    await producer.close();
  }
}

const tokenOf = (letters: readonly DeadLetter[]) => `${letters[0]!.id}-and-${letters.length - 1}`;
