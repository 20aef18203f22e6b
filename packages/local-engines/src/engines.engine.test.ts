import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from '@clickhouse/client';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { readJson } from './files.js';
import { homePaths } from './home.js';
import {
  checkEngines,
  type Endpoints,
  type EngineExit,
  endpointsToEnv,
  readEndpoints,
  resetEngines,
  startEngines,
} from './index.js';
import { asPidFile } from './keeper.js';
import { isPortFree } from './ports.js';
import { isAlive, type ProcessRef, waitForExit } from './processes.js';
import { withRedis } from './redis.js';
import { ENGINE_NAMES } from './types.js';

const launcherModule = fileURLToPath(new URL('../fixtures/launcher.mjs', import.meta.url));
const GONE_MS = 15_000;
const NO_ENGINES = { KAFKA_BROKERS: '', REDIS_URL: '', CLICKHOUSE_URL: '' };
const TOPIC = 'pingan.engines-test';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

// One home for all tests of this file, in order: each finds what the one before has written.
let home = '';
const launchers: ChildProcess[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), '平安 engines-'));
});

afterEach(async () => {
  for (const launcher of launchers.splice(0)) launcher.kill('SIGKILL');
  for (const { keeper, engine } of pidFiles()) {
    for (const ref of [keeper, engine]) if (ref) await waitForExit(ref, GONE_MS);
  }
});

afterAll(async () => {
  await resetEngines({ home });
  rmSync(home, { recursive: true, force: true });
});

interface Launched {
  launcher: ChildProcess;
  endpoints: Endpoints;
  processes: ProcessRef[];
  elapsedMs: number;
}

