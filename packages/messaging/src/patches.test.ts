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
