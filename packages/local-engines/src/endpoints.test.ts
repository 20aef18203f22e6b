import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endpointsToEnv, readEndpoints } from './endpoints.js';
import { EngineError } from './errors.js';
import { writeJson } from './files.js';
import { homePaths, resolveHome, workspaceRoot } from './home.js';
import { serverProperties } from './kafka.js';
import { ownRef } from './processes.js';
import { startEngines } from './start.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pingan-endpoints-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const endpoints = {
  kafkaBrokers: ['127.0.0.1:9092'],
  redisUrl: 'redis://127.0.0.1:6379',
  clickhouseUrl: 'http://127.0.0.1:8123',
};

test('a running launcher is found, a dead one is not', () => {
  expect(readEndpoints({ home, env: {} })).toBeUndefined();
  writeJson(homePaths(home).endpoints, { endpoints, launcher: ownRef(), pids: {}, startedAt: '' });
  expect(readEndpoints({ home, env: {} })).toEqual(endpoints);
  writeJson(homePaths(home).endpoints, { endpoints, launcher: { ...ownRef(), mark: 'x' }, pids: {}, startedAt: '' });
  expect(readEndpoints({ home, env: {} })).toBeUndefined();
});

test('a file that is empty or cut off is none', () => {
  const path = homePaths(home).endpoints;
  writeJson(path, { endpoints, launcher: ownRef(), pids: {}, startedAt: '' });
  const whole = readFileSync(path, 'utf8');
  expect(readEndpoints({ home, env: {} })).toEqual(endpoints);
  for (const text of [
    '',
    '\n',
    '{',
    'null',
    '[]',
    '7',
    whole.slice(0, whole.length >> 1),
    whole.slice(0, -2).trimEnd(),
  ]) {
    writeFileSync(path, text);
    expect(readEndpoints({ home, env: {} }), JSON.stringify(text)).toBeUndefined();
    expect(readEndpoints({ home, env: endpointsToEnv(endpoints) })).toEqual(endpoints);
  }
});

test('variables win, and three of them need no launcher', () => {
  writeJson(homePaths(home).endpoints, { endpoints, launcher: ownRef(), pids: {}, startedAt: '' });
  const found = readEndpoints({ home, env: { KAFKA_BROKERS: 'k1:9092, k2:9092' } });
  expect(found).toEqual({ ...endpoints, kafkaBrokers: ['k1:9092', 'k2:9092'] });
  rmSync(homePaths(home).endpoints);
  expect(readEndpoints({ home, env: endpointsToEnv(endpoints) })).toEqual(endpoints);
  expect(readEndpoints({ home, env: { REDIS_URL: endpoints.redisUrl } })).toBeUndefined();
});

test('the home is in the workspace unless it is named', () => {
  expect(resolveHome({})).toBe(join(workspaceRoot(), '.pingan'));
  expect(resolveHome({ PINGAN_HOME: home })).toBe(home);
});

test('a home that cannot be written is refused in plain words', async () => {
  const file = join(home, 'file');
  writeFileSync(file, '');
  const error = await startEngines({ home: join(file, 'home'), env: {} }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ code: 'home-not-writable', engine: 'home' });
});

test('Kafka listens on loopback only and keeps everything', () => {
  const lines = serverProperties({ port: 1, controllerPort: 2, password: 'x', logDir: 'data' }).trim().split('\n');
  expect(lines).toContain('listeners=CLIENTS://127.0.0.1:1,CONTROLLER://127.0.0.1:2');
  expect(lines).toContain('listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT');
  expect(lines).toContain('log.retention.ms=-1');
  // A week by itself: a group that slept longer would begin again.
  expect(lines).toContain('offsets.retention.minutes=10512000');
  expect(lines).toContain('auto.create.topics.enable=false');
});
