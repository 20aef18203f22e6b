/**
 * Promise: the index equals what the raw events say.
 *
 * Mechanism: what arrived between two watermarks is read from the case tables, and what the touched cases count for now, less
 * what they counted for before, is added to the monthly components; the watermark is written after them. Where components are newer
 * than their watermark, or most of the log is new, months are computed from the case tables instead. Jobs may be lost: each
 * county is asked for again by a sweep. A run is written whole, then one row makes it the one that is read.
 *
 * Excluded: rows of the case tables changed by hand. Between an event and its index lie seconds, after a lost job up to a
 * minute. An aggregator that is frozen between computing and writing, overtaken, and then killed within milliseconds of
 * waking leaves what it wrote: `pingan reconcile` finds that.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createStore } from '@pingan/store';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, countyFrom, monthsAgo, openAccount } from '../harness/account.js';
import { FULL } from '../harness/full.js';
import { type Moment, moments } from '../harness/moments.js';
import { killEngine, startEngine } from '../harness/pipeline.js';
import { until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline } from '../harness/proxies.js';
import { useScheme, writtenScheme } from '../harness/schemes.js';
import { settled } from '../harness/settled.js';
import { messageOf } from '../harness/synthetic.js';
import { plain } from '../oracle/index.js';

const HOUR = 3_600_000;
/** Enough months for all tests; the scorer computes from the first touched one to the last complete one. */
const FIRST_MONTH = monthsAgo(20);
const county = countyFrom(FIRST_MONTH);
const clock = fileURLToPath(new URL('../dist/harness/clock.js', import.meta.url));
const units = county.regions.regions.filter(({ level }) => level === 'township').length;
let pipeline: FaultyPipeline;
let account: Account;

beforeAll(async () => {
  pipeline = await openFaultyPipeline({
    env: {
      WINDOW_MESSAGES: '200',
      SWEEP_MS: '5000',
      NODE_OPTIONS: `--import=${clock}`,
      CLOCK_JUMPS: `${-HOUR},${2 * HOUR}`,
    },
  });
  await pipeline.store.counties.save(county);
  // Without shrinkage there are no intervals to draw: scores are quick.
  await useScheme(pipeline, county.code, writtenScheme('plain', plain));
  account = openAccount(pipeline, county, { from: FIRST_MONTH });
});
afterEach(() => pipeline?.releaseAll());
afterAll(() => pipeline?.close());

/** One month of events, and the month. */
function month() {
  const events = account.fresh(200);
  const occurred = JSON.parse(events[0]!.value.toString()) as { occurred_at: string };
  return { events, period: occurred.occurred_at.slice(0, 7) };
}

/** How many components say that cases occurred in a month, up to which log they are said to be computed, and whether a score is asked for. */
async function computed(period: string) {
  const [row] = await pipeline.sql<{ n: number }>(
    `SELECT count() AS n FROM components WHERE county = '${county.code}' AND month = '${period}-01' AND indicator LIKE 'cases:%'`,
  );
  const state = await pipeline.store.components.state(county.code);
  return { rows: row!.n, watermark: JSON.stringify(state?.watermark ?? null) };
}

interface Kill {
  title: string;
  moment: Moment;
  written: boolean;
  said: boolean;
  /** In `npm test` too. */
  always?: true;
}

const computing: Kill[] = [
  {
    title: 'after compute, before the components are written',
    moment: 'beforeComponents',
    written: false,
    said: false,
  },
  {
    title: 'after they are written, before it has heard of it',
    moment: 'afterComponents',
    written: true,
    said: false,
    always: true,
  },
  { title: 'before it says so', moment: 'beforeComponentState', written: true, said: false },
  { title: 'before it asks for scores', moment: 'beforeScoreJob', written: true, said: true },
];

for (const { title, moment, written, said, always } of computing) {
  test(`kill -9: aggregator ${title}`, { tags: always ? [] : [FULL] }, async () => {
    const { events, period } = month();
    // The refresh of the test before may still compare months after it has noted its state.
    await until('no refresh is under way', async () => (await pipeline.redis.llen('pingan:components:active')) === 0);
    expect((await computed(period)).rows).toBe(0);
    const writing = moment === 'beforeComponents' ? moment : 'afterComponents';
    const components = moments[writing](pipeline.at.aggregator);
    await account.send(events);
    await components.hit();
    const before = await computed(period);
    // What comes next belongs to the same refresh.
    if (moment !== writing) {
      const hold = moments[moment](pipeline.at.aggregator);
      components.release();
      await hold.hit();
    }
    const at = await computed(period);
    expect({ written: at.rows > 0, said: at.watermark !== before.watermark }).toEqual({ written, said });
    await pipeline.services.aggregator.kill9();
    pipeline.releaseAll();
    await pipeline.services.aggregator.start();
    await account.expectExact();
    await until('the month has a score', () => pipeline.store.runs.current(county.code, period));
  });
}