/** Starts engines from a process of its own, which a test can kill. */
async function launch(): Promise<Launched> {
  const env = { ...process.env, ...NO_ENGINES };
  const launcher = spawn(process.execPath, [launcherModule, home], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  launchers.push(launcher);
  const lines = createInterface({ input: launcher.stdout });
  const first = await Promise.race([once(lines, 'line'), once(launcher, 'exit')]);
  const { endpoints, elapsedMs } = JSON.parse(String(first[0])) as Pick<Launched, 'endpoints' | 'elapsedMs'>;
  const processes = pidFiles().flatMap(({ keeper, engine }) => (keeper && engine ? [keeper, engine] : []));
  expect(processes).toHaveLength(6);
  return { launcher, endpoints, processes, elapsedMs };
}

function pidFiles() {
  return ENGINE_NAMES.map((engine) => asPidFile(readJson(homePaths(home).pids(engine))));
}

function portsOf(endpoints: Endpoints): number[] {
  const urls = [`kafka://${endpoints.kafkaBrokers[0]}`, endpoints.redisUrl, endpoints.clickhouseUrl];
  return urls.map((url) => Number(new URL(url).port));
}

async function expectAllGone(launched: Launched): Promise<number> {
  const begun = Date.now();
  const gone = await Promise.all(launched.processes.map((ref) => waitForExit(ref, GONE_MS)));
  expect(gone).toEqual(launched.processes.map(() => true));
  const free = await Promise.all(portsOf(launched.endpoints).map(isPortFree));
  expect(free).toEqual([true, true, true]);
  expect(pidFiles().some(({ keeper, engine }) => isAlive(keeper) || isAlive(engine))).toBe(false);
  return Date.now() - begun;
}

function kafkaOf(endpoints: Endpoints): Kafka {
  const sasl = { mechanism: 'plain', username: 'pingan', password: endpoints.kafkaPassword ?? '' } as const;
  return new Kafka({ brokers: endpoints.kafkaBrokers, sasl, logLevel: logLevel.NOTHING });
}

async function write(endpoints: Endpoints, text: string): Promise<void> {
  const kafka = kafkaOf(endpoints);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  await producer.send({ topic: TOPIC, acks: -1, messages: [{ key: 'k', value: text }] });
  await producer.disconnect();

  await withRedis(endpoints.redisUrl, (redis) => redis.rpush('texts', text));

  const clickhouse = createClient({ url: endpoints.clickhouseUrl });
  await clickhouse.command({ query: 'CREATE DATABASE IF NOT EXISTS engines_test ENGINE = Atomic' });
  await clickhouse.command({
    query:
      'CREATE TABLE IF NOT EXISTS engines_test.texts (at DateTime64(6), text String) ENGINE = MergeTree ORDER BY at',
  });
  const query = `INSERT INTO engines_test.texts VALUES (now64(6), {text:String})`;
  await clickhouse.command({ query, query_params: { text } });
  await clickhouse.close();
}

async function readAll(endpoints: Endpoints): Promise<Record<'kafka' | 'redis' | 'clickhouse', string[]>> {
  const kafka = kafkaOf(endpoints);
  const admin = kafka.admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(TOPIC);
  await admin.disconnect();
  const texts: string[] = [];
  const consumer = kafka.consumer({ groupId: `reader-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      texts.push(String(message.value));
    },
  });
  while (texts.length < Number(partition?.high)) await sleep(20);
  await consumer.disconnect();

  const redis = await withRedis(endpoints.redisUrl, (client) => client.lrange('texts', 0, -1));
  const client = createClient({ url: endpoints.clickhouseUrl });
  const result = await client.query({
    query: 'SELECT text FROM engines_test.texts ORDER BY at',
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ text: string }>();
  await client.close();
  return { kafka: texts, redis, clickhouse: rows.map((row) => row.text) };
}

function written(...texts: string[]) {
  return { kafka: texts, redis: texts, clickhouse: texts };
}

test('starts all three, tells where they are, and leaves nothing when its process is killed', async () => {
  const launched = await launch();
  const { launcher, endpoints } = launched;
  expect(readEndpoints({ home, env: {} })).toEqual(endpoints);
  const checks = await checkEngines(endpoints);
  expect(Object.values(checks).map((check) => check.ok)).toEqual([true, true, true]);
  await expect(startEngines({ home, env: {} })).rejects.toMatchObject({ code: 'already-running', pid: launcher.pid });
  await expect(resetEngines({ home })).rejects.toMatchObject({ code: 'already-running' });
  await write(endpoints, 'before kill -9');
  // Redis writes its log to disk once a second.
  await sleep(1200);

  launcher.kill('SIGKILL');
  const goneMs = await expectAllGone(launched);
  expect(readEndpoints({ home, env: {} })).toBeUndefined();
  const after = await checkEngines(endpoints);
  expect(Object.values(after).map((check) => check.ok)).toEqual([false, false, false]);
  console.log(`first start ${launched.elapsedMs} ms, gone after kill -9 in ${goneMs} ms`);
});

test('finds its data again, and leaves nothing after SIGTERM', async () => {
  const launched = await launch();
  expect(await readAll(launched.endpoints)).toEqual(written('before kill -9'));
  await write(launched.endpoints, 'before SIGTERM');

  const exited = once(launched.launcher, 'exit');
  launched.launcher.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  const goneMs = await expectAllGone(launched);
  // It had ended when its launcher did.
  expect(goneMs).toBeLessThan(5_000);
  expect(existsSync(homePaths(home).endpoints)).toBe(false);
  expect(existsSync(homePaths(home).lock)).toBe(false);
  console.log(`warm start ${launched.elapsedMs} ms`);
});

test('stops what an accident has left, and takes other ports when its own are taken', async () => {
  const first = await launch();
  expect(await readAll(first.endpoints)).toEqual(written('before kill -9', 'before SIGTERM'));
  await write(first.endpoints, 'before the accident');
  await sleep(1200);
  const orphans = pidFiles();
  first.launcher.kill('SIGSTOP');
  for (const { keeper } of orphans) process.kill(keeper?.pid ?? 0, 'SIGSTOP');
  for (const { keeper } of orphans) process.kill(keeper?.pid ?? 0, 'SIGKILL');
  first.launcher.kill('SIGKILL');
  for (const { keeper } of orphans) if (keeper) expect(await waitForExit(keeper, GONE_MS)).toBe(true);
  expect(orphans.map(({ engine }) => isAlive(engine))).toEqual([true, true, true]);

  const second = await launch();
  expect(orphans.map(({ engine }) => isAlive(engine))).toEqual([false, false, false]);
  expect(await readAll(second.endpoints)).toEqual(written('before kill -9', 'before SIGTERM', 'before the accident'));
  const exited = once(second.launcher, 'exit');
  second.launcher.kill('SIGTERM');
  await exited;
  await expectAllGone(second);

  const ports = portsOf(second.endpoints);
  const squatters = ports.map((port) => createServer().listen(port, '127.0.0.1'));
  await Promise.all(squatters.map((server) => once(server, 'listening')));
  const third = await launch();
  for (const server of squatters) server.close();
  expect(portsOf(third.endpoints).filter((port) => ports.includes(port))).toEqual([]);
  expect((await readAll(third.endpoints)).kafka).toHaveLength(3);
});

test('tells when an engine dies, starts it again on demand, and serves others through the environment', async () => {
  const exits: EngineExit[] = [];
  const engines = await startEngines({ home, env: {}, onExit: (exit) => exits.push(exit) });
  try {
    expect(engines.started).toEqual(['kafka', 'redis', 'clickhouse']);
    for (const engine of ENGINE_NAMES) {
      process.kill(engines.pids[engine] ?? 0, 'SIGKILL');
      await expect.poll(() => exits.at(-1), { timeout: 5000 }).toMatchObject({ engine, signal: 'SIGKILL' });
      expect(engines.pids[engine]).toBeUndefined();
      expect((await checkEngines(engines.endpoints))[engine].ok).toBe(false);
      await engines.startEngine(engine);
    }
    expect((await readAll(engines.endpoints)).clickhouse).toHaveLength(3);
    await engines.stopEngine('redis');
    expect((await checkEngines(engines.endpoints)).redis.ok).toBe(false);
    await engines.startEngine('redis');
    expect(exits).toHaveLength(3);

    const elsewhere = mkdtempSync(join(tmpdir(), 'pingan-elsewhere-'));
    const guest = await startEngines({ home: elsewhere, env: endpointsToEnv(engines.endpoints) });
    // How to log in to a Kafka that the environment names is the environment's to say.
    const { kafkaPassword: _, ...named } = engines.endpoints;
    expect(guest).toEqual(expect.objectContaining({ started: [], pids: {}, endpoints: named }));
    expect(readEndpoints({ home: elsewhere, env: {} })).toEqual(named);
    await guest.stop();
    const env = { ...endpointsToEnv(engines.endpoints), REDIS_URL: 'redis://127.0.0.1:1' };
    await expect(startEngines({ home: elsewhere, env })).rejects.toMatchObject({
      code: 'unreachable',
      engine: 'redis',
    });
    rmSync(elsewhere, { recursive: true });
  } finally {
    await engines.stop();
  }
  expect((await checkEngines(engines.endpoints)).kafka.ok).toBe(false);
});

test('an engine that cannot start says why, and the others are not left running', async () => {
  const damaged = mkdtempSync(join(tmpdir(), 'pingan-damaged-'));
  const manifest = join(homePaths(damaged).data('redis'), 'appendonlydir');
  mkdirSync(manifest, { recursive: true });
  writeFileSync(join(manifest, 'appendonly.aof.manifest'), 'rubbish');
  const error = await startEngines({ home: damaged, env: {} }).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'engine-exited', engine: 'redis' });
  expect((error as Error).message).toContain('AOF MANIFEST FILE ERROR');
  expect(readdirSync(homePaths(damaged).run)).toEqual([]);
  expect(existsSync(homePaths(damaged).lock)).toBe(false);
  rmSync(damaged, { recursive: true });
});

test('starting can be given up, and a reset deletes everything', async () => {
  const abort = new AbortController();
  const starting = startEngines({
    home,
    env: {},
    signal: abort.signal,
    log: (step) => {
      if (step.phase === 'ready') abort.abort(new Error('changed my mind'));
    },
  });
  await expect(starting).rejects.toThrow('changed my mind');
  expect(pidFiles().some(({ keeper, engine }) => isAlive(keeper) || isAlive(engine))).toBe(false);

  await resetEngines({ home });
  expect(ENGINE_NAMES.some((engine) => existsSync(homePaths(home).data(engine)))).toBe(false);
});
