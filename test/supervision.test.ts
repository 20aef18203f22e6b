import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventTopics, ingestorGroup, streams, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { ServiceGroup } from '@pingan/launcher';
import { lastCompleteMonth } from '@pingan/regions';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countyFrom, monthsAgo } from './harness/account.js';
import { FULL } from './harness/full.js';
import type { RawMessage } from './harness/kafka.js';
import { metricsOf, sumOf } from './harness/metrics.js';
import { openPipeline, type Pipeline, startEngine, stopEngine } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import type { ServiceName } from './harness/service.js';

/*
 * Promise: a service whose work does not move is found within a minute and ends in a restart; one that waits for an engine is
 * left alone; a stop leaves nothing to be delivered again. Where the watchdog is what is tried, a minute is a few seconds;
 * elsewhere it has its usual time, since on a busy machine a few seconds may pass without anything being stuck.
 */

// Its scores are not what is tried here: a month of them is enough.
const county = countyFrom(monthsAgo(1));
const WATCHDOG_SECONDS = 4;
/** Long enough for an engine that has just come back on a busy machine. */
const PATIENT_WATCHDOG_SECONDS = 12;
/** Longer than the scorer may be busy with a few months at a stretch. */
const HANG_MS = 20_000;
/** Sessions and locks that outlast a stop on a busy machine: what is read or stored twice meanwhile would be counted. */
const unhurried = { KAFKA_SESSION_MS: '60000', JOB_LOCK_MS: '60000', WATCHDOG_SECONDS: '120' };
const names = ['ingestor', 'aggregator', 'scorer'];

let pipeline: Pipeline;
let group: ServiceGroup | undefined;
const said: string[] = [];
let seed = 1;

beforeAll(async () => {
  pipeline = await openPipeline({
    env: { WINDOW_MESSAGES: '200', WINDOWS_IN_FLIGHT: '4', KAFKA_SESSION_MS: '6000', JOB_LOCK_MS: '3000' },
  });
  await pipeline.store.counties.save(county);
  await Promise.all(Object.values(pipeline.services).map((service) => service.stop()));
});
afterEach(async () => {
  await group?.stop();
  group = undefined;
  said.length = 0;
});
afterAll(() => pipeline?.close());

function supervise(env: Record<string, string> = {}, services = names): ServiceGroup {
  group = new ServiceGroup({
    names: services,
    env: { ...pipeline.env, ...env },
    logFile: (name) => join(pipeline.home, 'logs', `${name}.log`),
    say: (text) => said.push(text),
    onBroken: (text) => said.push(text),
    hangMs: HANG_MS,
  });
  group.allUp();
  return group;
}

const load = (count: number): RawMessage[] => {
  seed += 1;
  return Array.from(loadStream({ county, seed, count, from: '2025-01', months: 3 }), ({ stream, key, value }) => ({
    topic: topicOf(stream),
    // The generator numbers its cases from one; each load is a ledger of its own.
    key: `${seed}/${key}`,
    value: value.replaceAll('"source":"', `"source":"s${seed}-`),
  }));
};

async function storedRows(): Promise<number> {
  const tables = streams.map((stream) => `SELECT uniqExact(source, case_id, version) AS n FROM ${stream}_cases`);
  const [row] = await pipeline.sql<{ n: number }>(`SELECT sum(n) AS n FROM (${tables.join(' UNION ALL ')})`);
  return row!.n;
}

const isReady = async (name: string): Promise<boolean> => {
  const url = group?.healthUrl(name);
  return url !== undefined && (await fetch(`${url}/readyz`)).ok;
};

const allReady = () =>
  until('all services are ready', async () => (await Promise.all(names.map(isReady))).every(Boolean));

/** In mid-load: some of it is stored, and some is not. */
async function midLoad(before: number, total: number): Promise<void> {
  await until('the load has begun to be stored', async () => (await storedRows()) > before + 500, { everyMs: 20 });
  expect(await storedRows()).toBeLessThan(before + total);
}

const freezable = [
  { name: 'ingestor', tags: [] },
  { name: 'aggregator', tags: [FULL] },
];

for (const { name, tags } of freezable) {
  test(`a frozen ${name} is killed, started again, and nothing is lost`, { tags }, async () => {
    const services = supervise();
    await allReady();
    const before = await storedRows();
    const sending = pipeline.kafka.send(load(20_000));
    await midLoad(before, 20_000);
    const frozen = services.pid(name)!;
    process.kill(frozen, 'SIGSTOP');
    await until('another process has its place', () => (services.pid(name) ?? frozen) !== frozen);
    expect(said.join('\n')).toMatch(
      new RegExp(
        `服务 ${name} 已有 \\d+ 秒没有回应健康检查，强制结束\\n服务 ${name} 意外退出（信号 SIGKILL），1 秒后重启`,
      ),
    );
    await sending;
    await pipeline.kafka.caughtUp();
    expect(await storedRows()).toBe(before + 20_000);
    // Nobody else was blamed for it.
    expect(said.filter((line) => !line.includes(name))).toEqual([]);
  });
}