const scoring: { title: string; moment: Moment; always?: true }[] = [
  { title: 'before the rows of the run', moment: 'beforeRunRows' },
  { title: 'after its rows, before its head', moment: 'beforeRunHead' },
  { title: 'after the run, before it is the current one', moment: 'beforeRunCurrent', always: true },
  { title: 'after it is the current one, before it has heard of it', moment: 'afterRunCurrent' },
  { title: 'before the job is finished', moment: 'beforeScored' },
];

for (const { title, moment, always } of scoring) {
  test(`kill -9: scorer ${title}`, { tags: always ? [] : [FULL] }, async () => {
    const { events, period } = month();
    const hold = moments[moment](pipeline.at.scorer);
    await account.send(events);
    await hold.hit();
    const seen = await pipeline.store.runs.current(county.code, period);
    // Whatever a reader sees at this moment is whole.
    if (seen) expect(await pipeline.store.runs.units(seen.run_id)).toHaveLength(units);
    await pipeline.services.scorer.kill9();
    pipeline.releaseAll();
    await pipeline.services.scorer.start();
    await account.expectExact();
    // The undisturbed calculation has the same inputs, and so the same name.
    await until('the run is that of all events', async () => {
      const run = await pipeline.store.runs.current(county.code, period);
      if (!run) return false;
      await pipeline.ok('score', '--county', county.code, '--month', period);
      const undisturbed = await pipeline.store.runs.current(county.code, period);
      expect(undisturbed!.run_id).toBe(run.run_id);
      return true;
    });
  });
}

interface Write {
  what: string;
  service: 'aggregator' | 'scorer';
  moment: Moment;
}
const lastWrites: Write[] = [
  { what: 'components', service: 'aggregator', moment: 'beforeComponents' },
  { what: 'the current run', service: 'scorer', moment: 'beforeRunCurrent' },
];
const writesBefore: Write[] = [
  { what: 'sums of a refresh', service: 'aggregator', moment: 'beforeComponentSums' },
  { what: 'rows of a run', service: 'scorer', moment: 'beforeRunRows' },
];

const diesWhile = async ({ service, moment }: Write) => {
  const { events, period } = month();
  const hold = moments[moment](pipeline.at[service]);
  await account.send(events);
  await hold.hit();
  await killEngine('clickhouse');
  hold.release();
  await startEngine('clickhouse');
  await account.expectExact();
  await until('the month has a score', () => pipeline.store.runs.current(county.code, period));
  for (const { run_id } of await pipeline.store.runs.currentAll(county.code))
    expect(await pipeline.store.runs.units(run_id)).toHaveLength(units);
};
test.each(lastWrites)('ClickHouse dies while $what are written', diesWhile);
test.each(writesBefore)('ClickHouse dies while $what are written', { tags: [FULL] }, diesWhile);

test('Redis is wiped between store and components, and between components and score', async () => {
  const { events, period } = month();
  const mark = moments.beforeMark(pipeline.at.aggregator);
  const asked = moments.beforeScoreJob(pipeline.at.aggregator);
  await account.send(events);
  await mark.hit();
  expect((await computed(period)).rows).toBe(0);
  await pipeline.redis.flushall();
  mark.cut();
  await asked.hit();
  expect((await computed(period)).rows).toBeGreaterThan(0);
  asked.cut();
  await pipeline.redis.flushall();
  await account.expectExact();
  await until('the month has a score', () => pipeline.store.runs.current(county.code, period));
});

test('an aggregator sleeps between computing and writing; another goes on, the first wakes and writes', async () => {
  const { aggregator } = pipeline.services;
  const at = '2020-05-10T08:00:00+08:00';
  const fire = (version: number, op: 'upsert' | 'retract') =>
    messageOf({
      schema: 'police.incident/1',
      county: county.code,
      source: 'overtaken',
      case_id: 'X',
      version,
      op,
      region_code: '610222101',
      occurred_at: at,
      recorded_at: at,
      body: op === 'upsert' ? { category: 'fire' } : { reason: 'test' },
    });
  const hold = moments.beforeComponents(pipeline.at.aggregator);
  await account.send([fire(1, 'upsert')]);
  await hold.hit();
  // Stored before the other computes: it will find nothing to change, and so nothing that would stand above a late write.
  await account.send([fire(2, 'retract')]);
  await account.expectStored();
  aggregator.signal('SIGSTOP');
  const before = await computed('2020-05');
  const second = pipeline.another('aggregator');
  await second.start();
  await account.expectExact();
  expect((await computed('2020-05')).rows).toBe(before.rows);
  hold.release();
  aggregator.signal('SIGCONT');
  await until('the first has written what it had computed', async () => (await computed('2020-05')).rows > before.rows);
  await account.expectExact();
  expect(await second.stop()).toMatchObject({ code: 0, expected: true });
});

