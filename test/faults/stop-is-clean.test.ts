/**
 * Promise: a stop is clean.
 *
 * Mechanism: on SIGTERM intake stops, windows in flight finish, offsets are committed, clients close; a worker ends the jobs
 * it has begun. So nothing that was begun is delivered again.
 *
 * Excluded: a stop that takes longer than its deadline (20 s), e.g. because an engine is away: what was begun is read again
 * and adds nothing. SIGKILL.
 */
import { streams, topicOf } from '@pingan/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, committedOffsets, countyFrom, monthsAgo, openAccount } from '../harness/account.js';
import { FULL } from '../harness/full.js';
import { moments, placeOf, stateOf } from '../harness/moments.js';
import { until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline } from '../harness/proxies.js';

const county = countyFrom(monthsAgo(1));
const clean = { code: 0, expected: true };
let pipeline: FaultyPipeline;
let account: Account;

beforeAll(async () => {
  pipeline = await openFaultyPipeline({
    usualLives: true,
    env: { WINDOW_MESSAGES: '250', WINDOWS_IN_FLIGHT: '4' },
  });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county);
  for (const stream of streams) await pipeline.command(`SYSTEM STOP MERGES ${stream}_cases`);
});
afterEach(() => pipeline?.releaseAll());
afterAll(() => pipeline?.close());

/** Exact, and no message has ever been stored a second time. */
async function expectNothingAgain(): Promise<void> {
  await account.expectExact();
  const { rows, versions } = await account.stored();
  expect(rows).toBe(versions);
}

test('SIGTERM of the ingestor under load: what was begun is committed', async () => {
  const { ingestor } = pipeline.services;
  const messages = account.fresh(30_000, 6);
  const sending = account.send(messages);
  await until('rows are stored', async () => (await account.stored()).rows > 2_000, { everyMs: 20 });
  expect(await ingestor.stop()).toMatchObject(clean);
  await sending;
  const { rows } = await account.stored();
  const committed = await committedOffsets(pipeline);
  const last = await pipeline.sql<{ place: string; offset: number }>(
    streams
      .map(
        (stream) => `SELECT concat('${topicOf(stream)}/', toString(kafka_partition)) AS place,
          max(kafka_offset) AS offset FROM ${stream}_cases GROUP BY place`,
      )
      .join(' UNION ALL '),
  );
  await ingestor.start();
  expect(rows).toBeLessThan(messages.length);
  expect(new Set(last.map(({ place }) => place.split('/')[0]))).toEqual(new Set(streams.map(topicOf)));
  for (const { place, offset } of last) expect(offset, place).toBeLessThan(committed.get(place) ?? 0);
  await expectNothingAgain();
});

test('SIGTERM of the ingestor while an insert takes its time', async () => {
  const { ingestor } = pipeline.services;
  const hold = moments.beforeInsert(pipeline.at.aggregator);
  await account.send(account.fresh(200));
  const place = placeOf(await hold.hit())!;
  const position = ingestor.mark();
  const stopped = ingestor.stop();
  await until('the ingestor is stopping', () => ingestor.since(position).includes('正在停止'));
  // Longer than it takes the ingestor to ask what became of its window.
  const begun = performance.now();
  await until('seven seconds have passed', () => performance.now() - begun > 7_000);
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: false, committed: false });
  hold.release();
  expect(await stopped).toMatchObject(clean);
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: true, committed: true });
  await ingestor.start();
  await expectNothingAgain();
});

test('SIGTERM of the aggregator in the middle of an insert: the job ends, none is left half done', async () => {
  const { aggregator } = pipeline.services;
  const hold = moments.afterInsert(pipeline.at.aggregator);
  await account.send(account.fresh(200));
  const place = placeOf(await hold.hit())!;
  expect(await stateOf(pipeline, place)).toMatchObject({ job: true, stored: true, committed: false });
  const position = aggregator.mark();
  const stopped = aggregator.stop();
  await until('the aggregator is stopping', () => aggregator.since(position).includes('正在停止'));
  hold.release();
  expect(await stopped).toMatchObject(clean);
  expect(await stateOf(pipeline, place)).toMatchObject({ bytes: false, job: false, stored: true });
  await aggregator.start();
  await expectNothingAgain();
});

test('SIGTERM of all at once under load', { tags: [FULL] }, async () => {
  const services = Object.values(pipeline.services);
  const { rows } = await account.stored();
  const messages = account.fresh(20_000, 6);
  const sending = account.send(messages);
  await until('rows are stored', async () => (await account.stored()).rows > rows + 1_000, { everyMs: 20 });
  const exits = await Promise.all(services.map((service) => service.stop()));
  for (const exit of exits) expect(exit).toMatchObject({ expected: true });
  await sending;
  await Promise.all(services.map((service) => service.start()));
  await account.expectExact();
});
