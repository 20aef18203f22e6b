/**
 * Promise: a bad event stops nothing and is not lost.
 *
 * Mechanism: what cannot be stored goes to the dead-letter topic with its original bytes, reason, topic, partition and
 * offset, before the rest of its window is stored; a dead letter is known by its origin, so that it is there once however
 * often its window is tried. Commands list and show it and send it again.
 *
 * Excluded: a message above the broker's own limit (1 MB) never enters the log: whoever sends it is told so. An event that
 * is valid and wrong is stored: nobody can tell.
 */
import { deadLetterTopic, maxEventBytes, topicOf } from '@pingan/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, countyFrom, monthsAgo, openAccount } from '../harness/account.js';
import type { RawMessage } from '../harness/kafka.js';
import { moments, placeOf, stateOf } from '../harness/moments.js';
import { until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline } from '../harness/proxies.js';

const county = countyFrom(monthsAgo(1));
const WINDOW = 1_000;
const police = topicOf('police');

let pipeline: FaultyPipeline;
let account: Account;
beforeAll(async () => {
  pipeline = await openFaultyPipeline({ env: { WINDOW_MESSAGES: String(WINDOW) } });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county);
});
afterEach(() => pipeline?.releaseAll());
afterAll(() => pipeline?.close());

let number = 0;
/** Not JSON; of so many bytes, no two alike. */
const poison = (bytes = 40): RawMessage => {
  number += 1;
  return { topic: police, key: `poison-${number}`, value: `{"poison ${number} ${'x'.repeat(bytes)}`.slice(0, bytes) };
};
const good = (count: number) =>
  account
    .fresh(count * 4)
    .filter(({ topic }) => topic === police)
    .slice(0, count);

/** Dead letters of a partition of the police topic: the offsets, and the bytes. */
async function letters(partition: number): Promise<Map<number, string>> {
  const all = await pipeline.store.deadLetters.list(10_000);
  return new Map(
    all
      .filter((letter) => letter.topic === police && letter.partition === partition)
      .map(({ offset, bytes }) => [Number(offset), Buffer.from(bytes, 'base64').toString()]),
  );
}

test('alone in a partition', async () => {
  const bad = poison();
  await account.send([bad], { partition: 0 });
  await account.expectExact();
  expect(await letters(0)).toEqual(new Map([[0, bad.value]]));
});

test('as first and last of a window, the rest of which is stored in one insert', async () => {
  const hold = moments.beforeInsert(pipeline.at.aggregator);
  const [first, last] = [poison(), poison()];
  const window = [first, ...good(WINDOW - 2), last];
  expect(window).toHaveLength(WINDOW);
  await pipeline.services.ingestor.stop();
  await account.send(window, { partition: 1 });
  await pipeline.services.ingestor.start();
  expect(placeOf(await hold.hit())).toMatchObject({ name: `${police}-1-0-${WINDOW - 1}` });
  hold.release();
  await account.expectExact();
  expect(await letters(1)).toEqual(
    new Map([
      [0, first.value],
      [WINDOW - 1, last.value],
    ]),
  );
});

test('a burst of 1,000, together more than the log takes at once', async () => {
  const burst = Array.from({ length: 1_000 }, () => poison(6_000));
  await pipeline.services.ingestor.stop();
  await account.send([...good(20), ...burst, ...good(20)], { partition: 2, together: 100 });
  await pipeline.services.ingestor.start();
  await account.expectExact();
  expect([...(await letters(2)).values()].sort()).toEqual(burst.map(({ value }) => value).sort());
});

test('larger than any event may be, up to the most that the log takes', async () => {
  const large = [poison(maxEventBytes + 1), poison(1_047_000)];
  await account.send([...good(5), ...large, ...good(5)], { partition: 3, together: 1 });
  await account.expectExact();
  expect([...(await letters(3)).values()].map(({ length }) => length).sort()).toEqual([1_047_000, maxEventBytes + 1]);
  await expect(pipeline.kafka.send([poison(1_100_000)])).rejects.toThrow('larger');
});

test('the aggregator is killed after the dead letters are sent, before the rest is stored', async () => {
  const before = (await letters(0)).size;
  const hold = moments.beforeInsert(pipeline.at.aggregator);
  await account.send([...good(10), poison(), poison(), ...good(10)], { partition: 0 });
  const place = placeOf(await hold.hit())!;
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: false, committed: false });
  await until('the dead letters are stored', async () => (await letters(0)).size === before + 2);
  await pipeline.services.aggregator.kill9();
  pipeline.releaseAll();
  await pipeline.services.aggregator.start();
  await account.expectExact();
  // They are in the topic twice, and in the store once.
  const [end] = await pipeline.kafka.withAdmin((admin) => admin.fetchTopicOffsets(deadLetterTopic));
  const stored = await pipeline.store.deadLetters.countByReason();
  expect(Number(end!.high)).toBeGreaterThan(stored.reduce((sum, { count }) => sum + count, 0));
});
