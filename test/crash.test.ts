import { ingestorGroup, streams, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { builtinCounty } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { componentDifferences } from './harness/compare.js';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { componentsOf, ledgerOf } from './oracle/index.js';

const county = builtinCounty('610222')!;
const LOAD = 60_000;

let pipeline: Pipeline;
const sent: RawMessage[] = [];

const load = (count: number, from: string): RawMessage[] =>
  Array.from(loadStream({ county, seed: 3, count, from, months: 6 }), ({ stream, key, value }) => ({
    topic: topicOf(stream),
    key,
    value,
  }));

beforeAll(async () => {
  // Small windows, few at a time: whatever is killed is in the middle of one, and there are many.
  pipeline = await openPipeline({
    env: { WINDOW_MESSAGES: '250', WINDOWS_IN_FLIGHT: '4', STORE_CONCURRENCY: '2' },
  });
  await pipeline.store.counties.save(county);
});
afterAll(() => pipeline?.close());

const rows = (what: string, suffix = '') =>
  streams.map((stream) => `SELECT ${what} AS n FROM ${stream}_cases ${suffix}`).join(' UNION ALL ');

async function storedRows(): Promise<number> {
  const [row] = await pipeline.sql<{ n: number }>(`SELECT sum(n) AS n FROM (${rows('count()')})`);
  return row!.n;
}

/** Waits until about `count` rows are stored; the load must still be going on then. */
async function during(count: number, total: number): Promise<void> {
  await until(`${count} rows are stored`, async () => (await storedRows()) >= count, {
    everyMs: 20,
    deadlineMs: 90_000,
  });
  expect(await storedRows()).toBeLessThan(total);
}

/** What was sent is stored, each case version once, and the components are those of the log. */
async function expectExact(): Promise<void> {
  await pipeline.kafka.caughtUp(120_000);
  const ledger = ledgerOf(sent, county);
  const [distinct] = await pipeline.sql<{ n: number }>(
    `SELECT sum(n) AS n FROM (${rows('uniqExact(county, source, case_id, version)')})`,
  );
  const [kept] = await pipeline.sql<{ n: number }>(`SELECT sum(n) AS n FROM (${rows('count()', 'FINAL')})`);
  expect(ledger.bad).toBe(0);
  expect({ distinct: distinct!.n, kept: kept!.n }).toEqual({ distinct: ledger.versions, kept: ledger.versions });
  await pipeline.ok('score', '--county', county.code, '--month', '2024-12');
  expect(await componentDifferences(pipeline, county, componentsOf(ledger.cases, county))).toEqual([]);
}

test('kill -9 of ingestor and aggregator in mid-load: every event is stored, and counts once', {
  timeout: 300_000,
}, async () => {
  const { ingestor, aggregator } = pipeline.services;
  const messages = load(LOAD, '2024-07');
  sent.push(...messages);
  const sending = pipeline.kafka.send(messages);

  await during(2_000, LOAD);
  await aggregator.kill9();
  await ingestor.kill9();
  await Promise.all([ingestor.start(), aggregator.start()]);

  await during(25_000, LOAD);
  await ingestor.kill9();
  await aggregator.kill9();
  await Promise.all([ingestor.start(), aggregator.start()]);

  await sending;
  await expectExact();
});

test('FLUSHALL of Redis in mid-load: nothing is lost', { timeout: 180_000 }, async () => {
  const before = await storedRows();
  const messages = load(30_000, '2025-01');
  sent.push(...messages);
  const sending = pipeline.kafka.send(messages);
  await during(before + 3_000, before + messages.length);
  await pipeline.redis.flushall();
  await during(before + 12_000, before + messages.length);
  await pipeline.redis.flushall();
  await sending;
  await expectExact();
});

/** Next offset of each topic and partition, as `topic/partition`. */
async function committedOffsets(): Promise<Map<string, number>> {
  const found = await pipeline.kafka.withAdmin((admin) =>
    admin.fetchOffsets({ groupId: ingestorGroup, topics: streams.map(topicOf) }),
  );
  const entries = found.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }): [string, number] => [`${topic}/${partition}`, Number(offset)]),
  );
  return new Map(entries);
}

test('SIGTERM in mid-load: what was begun is committed, so that nothing is delivered again', async () => {
  const { ingestor } = pipeline.services;
  const before = await storedRows();
  const messages = load(30_000, '2025-07');
  sent.push(...messages);
  const sending = pipeline.kafka.send(messages);
  await during(before + 3_000, before + messages.length);
  expect(await ingestor.stop()).toMatchObject({ code: 0, expected: true });
  await sending;

  const committed = await committedOffsets();
  expect(await storedRows()).toBeLessThan(before + messages.length);
  for (const stream of streams) {
    const last = await pipeline.sql<{ place: string; offset: number }>(
      `SELECT concat('${topicOf(stream)}/', toString(kafka_partition)) AS place, max(kafka_offset) AS offset
      FROM ${stream}_cases GROUP BY place`,
    );
    expect(last.length).toBeGreaterThan(0);
    for (const { place, offset } of last) expect(offset, place).toBeLessThan(committed.get(place)!);
  }
  await ingestor.start();
  await expectExact();
});

test('the whole log read once more, in other windows, changes nothing', { timeout: 180_000 }, async () => {
  const exit = await pipeline.services.ingestor.stop();
  expect(exit).toMatchObject({ code: 0, expected: true });
  await pipeline.kafka.withAdmin(async (admin) => {
    for (const stream of streams) {
      await admin.resetOffsets({ groupId: ingestorGroup, topic: topicOf(stream), earliest: true });
    }
  });
  pipeline.env.WINDOW_MESSAGES = '3000';
  await pipeline.services.ingestor.start();
  await expectExact();
});
