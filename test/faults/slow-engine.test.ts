/**
 * Promise: a slow engine slows intake, it does not grow memory.
 *
 * Mechanism: the ingestor holds a bounded number of windows; while all of them wait to be stored it fetches nothing, and
 * heartbeats go on. The rest of the backlog stays in Kafka. The watchdog counts each answer of the engine, so that a long
 * computation that gets on is not ended half-way, again and again. A statement whose asker has stopped waiting ends, so that
 * trying again does not heap up work.
 *
 * Excluded: Kafka's own disk, which must hold what is not read yet.
 */
import { ingestorGroup } from '@pingan/contracts';
import { createStore } from '@pingan/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Account, countyFrom, monthsAgo, openAccount } from '../harness/account.js';
import { runCli } from '../harness/cli.js';
import { FULL } from '../harness/full.js';
import { until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline, openProxies } from '../harness/proxies.js';

const county = countyFrom(monthsAgo(1));
const IN_FLIGHT = 4;
const WINDOW = 500;
const BACKLOG = 60_000;
/** One insert after another: while it lasts a window needs this long. */
const DELAY_MS = 1_000;
/** What the buffers of one fetch and of garbage not yet collected may add. */
const MAY_GROW_BYTES = 80 * 1024 * 1024;
/** The most that one fetch brings. */
const FETCH_BYTES = 4 * 1024 * 1024;

let pipeline: FaultyPipeline;
let account: Account;
beforeAll(async () => {
  pipeline = await openFaultyPipeline({
    usualLives: true,
    env: { WINDOW_MESSAGES: String(WINDOW), WINDOWS_IN_FLIGHT: String(IN_FLIGHT), STORE_CONCURRENCY: '1' },
  });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county);
});
afterAll(() => pipeline?.close());

interface Beat {
  rss: number;
  details: { in_flight: number };
}

async function beat(): Promise<Beat> {
  const [key] = await pipeline.redis.keys('pingan:service:ingestor:*');
  return JSON.parse((await pipeline.redis.get(key!))!) as Beat;
}

const windowsInRedis = async () => (await pipeline.redis.keys('pingan:window:*')).length;

test('ClickHouse needs a second for each insert while a backlog of 25 MB waits', { tags: [FULL] }, async () => {
  // As it is once it has worked.
  await account.send(account.fresh(5_000, 6));
  await account.expectExact();
  const restingRss = (await beat()).rss;
  const { clickhouse } = pipeline.at.aggregator;
  const { kafka } = pipeline.at.ingestor;
  const before = await account.stored();
  const read = kafka.bytesToClients();
  clickhouse.setDelay(DELAY_MS);
  const backlog = account.fresh(BACKLOG, 6);
  const bytes = backlog.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  await account.send(backlog);

  await until('all windows that may be held are held', async () => (await beat()).details.in_flight === IN_FLIGHT);
  const peak = { windows: 0, rss: 0 };
  const enough = before.rows + 10 * WINDOW;
  await until('ten windows are stored', async () => {
    const { rss, details } = await beat();
    expect(details.in_flight).toBeLessThanOrEqual(IN_FLIGHT);
    peak.windows = Math.max(peak.windows, await windowsInRedis());
    peak.rss = Math.max(peak.rss, rss);
    return (await account.stored()).rows >= enough;
  });
  expect(peak.windows).toBeLessThanOrEqual(IN_FLIGHT + 1);
  expect(peak.rss - restingRss).toBeLessThan(MAY_GROW_BYTES);
  // What it holds and a fetch or two: not the backlog.
  expect(kafka.bytesToClients() - read).toBeLessThan(3 * FETCH_BYTES);
  expect(bytes).toBeGreaterThan(5 * FETCH_BYTES);
  // It is still a member: heartbeats went on.
  const { groups } = await pipeline.kafka.withAdmin((admin) => admin.describeGroups([ingestorGroup]));
  expect(groups[0]).toMatchObject({ state: 'Stable', members: [expect.anything()] });

  clickhouse.setDelay(0);
  await account.expectExact();
});

test('a refresh of many slow statements is not taken for one that is stuck', async () => {
  await pipeline.close();
  const watchdogSeconds = 3;
  pipeline = await openFaultyPipeline({
    usualLives: true,
    only: { aggregator: { WATCHDOG_SECONDS: String(watchdogSeconds) } },
  });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county);
  await account.send(account.fresh(2_000, 6));
  await account.expectExact();
  pipeline.at.aggregator.clickhouse.setDelay(DELAY_MS);
  await account.send(account.fresh(20, 6));
  await account.expectStored();
  const storedAt = performance.now();
  await account.expectExact();
  // Twice the limit is what this work is given when nothing moves.
  expect(performance.now() - storedAt).toBeGreaterThan(2 * watchdogSeconds * 1_000);
  expect(pipeline.services.aggregator.log()).not.toContain('没有进展');
});

test('a command waits for an engine that needs three seconds for its answer', async () => {
  const proxies = await openProxies();
  try {
    proxies.clickhouse.setDelay(3_000);
    const { status, stderr } = await runCli(['scheme', 'show', '--county', county.code], {
      ...pipeline.env,
      ...proxies.env,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  } finally {
    proxies.close();
  }
});

test('what nobody waits for any more does not go on in ClickHouse', async () => {
  await pipeline.sql('RENAME TABLE run_units TO kept_run_units');
  await pipeline.sql(
    'CREATE VIEW run_units AS SELECT * FROM kept_run_units WHERE (SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 0) > 0',
  );
  const going = async () =>
    (
      await pipeline.sql(
        "SELECT 1 FROM system.processes WHERE query LIKE '%FROM run_units%' AND query NOT LIKE '%system%'",
      )
    ).length;
  const impatient = createStore({
    url: pipeline.env.CLICKHOUSE_URL!,
    database: pipeline.env.CLICKHOUSE_DATABASE!,
    timeoutMs: 3_000,
  });
  try {
    const asked = expect(impatient.runs.units('any')).rejects.toThrow(/timeout/i);
    await until('it is being worked out', async () => (await going()) === 1);
    await asked;
    await until('it has ended', async () => (await going()) === 0);
  } finally {
    await impatient.close();
    await pipeline.sql('DROP VIEW run_units');
    await pipeline.sql('RENAME TABLE kept_run_units TO run_units');
  }
});
