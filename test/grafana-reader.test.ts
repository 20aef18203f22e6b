import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards, officeAlerts } from '@pingan/dashboards';
import { builtinCounty, lastCompleteMonth } from '@pingan/regions';
import { createStore, type Store } from '@pingan/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startClickHouseWithUsers } from './harness/clickhouse-users.js';
import { type Answer, ask, expand, sqlOf, type Values } from './harness/grafana.js';
import { laneEngines } from './harness/lane.js';
import { handMadeRun } from './harness/runs.js';

const county = builtinCounty('610222')!;
const month = lastCompleteMonth(Date.now(), county.timeZone);
const database = 'pingan';
const passwords = { services: 'ser:vice"s&', reader: "rea<d>er's" };

/** queryTimeout of the data source and five seconds, as clickhouse-go makes it. */
const settings = { max_execution_time: '35' };
const reader = { username: 'grafana_reader', password: passwords.reader, settings };
const services = { username: 'pingan', password: passwords.services };

let engine: Awaited<ReturnType<typeof startClickHouseWithUsers>>;
let store: Store;

const read = (query: string, as: Parameters<typeof ask>[3] = reader): Promise<Answer> =>
  ask(engine.url, database, query, as);

beforeAll(async () => {
  engine = await startClickHouseWithUsers(mkdtempSync(join(laneEngines().home, 'users-')), passwords);
  store = createStore({ url: engine.url, database, ...services });
  await store.migrate();
  await store.counties.save(county);
  const run = handMadeRun({ county: county.code, period: month, names: ['甲乡', '乙乡', '丙乡'], scheme: 'a' });
  await store.runs.write([run]);
  await store.runs.activate([run.head]);
});

afterAll(async () => {
  await store?.close();
  await engine?.stop();
});

describe('the reading user of deploy/clickhouse/users.d', () => {
  test('may send every query of the dashboards and alerts, with the time limit the plugin adds', async () => {
    const values: Values = { county: county.code, month, region: 'R1', unit: '$__all', indicator: 'P01', scheme: 'a' };
    const span = { from: Date.parse('2020-01-01') / 1000, to: Date.parse('2030-01-01') / 1000 };
    const queries = [
      ...dashboards.flatMap(sqlOf).map(({ sql }) => expand(sql, values, span)),
      ...officeAlerts.map(({ sql }) => sql),
    ];
    const refused: string[] = [];
    for (const query of new Set(queries)) await read(query).catch((error: Error) => refused.push(error.message));
    expect(refused).toEqual([]);
    const { rows } = await read(
      `SELECT name FROM v_ranking(county = '${county.code}', month = '${month}', basis = 'latest') ORDER BY rank`,
    );
    expect(rows).toHaveLength(3);
  });

  test('may read every view and no table', async () => {
    const { rows } = await read(
      `SELECT name, startsWith(name, 'v_') AS is_view FROM system.tables WHERE database = '${database}'`,
      services,
    );
    const wrong: string[] = [];
    for (const { name, is_view } of rows as { name: string; is_view: number }[]) {
      const parameters = "(county = '1', month = '2025-01', code = 'P01', scheme = 'a', other = 'b', basis = 'latest')";
      const answers = await Promise.all(
        ['', parameters].map((text) => read(`SELECT * FROM ${name}${text} LIMIT 1`).then(() => '', String)),
      );
      const right = is_view
        ? answers.includes('')
        : answers.every((answer) => /ACCESS_DENIED|UNKNOWN_FUNCTION/.test(answer));
      if (!right) wrong.push(`${name}: ${answers.join(' | ').slice(0, 300)}`);
    }
    expect(rows.length).toBeGreaterThan(30);
    expect(wrong).toEqual([]);
  });

  test.each([
    ['another password', 'SELECT 1', { ...reader, password: 'x' }, 'AUTHENTICATION_FAILED'],
    ['a write', `INSERT INTO counties (code) VALUES ('1')`, reader, /READONLY|ACCESS_DENIED/],
    ['a new table', 'CREATE TABLE t (a Int8) ENGINE = Memory', reader, /READONLY|ACCESS_DENIED/],
    ['a table gone', 'DROP TABLE counties', reader, /READONLY|ACCESS_DENIED/],
    [
      'a request to another machine',
      `SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')`,
      reader,
      /READONLY|ACCESS_DENIED/,
    ],
    ['a file of the server', `SELECT * FROM file('/etc/passwd', 'CSV', 'a String')`, reader, /READONLY|ACCESS_DENIED/],
    ['the queries of others', 'SELECT * FROM system.query_log', reader, /ACCESS_DENIED|UNKNOWN_TABLE/],
    ['more than 100,000 rows', 'SELECT number FROM numbers(100001)', reader, 'TOO_MANY_ROWS_OR_BYTES'],
    ['a higher limit of rows', 'SELECT 1 SETTINGS max_result_rows = 0', reader, 'READONLY'],
    ['a higher limit of memory', 'SELECT 1 SETTINGS max_memory_usage = 0', reader, 'READONLY'],
    ['no read-only mode', 'SELECT 1 SETTINGS readonly = 0', reader, 'READONLY'],
    [
      'more than a minute',
      'SELECT 1',
      { ...reader, settings: { max_execution_time: '61' } },
      'SETTING_CONSTRAINT_VIOLATION',
    ],
    [
      'longer than the time it was given',
      'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)',
      { ...reader, settings: { max_execution_time: '1' } },
      'TIMEOUT_EXCEEDED',
    ],
    [
      'more than 2 GB',
      'SELECT count() FROM (SELECT groupArray(number) FROM numbers(400000000))',
      reader,
      'MEMORY_LIMIT_EXCEEDED',
    ],
  ])('is refused %s', async (_, query, as, code) => {
    await expect(read(query, as)).rejects.toThrow(code);
  });

  test('has half a minute when the plugin names no limit', async () => {
    const { rows } = await read(
      `SELECT getSetting('max_execution_time') AS seconds, getSetting('readonly') AS readonly`,
      {
        ...reader,
        settings: {},
      },
    );
    expect(rows.map(({ seconds, readonly }) => [Number(seconds), Number(readonly)])).toEqual([[30, 1]]);
  });
});

test('the user without a password may come from its own machine only', async () => {
  const { rows } = await ask(engine.url, 'system', `SELECT name, host_ip, host_names FROM users ORDER BY name`);
  expect(rows).toEqual([
    { name: 'default', host_ip: [], host_names: ['localhost'] },
    { name: 'grafana_reader', host_ip: ['::/0'], host_names: [] },
    { name: 'pingan', host_ip: ['::/0'], host_names: [] },
  ]);
});
