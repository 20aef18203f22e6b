import { createLogger } from '@pingan/runtime';
import { Kafka, type ProducerConfig, type ProducerRecord, type RecordMetadata } from 'kafkajs';
import { afterEach, expect, it, vi } from 'vitest';
import { createEventProducer } from './producer.js';

afterEach(() => vi.restoreAllMocks());

/** kafkajs' producer on a topic of as many partitions as messages, one each, that answers for so many of them at each send. */
function answeringFor(counts: number[]) {
  const sends: ProducerRecord[] = [];
  vi.spyOn(Kafka.prototype, 'producer').mockImplementation((config?: ProducerConfig) => {
    const producer = {
      connect: async () => undefined,
      disconnect: async () => undefined,
      send: async (record: ProducerRecord): Promise<RecordMetadata[]> => {
        const choose = config!.createPartitioner!();
        const partitionMetadata = record.messages.map((_, partitionId) => ({
          ...{ partitionId, leader: 1, partitionErrorCode: 0 },
          ...{ replicas: [1], isr: [1], offlineReplicas: [] },
        }));
        const placed = record.messages.map((message, partition) =>
          choose({ topic: record.topic, partitionMetadata, message: { ...message, partition } }),
        );
        sends.push(record);
        const answered = [...new Set(placed)].slice(0, counts[sends.length - 1]);
        return answered.map((partition) => ({
          ...{ topicName: record.topic, partition, errorCode: 0, baseOffset: String(10 * sends.length) },
        }));
      },
    };
    return producer as unknown as ReturnType<Kafka['producer']>;
  });
  return sends;
}

it('sends again what was answered for fewer partitions than it went to', async () => {
  const sends = answeringFor([2, 3]);
  const log = createLogger('test', 'silent');
  const producer = await createEventProducer({ brokers: ['127.0.0.1:1'], clientId: 'test', log });
  const messages = ['a', 'b', 'c'].map((key) => ({ key, value: key }));
  const written = await producer.send('t', messages);
  expect(sends.map(({ messages: own }) => own.map(({ key }) => key))).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
  expect(written).toEqual([0, 1, 2].map((partition) => ({ partition, lastOffset: 20n })));
  expect(producer.look()).toEqual({ pending: false, finished: 1 });
  await producer.close();
});

it('does not say that it was sent while the answers stay short', async () => {
  answeringFor([2, 2, 2, 2]);
  const log = createLogger('test', 'silent');
  const producer = await createEventProducer({ brokers: ['127.0.0.1:1'], clientId: 'test', log, giveUpMs: 600 });
  const messages = ['a', 'b', 'c'].map((key) => ({ key, value: key }));
  await expect(producer.send('t', messages)).rejects.toThrow('没有确认分区 2');
  await producer.close();
});
