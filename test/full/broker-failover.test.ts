import { setTimeout as sleep } from 'node:timers/promises';
import { createEventProducer } from '@pingan/messaging';
import { createLogger } from '@pingan/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrokers } from '../harness/brokers.js';
import { randomOf } from '../harness/random.js';

const TOPIC = 'pingan.police';
const PARTITIONS = 4;
const ROUNDS = 20;
const SENDS = 6;
const TOGETHER = 1_500;
const SEED = 4;

let brokers: Awaited<ReturnType<typeof openBrokers>>;

beforeAll(async () => {
  brokers = await openBrokers();
  await brokers.createTopic(TOPIC, PARTITIONS);
}, 300_000);
afterAll(() => brokers?.close(), 60_000);

/** Every number in the log, read by a plain consumer to the ends as they are now. */
async function numbersInLog(): Promise<Set<number>> {
  const left = new Map((await brokers.ends(TOPIC)).map(({ partition, high }) => [partition, BigInt(high)]));
  const seen = new Set<number>();
  const consumer = brokers.kafka.consumer({ groupId: `count-${Date.now()}`, sessionTimeout: 60_000 });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      // The coordinator of the group may have just been killed: with restart kafkajs goes on by itself.
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      const eachBatch = async ({
        batch,
      }: {
        batch: { partition: number; messages: { value: Buffer | null }[] } & { lastOffset(): string };
      }) => {
        for (const { value } of batch.messages) seen.add(Number(value));
        if (BigInt(batch.lastOffset()) + 1n >= left.get(batch.partition)!) left.delete(batch.partition);
        if (left.size === 0) resolve();
      };
      consumer.run({ eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return seen;
}

test('what was acknowledged is in the log, whichever broker dies while it is sent', async () => {
  const random = randomOf(SEED);
  const producer = await createEventProducer({
    brokers: brokers.brokers,
    clientId: 'failover',
    log: createLogger('test', 'silent'),
  });
  const acknowledged: number[] = [];
  let next = 0;
  let underWay = 0;
  let usualMs = 50;
  let worstMs = 0;
  const send = async (): Promise<void> => {
    const numbers = Array.from({ length: TOGETHER }, () => next++);
    const at = performance.now();
    await producer.send(
      TOPIC,
      numbers.map((number) => ({ key: `c/${number}`, value: String(number) })),
    );
    acknowledged.push(...numbers);
    worstMs = Math.max(worstMs, performance.now() - at);
  };

  for (let round = 0; round < ROUNDS; round += 1) {
    const victim = brokers.nodes[Math.floor(random() * brokers.nodes.length)]!;
    const [hit, moment] = [1 + Math.floor(random() * 3), random()];
    for (let i = 0; i < SENDS; i += 1) {
      const at = performance.now();
      const sending = send();
      if (i === hit) {
        let settled = false;
        void sending.finally(() => {
          settled = true;
        });
        await sleep(moment * usualMs);
        if (!settled) underWay += 1;
        await brokers.kill(victim);
      }
      await sending;
      if (i < hit) usualMs = performance.now() - at;
    }
    await brokers.restart(victim, TOPIC);
  }
  await producer.close();

  const inLog = await numbersInLog();
  const missing = acknowledged.filter((number) => !inLog.has(number));
  process.stdout.write(
    `${ROUNDS} rounds, ${underWay} of them with a send under way; ${acknowledged.length} acknowledged, ${missing.length} missing; worst send ${Math.round(worstMs)} ms\n`,
  );
  expect(acknowledged.length).toBe(ROUNDS * SENDS * TOGETHER);
  expect({ missing: missing.length, first: missing.slice(0, 10) }).toEqual({ missing: 0, first: [] });
  // The rounds say something only where a death met a send.
  expect(underWay).toBeGreaterThan(ROUNDS / 4);
}, 1_200_000);