test('the clocks of all services jump back an hour, then forward two', async () => {
  const services = Object.values(pipeline.services);
  const waiting = () => pipeline.redis.zcard('pingan:components:delayed');
  // A member of the group that sends no heartbeats for an hour is out of it, and ends with its next commit.
  pipeline.services.ingestor.supervise();
  for (const jump of ['-3600000', '3600000']) {
    const positions = services.map((service) => service.mark());
    await account.send(account.fresh(200));
    await until('components are asked for, in a second', async () => (await waiting()) > 0, { everyMs: 10 });
    for (const service of services) service.signal('SIGUSR2');
    for (const [i, service] of services.entries()) {
      await until(`the clock of ${service.name} jumps`, () =>
        service.since(positions[i]!).includes(`clock shifted by ${jump} ms`),
      );
    }
    await account.send(account.fresh(200));
    await account.expectExact();
  }
});

const migrations = fileURLToPath(new URL('../../packages/store/migrations/', import.meta.url));

function statementsOf(file: string): string[] {
  const sql = readFileSync(join(migrations, file), 'utf8').replace(/^\s*--.*$/gm, '');
  return sql.split(/;\s*$/m).filter((statement) => statement.trim() !== '');
}

/** Columns that a row brings itself, by table. */
async function columnsOf(database: string): Promise<Map<string, string[]>> {
  const found = await pipeline.sql<{ table: string; names: string[] }>(
    `SELECT table, groupArray(name) AS names FROM system.columns
    WHERE database = '${database}' AND default_kind NOT IN ('MATERIALIZED', 'ALIAS') GROUP BY table`,
  );
  return new Map(found.map(({ table, names }) => [table, names]));
}

test('a database of the previous schema, with data in it and half way to this one, is brought to this schema', async () => {
  // What is copied must not change before it is compared.
  await settled(pipeline, county);
  const now = pipeline.env.CLICKHOUSE_DATABASE!;
  const before = `${now}_before`;
  const files = readdirSync(migrations)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const last = files.at(-1)!;
  await pipeline.command(`CREATE DATABASE ${before} ENGINE = Atomic`);
  const run = (statement: string) => pipeline.command(statement, before);
  for (const statement of files.slice(0, -1).flatMap(statementsOf)) await run(statement);
  await run(
    `CREATE TABLE schema_migrations (name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY name`,
  );
  await run(
    `INSERT INTO schema_migrations (name) VALUES ${files
      .slice(0, -1)
      .map((name) => `('${name}')`)
      .join(',')}`,
  );
  const [old, current] = [await columnsOf(before), await columnsOf(now)];
  const tables = await pipeline.sql<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = '${before}' AND engine LIKE '%MergeTree'`,
  );
  for (const { name: table } of tables) {
    const common = old
      .get(table)!
      .filter((name) => current.get(table)?.includes(name))
      .join(', ');
    if (table !== 'schema_migrations' && common) {
      await run(`INSERT INTO ${table} (${common}) SELECT ${common} FROM ${now}.${table}`);
    }
  }
  // A migration that was killed after its first statement.
  await run(statementsOf(last)[0]!);

  const store = createStore({ url: pipeline.env.CLICKHOUSE_URL!, database: before });
  try {
    expect(await store.migrate()).toEqual([last]);
    expect(await store.migrate()).toEqual([]);
    expect(await columnsOf(before)).toEqual(current);
    const { watermark } = (await pipeline.store.components.state(county.code))!;
    const scope = { county: { code: county.code, timeZone: county.timeZone }, watermark };
    const stored = await pipeline.store.components.read(county.code);
    expect(stored.length).toBeGreaterThan(1_000);
    expect(await store.components.read(county.code)).toEqual(stored);
    const sorted = (list: typeof stored) => list.map((row) => JSON.stringify(row)).sort();
    expect(sorted(await store.components.compute(scope))).toEqual(sorted(stored));
    expect(await store.runs.currentAll(county.code)).toEqual(await pipeline.store.runs.currentAll(county.code));
  } finally {
    await store.close();
  }
});
