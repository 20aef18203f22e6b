/**
 * Promise: no event is lost.
 *
 * Mechanism: the offset of a window is committed only after the window is in ClickHouse. Redis holds nothing that Kafka
 * cannot replay: a job or its bytes that are gone are put there again by the ingestor, which waits for them.
 *
 * Excluded: a Kafka that loses acknowledged messages (one broker whose disk is gone, replication of one), offsets that
 * someone moves forward by hand, a ClickHouse that loses rows it has acknowledged (a power cut within the seconds before
 * they are on the disk).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { topicOf } from '@pingan/contracts';
import { type Engines, startEngines } from '@pingan/local-engines';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, countyFrom, monthsAgo, openAccount } from '../harness/account.js';
import { FULL } from '../harness/full.js';
import { laneEngines } from '../harness/lane.js';
import { isCommitted, type Moment, moments, placeOf, stateOf } from '../harness/moments.js';
import { killEngine, openPipeline, startEngine, stopEngine } from '../harness/pipeline.js';
import { DEADLINE_MS, until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline } from '../harness/proxies.js';
import { mountSmallDisk } from '../harness/small-disk.js';
import { kills } from './kills.js';

const county = countyFrom(monthsAgo(1));
let pipeline: FaultyPipeline;
let account: Account;

beforeAll(async () => {
  pipeline = await openFaultyPipeline({ env: { WINDOW_MESSAGES: '50', STORE_CONCURRENCY: '2' } });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county);
});
afterEach(() => pipeline?.releaseAll());
afterAll(() => pipeline?.close());

for (const { service, title, moment, proof, always } of kills) {
  test(`kill -9: ${service} ${title}`, { tags: always ? [] : [FULL] }, async () => {
    const hold = moments[moment](pipeline.at[service]);
    await account.send(account.fresh(120));
    const place = placeOf(await hold.hit())!;
    // After the hold other processes may still be on their way to the state; it is not left before the kill.
    await until('the fault hits', async () => {
      expect(await stateOf(pipeline, place)).toMatchObject(proof);
      return true;
    });
    await pipeline.services[service].kill9();
    pipeline.at[service].clear();
    await pipeline.services[service].start();
    await account.expectStored();
  });
}

test('after all these kills the components are those of what was sent', () => account.expectExact());

/** How long engines stay away: seconds here, a minute in the full form. */
const AWAY_MS = Number(process.env.FAULT_SECONDS ?? 5) * 1_000;

/** Sends events and waits until one window of them is at the moment; gives what goes on after the fault. */
async function caughtAt(service: 'ingestor' | 'aggregator', moment: Moment) {
  const hold = moments[moment](pipeline.at[service]);
  await account.send(account.fresh(120));
  return { hold, place: placeOf(await hold.hit())! };
}

const logged = (service: 'ingestor' | 'aggregator', position: number, text: string) =>
  until(`${service} says ${text}`, () => pipeline.services[service].since(position).includes(text));

test('ClickHouse dies in an insert and stays away', { timeout: AWAY_MS + 3 * DEADLINE_MS }, async () => {
  const { hold, place } = await caughtAt('aggregator', 'beforeInsert');
  await killEngine('clickhouse');
  hold.release();
  await account.send(account.fresh(60));
  await sleep(AWAY_MS);
  expect(await isCommitted(pipeline, place)).toBe(false);
  await startEngine('clickhouse');
  await account.expectExact();
});

test('ClickHouse refuses everything', { tags: [FULL] }, async () => {
  const position = pipeline.services.aggregator.mark();
  const { hold, place } = await caughtAt('aggregator', 'beforeInsert');
  pipeline.at.aggregator.clickhouse.setRefusing(true);
  hold.release();
  await account.send(account.fresh(60));
  await logged('aggregator', position, '任务失败，将重试');
  expect(await stateOf(pipeline, place)).toMatchObject({ bytes: true, job: true, committed: false });
  pipeline.at.aggregator.clickhouse.setRefusing(false);
  await account.expectExact();
});

test('Redis dies between the insert and the end of the job, and stays away', {
  timeout: AWAY_MS + 3 * DEADLINE_MS,
}, async () => {
  const { hold, place } = await caughtAt('aggregator', 'afterInsert');
  expect(await stateOf(pipeline, place)).toMatchObject({ job: true, stored: true, committed: false });
  await killEngine('redis');
  hold.release();
  await account.send(account.fresh(60));
  await sleep(AWAY_MS);
  await startEngine('redis');
  await account.expectExact();
});

