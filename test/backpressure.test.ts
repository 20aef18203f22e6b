import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ingestorGroup, streams, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { ServiceGroup } from '@pingan/launcher';
import { listServices } from '@pingan/messaging';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countyFrom, monthsAgo } from './harness/account.js';
import { FULL } from './harness/full.js';
import type { RawMessage } from './harness/kafka.js';
import { metricsOf, sumOf } from './harness/metrics.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';

/*
 * Promise: a stage that does not keep up slows intake; memory does not grow. Windows in flight are bounded by count and by
 * bytes, the consumer is held back and stays in its group. Brought about with a frozen aggregator and a backlog many times
 * larger than the bounds.
 */

// Its scores are not what is tried here: a month of them is enough.
const county = countyFrom(monthsAgo(1));
const BACKLOG = 60_000;
const MEGABYTE = 1024 * 1024;
const SESSION_MS = 6_000;

let pipeline: Pipeline;
let group: ServiceGroup | undefined;

beforeAll(async () => {
  pipeline = await openPipeline();
  await pipeline.store.counties.save(county);
  await Promise.all(Object.values(pipeline.services).map((service) => service.stop()));
});
afterEach(async () => {
  await group?.stop();
  group = undefined;
});
afterAll(() => pipeline?.close());

function supervise(env: Record<string, string>): ServiceGroup {
  group = new ServiceGroup({
    names: ['ingestor', 'aggregator', 'scorer'],
    env: { ...pipeline.env, KAFKA_SESSION_MS: String(SESSION_MS), JOB_LOCK_MS: '3000', ...env },
    logFile: (name) => join(pipeline.home, 'logs', `${name}.log`),
    say: () => undefined,
    onBroken: () => undefined,
    // The aggregator is to stay frozen for as long as the test wants.
    hangMs: 600_000,
  });
  return group;
}

const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;

async function redisBytes(): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await pipeline.redis.info('memory'))![1]);
}

async function members(): Promise<string[]> {
  const { groups } = await pipeline.kafka.withAdmin((admin) => admin.describeGroups([ingestorGroup]));
  return groups.flatMap((found) => (found.state === 'Stable' ? found.members.map(({ memberId }) => memberId) : []));
}

async function storedRows(): Promise<number> {
  const tables = streams.map((stream) => `SELECT count() AS n FROM ${stream}_cases FINAL`);
  const [row] = await pipeline.sql<{ n: number }>(`SELECT sum(n) AS n FROM (${tables.join(' UNION ALL ')})`);
  return row!.n;
}

const ingestorOf = (services: ServiceGroup): Promise<string> =>
  until('the ingestor is ready', async () => {
    const url = services.healthUrl('ingestor');
    return url !== undefined && (await fetch(`${url}/readyz`)).ok ? url : undefined;
  });

const limits = [
  { bound: 'bytes', windows: 64, bytes: MEGABYTE, messages: 500, tags: [] },
  { bound: 'count', windows: 5, bytes: 512 * MEGABYTE, messages: 1_000, tags: [FULL] },
];

