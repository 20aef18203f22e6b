import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaAccessOf, kafkaLibrary, readEndpoints } from '@pingan/local-engines';
import { createKafka, ensureTopics } from '@pingan/messaging';
import { createLogger } from '@pingan/runtime';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './harness/cli.js';
import { clickhouseFetch, loginOf } from './harness/clickhouse-http.js';
import { allTextBelow } from './harness/files.js';
import { loginToKafka } from './harness/kafka.js';
import { laneEngines } from './harness/lane.js';
import { startEngine } from './harness/pipeline.js';

/** The engines as `npm start` has them: what another user of the machine and a web page get from them. */

const { home, endpoints } = laneEngines();
const clickhouse = endpoints.CLICKHOUSE_URL!;
const secrets = JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8')) as Record<string, string>;
const isRoot = process.getuid?.() === 0;
/** Nobody in particular. */
const stranger = { uid: 65_534, gid: 65_534 };

beforeAll(() => Promise.all((['kafka', 'redis', 'clickhouse'] as const).map(startEngine)));

/** One request with these headers, which `fetch` would not all send. */
function send(path: string, headers: Record<string, string>, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, loginOf(clickhouse).origin);
    const asked = request(url, { method: 'POST', headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode!, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

async function rowsOf(statement: string): Promise<string> {
  const answer = await clickhouseFetch(clickhouse, {}, { body: statement });
  return answer.text();
}

describe('ClickHouse', () => {
  const right = secrets.clickhouse!;
  test.each<[string, string, Record<string, string>]>([
    ['no login', '/', {}],
    [
      'a page of another site, without a preflight',
      '/',
      { origin: 'https://evil.example', 'content-type': 'text/plain' },
    ],
    ['a name that a page points at this machine', '/', { host: 'evil.example' }],
    ['an empty password', '/', basic('default', '')],
    ['a wrong password', '/', basic('pingan', 'x'.repeat(64))],
    ['another user with the right password', '/', basic('default', right)],
    ['the right password in other headers', '/', { 'X-ClickHouse-User': 'pingan', 'X-ClickHouse-Key': right }],
    ['the right password in the address', `/?user=pingan&password=${right}`, {}],
    ['a question whether it lives', '/ping', {}],
    ['its own page', '/play', {}],
  ])('does not answer: %s', async (_, path, headers) => {
    const name = `closed_${Date.now()}_${Math.random().toString(36).slice(2)}`;
    const { status, text } = await send(path, headers, `CREATE DATABASE ${name}`);
    expect({ status, text: text.split('\n')[0] }).toEqual({
      status: 404,
      text: `There is no handle ${path}`,
    });
    expect(await rowsOf(`SELECT count() FROM system.databases WHERE name = '${name}'`)).toBe('0\n');
  });

  test('answers who has the login', async () => {
    expect(await send('/ping', loginOf(clickhouse).headers, '')).toEqual({ status: 200, text: 'Ok.\n' });
    expect(await rowsOf('SELECT currentUser()')).toBe('pingan\n');
  });

  // Open to all, so that it is not the file system that refuses.
  const folder = mkdtempSync(join(tmpdir(), 'pingan-closed-'));
  chmodSync(folder, 0o777);
  afterAll(() => rmSync(folder, { recursive: true }));
  const secret = join(folder, 'secret');
  const target = join(folder, 'target');
  writeFileSync(secret, 'not for ClickHouse', { mode: 0o644 });
  test.each([
    `SELECT * FROM file('${secret}', 'LineAsString')`,
    `DESCRIBE file('${secret}')`,
    `SELECT * FROM \`${secret}\``,
    `SELECT * FROM filesystem('${folder}')`,
    `INSERT INTO FUNCTION file('${target}', 'CSV', 'a String') VALUES ('x')`,
    `CREATE TABLE default.closed (a String) ENGINE = File('CSV', '${target}')`,
    `CREATE TABLE default.closed (a String) ENGINE = URL('http://127.0.0.1:1/', 'CSV')`,
    `CREATE TABLE default.closed (a String) ENGINE = Executable('id', 'TSV')`,
    `CREATE DATABASE closed ENGINE = Filesystem('${folder}')`,
    `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`,
    `INSERT INTO FUNCTION url('http://127.0.0.1:1/', 'CSV', 'a String') VALUES ('x')`,
    `SELECT * FROM remote('127.0.0.1:1', 'system', 'one')`,
    `CREATE FUNCTION closed AS (a) -> a`,
    `CREATE USER closed IDENTIFIED BY 'x'`,
    `SYSTEM START LISTEN TCP`,
    `SYSTEM SHUTDOWN`,
    `GRANT READ ON FILE TO pingan`,
  ])('refuses the services: %s', async (statement) => {
    expect(await rowsOf(statement)).toContain('ACCESS_DENIED');
    expect(existsSync(target)).toBe(false);
  });

  test('shows nobody the password it knows', async () => {
    for (const table of ['server_settings', 'settings', 'users', 'processes', 'query_log', 'build_options']) {
      const text = await rowsOf(`SELECT * FROM system.${table}`);
      expect(text, table).not.toContain(right);
      expect(text, table).not.toContain(basic('pingan', right).authorization.slice('Basic '.length));
    }
  });
});

describe('Redis', () => {
  const { host } = new URL(endpoints.REDIS_URL!);
  test.each([
    ['without a password', `redis://${host}`],
    ['with a wrong one', `redis://default:wrong@${host}`],
  ])('answers nothing %s', async (_, url) => {
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    await expect(redis.connect().then(() => redis.get('a'))).rejects.toThrow(/NOAUTH|WRONGPASS|closed/);
    redis.disconnect();
  });
});

describe('Kafka', () => {
  const { kafkaController } = JSON.parse(readFileSync(join(home, 'ports.json'), 'utf8')) as Record<string, number>;
  const login = loginToKafka(endpoints);
  const wrong = loginToKafka({ ...endpoints, KAFKA_PASSWORD: 'wrong' });
  const reach = async (broker: string, access: typeof login) => {
    const kafka = new Kafka({ brokers: [broker], ...access, logLevel: logLevel.NOTHING, requestTimeout: 3_000 });
    const admin = kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      return (await admin.describeCluster()).brokers.length;
    } finally {
      await admin.disconnect();
    }
  };
  test('answers who has the login, and nobody else', async () => {
    const broker = endpoints.KAFKA_BROKERS!;
    expect(await reach(broker, login)).toBe(1);
    await expect(reach(broker, wrong)).rejects.toThrow(/authentication/i);
    await expect(reach(broker, {})).rejects.toThrow();
  });
  test('nor does its controller', async () => {
    await expect(reach(`127.0.0.1:${kafkaController}`, wrong)).rejects.toThrow(/authentication/i);
    await expect(reach(`127.0.0.1:${kafkaController}`, {})).rejects.toThrow();
  });
});

test('Kafka runs without jars that have known holes', () => {
  const jars = readdirSync(kafkaLibrary());
  const versionsOf = (name: string) =>
    jars.flatMap((jar) => new RegExp(`^${name}-(\\d.*)\\.jar$`).exec(jar)?.[1] ?? []);
  // CVE-2025-48734; CVE-2025-12183 and CVE-2025-66566, mended in a fork only, which has the same name.
  expect(versionsOf('commons-beanutils')).toEqual(['1.11.0']);
  expect(versionsOf('lz4-java')).toEqual(['1.10.4']);
});

test('the home is closed to others', () => {
  expect(statSync(home).mode & 0o007).toBe(0);
  for (const name of ['secrets.json', 'endpoints.json']) expect(statSync(join(home, name)).mode & 0o077).toBe(0);
  for (const name of ['kafka', 'redis', 'clickhouse']) expect(statSync(join(home, name)).mode & 0o777).toBe(0o700);
});

test.runIf(isRoot)('another user reads nothing of it and gets nothing from a port', () => {
  const files = [
    'secrets.json',
    'endpoints.json',
    'redis/redis.conf',
    'kafka/server.properties',
    'clickhouse/users.xml',
  ];
  for (const name of files) {
    expect(existsSync(join(home, name)), name).toBe(true);
    const { status, stdout, stderr } = spawnSync('cat', [join(home, name)], { ...stranger, encoding: 'utf8' });
    expect({ name, status, stdout, denied: stderr.includes('denied') }).toEqual({
      name,
      status: 1,
      stdout: '',
      denied: true,
    });
  }
  const ask = `fetch('${loginOf(clickhouse).origin}/?query=SELECT+1').then((r) => console.log(r.status))`;
  const asked = spawnSync(process.execPath, ['-e', ask], { ...stranger, cwd: '/', encoding: 'utf8' });
  expect(asked.stdout).toBe('404\n');
});

const processes = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

test.runIf(process.platform === 'linux')('no password is among the arguments of a process', () => {
  const seen = processes().map((pid) => read(`/proc/${pid}/cmdline`));
  expect(seen.filter((line) => line.includes(join(home, 'clickhouse')))).not.toEqual([]);
  for (const secret of [...Object.values(secrets), loginOf(clickhouse).headers.authorization!.slice(6)])
    expect(seen.filter((line) => line.includes(secret))).toEqual([]);
});

test.runIf(isRoot && process.platform === 'linux')(
  'engines that root starts are not root, where their user can read the programs',
  ({ skip }) => {
    const id = spawnSync('id', ['-u', 'pingan'], { encoding: 'utf8' });
    const uid = id.status === 0 ? Number(id.stdout) : skip('there is no user pingan');
    const module = fileURLToPath(new URL('../packages/local-engines/dist/clickhouse-main.js', import.meta.url));
    const gid = Number(spawnSync('id', ['-g', 'pingan'], { encoding: 'utf8' }).stdout);
    if (spawnSync('cat', [module], { uid, gid }).status !== 0) skip('the checkout lies in a closed directory');
    const { pids } = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8')) as { pids: Record<string, number> };
    for (const [name, pid] of Object.entries(pids)) {
      const status = read(`/proc/${pid}/status`);
      expect(/^Uid:\s+(\d+)\s+(\d+)/m.exec(status)?.slice(1), name).toEqual([String(uid), String(uid)]);
      expect(/^Gid:\s+(\d+)/m.exec(status)?.[1], name).toBe(String(gid));
    }
  },
);

test('commands find the logins in the home, and print none', async () => {
  const { KAFKA_BROKERS: _, REDIS_URL: __, CLICKHOUSE_URL: ___, ...rest } = process.env;
  const env = { ...rest, PINGAN_HOME: home, CLICKHOUSE_DATABASE: `closed_${Date.now()}` };
  // Without topics the lag is unknown.
  const found = readEndpoints({ home, env: {} })!;
  const log = createLogger('test', 'silent');
  const connection = { brokers: found.kafkaBrokers, access: kafkaAccessOf(found, {}), clientId: 'closed', log };
  await ensureTopics(createKafka(connection), { partitions: 1, replicas: 1 });
  const json = await runCli(['status', '--format', 'json'], env);
  const { engines } = JSON.parse(json.stdout) as { engines: Record<string, { ok: boolean }> };
  expect(Object.values(engines).map(({ ok }) => ok)).toEqual([true, true, true]);
  const table = await runCli(['status'], env);
  const replayed = await runCli(['dead-letter', 'replay', '--reason', 'not_json', '--dry-run'], env);
  expect(replayed.status).toBe(0);
  const printed = [json, table, replayed].map(({ stdout, stderr }) => stdout + stderr).join('');
  const logs = allTextBelow(join(home, 'logs'));
  for (const secret of Object.values(secrets)) expect(printed + logs).not.toContain(secret);
});