test('FLUSHALL of Redis while a window is read, before it is stored', { tags: [FULL] }, async () => {
  const { hold, place } = await caughtAt('aggregator', 'beforeFetchingBytes');
  expect(await stateOf(pipeline, place)).toMatchObject({ bytes: true, job: true, stored: false, committed: false });
  await pipeline.redis.flushall();
  hold.release();
  await account.expectExact();
});

test('Redis comes back empty in the middle of an insert', async () => {
  const { hold, place } = await caughtAt('aggregator', 'beforeInsert');
  await pipeline.redis.flushall();
  await stopEngine('redis');
  await startEngine('redis');
  await until('the test sees Redis again', async () => (await pipeline.redis.ping()) === 'PONG');
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: false, committed: false });
  hold.release();
  await account.expectExact();
});

test('Redis has no memory left while jobs end and others are added', { tags: [FULL] }, async () => {
  const position = pipeline.services.ingestor.mark();
  const { hold, place } = await caughtAt('aggregator', 'afterInsert');
  await pipeline.redis.config('SET', 'maxmemory', '1mb');
  await expect(pipeline.redis.set('one-more', 'x')).rejects.toThrow('OOM');
  hold.release();
  await account.send(account.fresh(60));
  await logged('ingestor', position, '任务队列不可用，等待恢复');
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: true });
  await pipeline.redis.config('SET', 'maxmemory', '0');
  await account.expectExact();
});

test('the broker dies after a window is stored and before its offset is committed', async () => {
  const { hold, place } = await caughtAt('ingestor', 'beforeCommit');
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: true, committed: false });
  await killEngine('kafka');
  hold.release();
  await startEngine('kafka');
  await account.expectExact();
});

test('the connection to Kafka breaks while a full window waits for its turn', async () => {
  const { ingestor } = pipeline.services;
  await ingestor.stop();
  // A fetch brings what was sent together, 2,000 messages: the second window begins in one and ends in the next.
  Object.assign(pipeline.env, { WINDOW_MESSAGES: '1500', WINDOWS_IN_FLIGHT: '1' });
  const messages = account.fresh(12_000).filter(({ topic }) => topic === topicOf('police'));
  expect(messages.length).toBeGreaterThan(4_000);
  await account.send(messages, { partition: 0 });
  const hold = moments.beforeInsert(pipeline.at.aggregator);
  await ingestor.start();
  expect(placeOf(await hold.hit())).toMatchObject({ topic: topicOf('police'), partition: 0 });
  // The first heartbeat may belong to the end of a fetch; the later ones come from the wait.
  for (let i = 0; i < 3; i++) {
    const heartbeat = moments.beforeHeartbeat(pipeline.at.ingestor);
    await heartbeat.hit();
    heartbeat.cut();
  }
  expect((await account.stored()).versions).toBeLessThan(account.sent.length);
  hold.release();
  await account.expectExact();
});

test('the disk of ClickHouse is full', { tags: [FULL] }, async ({ skip }) => {
  await pipeline.close();
  const disk = mountSmallDisk(pipeline.home, 256) ?? skip('mounting is not allowed');
  let engines: Engines | undefined;
  try {
    engines = await startEngines({
      home: disk.path,
      env: { ...process.env, ...laneEngines().endpoints, CLICKHOUSE_URL: '' },
    });
    const only = await openPipeline({ engines: { CLICKHOUSE_URL: engines.endpoints.clickhouseUrl } });
    try {
      await only.store.counties.save(county);
      const books = openAccount(only, county);
      await books.send(books.fresh(200));
      await books.expectExact();
      disk.fill();
      const position = only.services.aggregator.mark();
      const before = await books.stored();
      await books.send(books.fresh(2_000));
      await until('an insert finds no space', () =>
        /not enough space|No space left/i.test(only.services.aggregator.since(position)),
      );
      // Small windows may still have found room.
      expect((await books.stored()).versions).toBeLessThan(before.versions + 2_000);
      disk.free();
      await books.expectExact();
    } finally {
      await only.close();
    }
  } finally {
    await engines?.stop();
    disk.unmount();
  }
});