for (const { bound, windows, bytes, messages, tags } of limits) {
  test(`bounded by ${bound}: with a frozen aggregator intake stops, memory stays, heartbeats go on`, {
    tags,
  }, async () => {
    const before = await storedRows();
    const backlog = Array.from(
      loadStream({ county, seed: 5, count: BACKLOG, from: '2025-01', months: 3 }),
      ({ stream, key, value }): RawMessage => ({
        topic: topicOf(stream),
        key,
        value: value.replaceAll('"source":"', `"source":"${bound}-`),
      }),
    );
    const services = supervise({
      WINDOW_MESSAGES: String(messages),
      WINDOWS_IN_FLIGHT: String(windows),
      WINDOWS_IN_FLIGHT_BYTES: String(bytes),
    });
    const ingestorUrl = await ingestorOf(services);
    await until('all give signs of life', async () => (await listServices(pipeline.redis)).length === 3);
    const [member] = await until('the ingestor is the member', async () => {
      const found = await members();
      return found.length === 1 ? found : undefined;
    });
    const empty = await redisBytes();
    const aggregator = services.pid('aggregator')!;
    process.kill(aggregator, 'SIGSTOP');
    try {
      await pipeline.kafka.send(backlog);
      const inFlight = async () => ({
        windows: sumOf(await metricsOf(ingestorUrl, 'pingan_windows_in_flight')),
        bytes: sumOf(await metricsOf(ingestorUrl, 'pingan_windows_in_flight_bytes')),
        read: sumOf(await metricsOf(ingestorUrl, 'pingan_events_total'), 'stage="read"'),
      });
      let seen = await inFlight();
      let unchanged = 0;
      await until(
        'intake has stopped',
        async () => {
          const now = await inFlight();
          unchanged = now.windows > 1 && now.read === seen.read ? unchanged + 1 : 0;
          seen = now;
          // On a busy machine a pause between two fetches is no end.
          return unchanged === 4;
        },
        { everyMs: 2_000 },
      );
      expect(seen.windows).toBeLessThanOrEqual(windows);
      expect(seen.bytes).toBeLessThanOrEqual(bytes);
      // Which bound holds it back; windows end with a fetch as well, so they are not all of one size.
      if (bound === 'count') expect(seen.windows).toBe(windows);
      else {
        expect(seen.windows).toBeLessThan(windows);
        expect(seen.bytes).toBeGreaterThan(bytes / 2);
      }
      expect(seen.read).toBeLessThan(BACKLOG / 4);

      const pid = services.pid('ingestor')!;
      const memory = { ingestor: residentBytes(pid), redis: await redisBytes() };
      expect(memory.redis - empty).toBeLessThan(2 * seen.bytes + 4 * MEGABYTE);
      // Longer than two sessions: without heartbeats the member would be gone.
      const end = performance.now() + 2.5 * SESSION_MS;
      const grown = { ingestor: 0, redis: 0 };
      await until('two sessions have passed', async () => {
        grown.ingestor = Math.max(grown.ingestor, residentBytes(pid) - memory.ingestor);
        grown.redis = Math.max(grown.redis, (await redisBytes()) - memory.redis);
        return performance.now() > end;
      });
      expect(grown.ingestor / MEGABYTE).toBeLessThan(16);
      expect(grown.redis / MEGABYTE).toBeLessThan(4);
      expect((await inFlight()).read).toBe(seen.read);
      expect(await members()).toEqual([member]);
      expect((await fetch(`${ingestorUrl}/healthz`)).status).toBe(200);
    } finally {
      process.kill(aggregator, 'SIGCONT');
    }
    await pipeline.kafka.caughtUp();
    expect(await storedRows()).toBe(before + BACKLOG);
  });
}

test('messages that come one by one are stored by the second, the last of them too', async () => {
  const before = await storedRows();
  const ingestorUrl = await ingestorOf(supervise({}));
  await pipeline.kafka.caughtUp();
  const windows = async () => sumOf(await metricsOf(ingestorUrl, 'pingan_window_events_count'));
  const earlier = await windows();
  const trickle = Array.from(
    loadStream({ county, seed: 6, count: 400, from: '2025-01', months: 3 }),
    ({ stream, value }): RawMessage => ({ topic: topicOf(stream), key: 'one partition', value }),
  )
    .filter(({ topic }) => topic === topicOf('police'))
    .slice(0, 80);
  const begunAt = performance.now();
  await pipeline.kafka.send(
    trickle.map((message) => ({
      ...message,
      value: message.value.toString().replaceAll('"source":"', '"source":"trickle-'),
    })),
    { together: 1, onBatch: () => sleep(50) },
  );
  await pipeline.kafka.caughtUp();
  const seconds = (performance.now() - begunAt) / 1000;
  expect(await storedRows()).toBe(before + trickle.length);
  expect((await windows()) - earlier).toBeLessThanOrEqual(seconds + 1);
});
