import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

/** What `patches/` mends inside of kafkajs, where it can be seen without a broker. */
const load = createRequire(import.meta.url);
const filterAborted = load('kafkajs/src/consumer/filterAbortedMessages.js') as (input: {
  messages: object[];
  abortedTransactions: { producerId: string; firstOffset: string }[];
}) => { offset: string }[];
const decodeMessages = load('kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js') as (
  decoder: object,
) => Promise<{ offset: string }[]>;
const Decoder = load('kafkajs/src/protocol/decoder.js') as new (bytes: Buffer) => object;
const Batch = load('kafkajs/src/consumer/batch.js') as new (
  topic: string,
  from: string,
  data: object,
) => { isEmptyDueToFiltering: () => boolean; lastOffset: () => string; unreadable?: { compression: number } };

type Answers = { partition: number; baseOffset: string }[];
const sendMessages = load('kafkajs/src/producer/sendMessages.js') as (
  options: object,
) => (batch: object) => Promise<Answers>;
const createRetry = load('kafkajs/src/retry') as (options: object) => object;

const message = (offset: number, producerId: string, key = 'k') => ({
  offset: String(offset),
  key: Buffer.from(key),
  isControlRecord: false,
  batchContext: { producerId, inTransaction: true },
});
const abortMarker = (offset: number, producerId: string) => ({
  ...message(offset, producerId, '\0\0\0\0'),
  isControlRecord: true,
});

describe('aborted messages', () => {
  const offsets = (messages: object[], abortedTransactions: { producerId: string; firstOffset: string }[]) =>
    filterAborted({ messages, abortedTransactions }).map(({ offset }) => Number(offset));

  it('are filtered from the first message on where several transactions had begun before', () => {
    const aborted = [
      { producerId: '7', firstOffset: '3' },
      { producerId: '8', firstOffset: '1' },
    ];
    const messages = [message(10, '7'), message(11, '8'), abortMarker(12, '8'), message(13, '8'), message(14, '7')];
    expect(offsets(messages, aborted)).toEqual([12, 13]);
  });

  it('are filtered up to the marker, not to a message whose key looks like one', () => {
    const aborted = [{ producerId: '7', firstOffset: '0' }];
    expect(offsets([message(0, '7', '\0\0\0\0'), message(1, '7')], aborted)).toEqual([]);
  });
});

/** A record batch without records, as compaction leaves it, or with bytes in a compression. */
function recordBatch(options: { first: number; lastDelta: number; attributes?: number; records?: Buffer }): Buffer {
  const { first, lastDelta, attributes = 0, records = Buffer.alloc(0) } = options;
  const batch = Buffer.alloc(61 + records.length);
  batch.writeBigInt64BE(BigInt(first), 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(attributes, 21);
  batch.writeInt32BE(lastDelta, 23);
  batch.writeInt32BE(records.length > 0 ? 1 : 0, 57);
  records.copy(batch, 61);
  return batch;
}

async function read(from: string, ...batches: Buffer[]) {
  const bytes = Buffer.concat(batches);
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  const messages = await decodeMessages(new Decoder(Buffer.concat([size, bytes])));
  return new Batch('t', from, { partition: 0, highWatermark: '99', abortedTransactions: [], messages });
}

describe('what ends a fetch', () => {
  it('is passed over where compaction left a batch without records', async () => {
    const batch = await read('40', recordBatch({ first: 38, lastDelta: 7 }));
    expect([batch.isEmptyDueToFiltering(), batch.lastOffset()]).toEqual([true, '45']);
  });

  it('is never passed over where a batch cannot be decompressed', async () => {
    const torn = recordBatch({ first: 46, lastDelta: 0, attributes: 1, records: Buffer.from('no gzip') });
    const alone = await read('46', torn);
    expect([alone.isEmptyDueToFiltering(), alone.unreadable?.compression]).toEqual([false, 1]);
    const behind = await read('40', recordBatch({ first: 38, lastDelta: 7 }), torn);
    expect(behind.lastOffset()).toBe('45');
  });

  it('is never passed over where the compression has no name yet', async () => {
    const unknown = recordBatch({ first: 46, lastDelta: 0, attributes: 5, records: Buffer.from('any') });
    expect((await read('46', unknown)).unreadable?.compression).toBe(5);
  });
});

/** Two brokers with a partition each, of which the second fails once; the first leads both from then on. */
function failingOver() {
  const asked: [broker: string, partitions: number[]][] = [];
  const leaders = [1, 2];
  let firstHasAnswered: () => void;
  const answered = new Promise<void>((resolve) => {
    firstHasAnswered = resolve;
  });
  type Asked = { topicData: { partitions: { partition: number }[] }[] };
  const partitionsOf = ({ topicData }: Asked) =>
    topicData.flatMap(({ partitions }) => partitions.map(({ partition }) => Number(partition)));
  const brokers = [
    {
      nodeId: 1,
      produce: async (request: Asked) => {
        const partitions = partitionsOf(request);
        asked.push(['A', partitions]);
        // The failure of the other is heard of after this answer.
        setTimeout(firstHasAnswered, 5);
        return {
          topics: [{ topicName: 't', partitions: partitions.map((partition) => ({ partition, baseOffset: '0' })) }],
        };
      },
    },
    {
      nodeId: 2,
      produce: async (request: Asked) => {
        asked.push(['B', partitionsOf(request)]);
        await answered;
        throw Object.assign(new Error('gone'), { name: 'KafkaJSConnectionError', retriable: true });
      },
    },
  ];
  const nothing = () => undefined;
  const cluster = {
    addMultipleTargetTopics: nothing,
    refreshMetadataIfNecessary: nothing,
    isConnected: () => true,
    removeBroker: nothing,
    findTopicPartitionMetadata: () => leaders.map((leader, partitionId) => ({ partitionId, leader })),
    findLeaderForPartitions: (_: string, partitions: string[]) => {
      const led: Record<number, number[]> = {};
      for (const partition of partitions.map(Number)) {
        led[leaders[partition]!] ??= [];
        led[leaders[partition]!]!.push(partition);
      }
      return led;
    },
    findBroker: ({ nodeId }: { nodeId: string }) => brokers.find((broker) => String(broker.nodeId) === String(nodeId)),
    refreshMetadata: () => {
      leaders[1] = 1;
    },
  };
  const eosManager = {
    acquireBrokerLock: nothing,
    releaseBrokerLock: nothing,
    isTransactional: () => false,
    getSequence: () => 0,
    updateSequence: nothing,
    getProducerId: () => 1,
    getProducerEpoch: () => 0,
  };
  return { asked, cluster, eosManager };
}

describe('a send of which one broker fails', () => {
  it('asks a broker again that has answered, since what the other led may have moved there', async () => {
    const { asked, cluster, eosManager } = failingOver();
    const send = sendMessages({
      logger: { debug: () => undefined, error: () => undefined },
      cluster,
      eosManager,
      partitioner: ({ message }: { message: { partition: number } }) => message.partition,
      retrier: createRetry({ initialRetryTime: 1, maxRetryTime: 5, retries: 3 }),
    });
    const messages = [0, 1].map((partition) => ({ key: 'k', value: 'v', partition }));
    const answers = await send({ acks: -1, timeout: 1_000, topicMessages: [{ topic: 't', messages }] });
    expect(asked.sort()).toEqual([
      ['A', [0]],
      ['A', [0, 1]],
      ['B', [1]],
    ]);
    expect(answers.map(({ partition }) => partition).sort()).toEqual([0, 1]);
  });
});