/** A way to an engine whose open connections can fall silent, as behind a firewall that forgot them; new ones pass. */
async function openForgetfulWay(url: string) {
  const target = new URL(url);
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((client) => {
    const engine = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [client, engine];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      engine.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url.replace(target.host, `127.0.0.1:${(server.address() as AddressInfo).port}`),
    forget: () => {
      for (const [client, engine] of pairs) {
        client.unpipe(engine).resume();
        engine.unpipe(client).resume();
      }
    },
    close: () => {
      for (const sockets of pairs) for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const forgotten = [
  { engine: 'REDIS_URL', name: 'ingestor', work: '入库窗口', tags: [FULL] },
  { engine: 'CLICKHOUSE_URL', name: 'aggregator', work: '窗口入库', tags: [] },
] as const;

for (const { engine, name, work, tags } of forgotten) {
  test(`connections of ${engine} fell silent while the engine answers: ${name} ends itself and goes on anew`, {
    tags: [...tags],
  }, async () => {
    const way = await openForgetfulWay(pipeline.env[engine]!);
    try {
      const services = supervise({ [engine]: way.url, WATCHDOG_SECONDS: String(WATCHDOG_SECONDS) });
      await allReady();
      const before = await storedRows();
      const sending = pipeline.kafka.send(load(20_000));
      await midLoad(before, 20_000);
      const wedged = services.pid(name);
      way.forget();
      await until('another process has its place', () => ![wedged, undefined].includes(services.pid(name)));
      expect(said.join('\n')).toContain(`服务 ${name} 意外退出（状态 1）`);
      expect(pipeline.services[name].log()).toContain(`${work}已有 ${WATCHDOG_SECONDS} 秒没有进展`);
      await sending;
      await pipeline.kafka.caughtUp();
      expect(await storedRows()).toBe(before + 20_000);
    } finally {
      await group?.stop();
      way.close();
    }
  });
}

test('services that wait for an engine are not ready, but alive, and are not started again', {
  tags: [FULL],
}, async () => {
  const services = supervise({ WATCHDOG_SECONDS: String(PATIENT_WATCHDOG_SECONDS) });
  await allReady();
  const pids = names.map((name) => services.pid(name));
  await stopEngine('clickhouse');
  await pipeline.kafka.send(load(2_000));
  try {
    await until('the aggregator is not ready', async () => !(await isReady('aggregator')));
    const body = await (await fetch(`${services.healthUrl('aggregator')}/readyz`)).json();
    expect(body).toEqual({ ready: false, reasons: ['等待 ClickHouse'] });
    const seen = { ingestor: new Set<string>(), until: performance.now() + 3 * PATIENT_WATCHDOG_SECONDS * 1000 };
    await until('three times the limit has passed', async () => {
      for (const name of names) expect((await fetch(`${services.healthUrl(name)}/healthz`)).status, name).toBe(200);
      const { work } = (await (await fetch(`${services.healthUrl('ingestor')}/healthz`)).json()) as {
        work: { for?: string }[];
      };
      for (const { for: who } of work) if (who) seen.ingestor.add(who);
      return performance.now() > seen.until;
    });
    expect(seen.ingestor).toContain('aggregator');
  } finally {
    await startEngine('clickhouse');
  }
  await pipeline.kafka.caughtUp();
  await allReady();
  expect(names.map((name) => services.pid(name))).toEqual(pids);
  expect(said).toEqual([]);
});

test('stop under load: readiness goes off first, what was read is stored and committed, nothing comes twice', {
  tags: [FULL],
}, async () => {
  const services = supervise(unhurried);
  await allReady();
  const marks = names.map((name) => pipeline.services[name as ServiceName].mark());
  const before = await storedRows();
  const committedBefore = await committed();
  const sending = pipeline.kafka.send(load(40_000));
  await midLoad(before, 40_000);

  // The aggregator is held up for a moment, so that windows are in flight while the ingestor stops.
  const ingestor = services.healthUrl('ingestor')!;
  const aggregator = services.pid('aggregator')!;
  const reasons = async () => ((await (await fetch(`${ingestor}/readyz`)).json()) as { reasons: string[] }).reasons;
  process.kill(aggregator, 'SIGSTOP');
  const inFlight = async () => sumOf(await metricsOf(ingestor, 'pingan_windows_in_flight'));
  await until('windows are in flight', async () => (await inFlight()) > 0, { everyMs: 20 });
  const stopped = services.stop();
  await until('readiness is off', async () => (await reasons()).includes('正在停止'), { everyMs: 20 });
  expect((await fetch(`${ingestor}/healthz`)).status).toBe(200);
  expect(await inFlight()).toBeGreaterThan(0);
  process.kill(aggregator, 'SIGCONT');
  await stopped;
  // Each ended by itself, and none at its deadline.
  for (const [i, name] of names.entries()) {
    const log = pipeline.services[name as ServiceName].since(marks[i]!);
    expect([name, log.includes('"msg":"已停止"'), log.includes('停止超时')]).toEqual([name, true, false]);
  }
  await sending;
  expect(said).toEqual([]);

  // All that was ever read below the committed offsets is stored, and nothing above them.
  const rows = (await storedRows()) - before;
  expect(rows).toBeLessThan(40_000);
  expect((await committed()) - committedBefore).toBe(rows);

  // The next processes read and store exactly the rest.
  const next = supervise(unhurried);
  await pipeline.kafka.caughtUp();
  const read = sumOf(await metricsOf(next.healthUrl('ingestor')!, 'pingan_events_total'), 'stage="read"');
  const stored = sumOf(await metricsOf(next.healthUrl('aggregator')!, 'pingan_events_total'), 'stage="stored"');
  expect({ read, stored }).toEqual({ read: 40_000 - rows, stored: 40_000 - rows });
  expect(await storedRows()).toBe(before + 40_000);
});

test('a service whose launcher went away while it was loading ends itself', async () => {
  const main = fileURLToPath(new URL('../services/scorer/dist/main.js', import.meta.url));
  const child = fork(main, { env: pipeline.env, stdio: 'ignore' });
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

/** Messages of the four streams below the committed offsets. */
async function committed(): Promise<number> {
  const found = await pipeline.kafka.withAdmin((admin) =>
    admin.fetchOffsets({ groupId: ingestorGroup, topics: [...eventTopics] }),
  );
  return found
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

test('metrics: lag, age, queues, inserts and windows are told; lag that is not known is absent', async () => {
  const services = supervise();
  await allReady();
  const [ingestor, aggregator, scorer] = names.map((name) => services.healthUrl(name)!) as [string, string, string];
  await pipeline.kafka.send([...load(3_000), { topic: topicOf('police'), key: 'x', value: 'not json' }]);
  await pipeline.kafka.caughtUp();
  const value = async (url: string, name: string, label = '') => sumOf(await metricsOf(url, name), label);
  expect(await value(aggregator, 'pingan_events_total', 'stage="stored"')).toBe(3_001);
  expect(await value(aggregator, 'pingan_dead_letters_total', 'reason="not_json"')).toBe(1);
  expect(await value(ingestor, 'pingan_window_events_sum')).toBe(3_002);
  expect(await value(aggregator, 'pingan_insert_seconds_count')).toBeGreaterThan(0);
  await until('the lag is known and nothing', async () => {
    const lag = await metricsOf(ingestor, 'pingan_kafka_lag_messages');
    return lag.size === 17 && sumOf(lag) === 0;
  });
  expect(await value(ingestor, 'pingan_oldest_unprocessed_event_age_seconds')).toBe(0);
  expect((await metricsOf(aggregator, 'pingan_queue_jobs')).size).toBe(8);
  expect((await metricsOf(scorer, 'pingan_queue_oldest_job_age_seconds')).size).toBe(1);

  await stopEngine('kafka');
  try {
    await until('lag is unknown', async () => (await metricsOf(ingestor, 'pingan_kafka_lag_messages')).size === 0);
    expect(await value(ingestor, 'pingan_oldest_unprocessed_event_age_seconds')).toBeNaN();
  } finally {
    await startEngine('kafka');
  }
  await until('lag is known again', async () => (await metricsOf(ingestor, 'pingan_kafka_lag_messages')).size === 17);
});

test('a producer whose every send fails while Kafka answers ends itself, and sends when the cause is gone', async () => {
  const topic = topicOf('police');
  const made = {
    ...county,
    code: 'DEMO',
    startMonth: lastCompleteMonth(Date.now(), county.timeZone),
    demo: { seed: 1 },
  };
  await pipeline.store.counties.save(made);
  await pipeline.kafka.withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
  supervise({ WATCHDOG_SECONDS: String(WATCHDOG_SECONDS) }, ['producer-police']);
  await until('it was started again', () =>
    said.some((line) => line.includes('服务 producer-police 意外退出（状态 1）')),
  );
  const log = readFileSync(join(pipeline.home, 'logs', 'producer-police.log'), 'utf8');
  expect(log).toContain(`事件发送已有 ${WATCHDOG_SECONDS} 秒没有进展`);
  await pipeline.kafka.withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 4 }] }));
  await until('it has sent', () =>
    pipeline.kafka.withAdmin(async (admin) =>
      (await admin.fetchTopicOffsets(topic)).some(({ high }) => Number(high) > 0),
    ),
  );
});
