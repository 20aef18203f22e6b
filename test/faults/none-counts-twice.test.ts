/**
 * Promise: no event counts twice.
 *
 * Mechanism: a window is named by topic, partition, first and last offset; the name is the id of its job and the token of
 * its insert, so that a retry of the same window adds no row. Where windows are cut differently the second time, or a
 * source sends again, the case tables keep one row per case and version, and every reader reads deduplicated.
 *
 * Excluded: rows of a window retried after more than 10,000 other inserts into the same table are added again; readers
 * still count them once. A source that gives the same case two ids has two cases.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ingestorGroup, streams, topicOf } from '@pingan/contracts';
import { MessagePack, openHeardQueue, WindowStorer } from '@pingan/messaging';
import { createLogger } from '@pingan/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, committedOffsets, countyFrom, monthsAgo, openAccount } from '../harness/account.js';
import { writeFiles } from '../harness/files.js';
import { FULL } from '../harness/full.js';
import { moments, placeOf, stateOf } from '../harness/moments.js';
import { until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline } from '../harness/proxies.js';

const county = countyFrom(monthsAgo(1));
let pipeline: FaultyPipeline;
let account: Account;

beforeAll(async () => {
  pipeline = await openFaultyPipeline({
    env: { WINDOW_MESSAGES: '50', STORE_CONCURRENCY: '2', CLICKHOUSE_TIMEOUT_MS: '5000' },
  });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county);
  // Otherwise a merge would take away the rows that a retry must not have added.
  for (const stream of streams) await pipeline.command(`SYSTEM STOP MERGES ${stream}_cases`);
});
afterEach(() => pipeline?.releaseAll());
afterAll(() => pipeline?.close());

/** As `expectExact`, and no row lies in the tables twice. */
async function expectNoRowAdded(): Promise<void> {
  await account.expectExact();
  const { rows, versions } = await account.stored();
  expect(rows).toBe(versions);
}

/** Sends events and waits for an insert that has been carried out and not been answered. */
async function insertDone() {
  const hold = moments.afterInsert(pipeline.at.aggregator);
  await account.send(account.fresh(120));
  const place = placeOf(await hold.hit())!;
  expect(await stateOf(pipeline, place)).toMatchObject({ job: true, stored: true, committed: false });
  return hold;
}

const failedJob = (position: number) =>
  until('the job has failed', () => pipeline.services.aggregator.since(position).includes('任务失败，将重试'));

test('the aggregator is killed after the insert: the same window again adds no row', async () => {
  await insertDone();
  await pipeline.services.aggregator.kill9();
  pipeline.at.aggregator.clear();
  await pipeline.services.aggregator.start();
  await expectNoRowAdded();
});

test('ClickHouse does the insert and does not answer in time', async () => {
  const position = pipeline.services.aggregator.mark();
  const hold = await insertDone();
  await failedJob(position);
  hold.release();
  await expectNoRowAdded();
});

test('ClickHouse does the insert and the connection breaks', { tags: [FULL] }, async () => {
  const position = pipeline.services.aggregator.mark();
  const hold = await insertDone();
  hold.cut();
  await failedJob(position);
  await expectNoRowAdded();
});

test('the aggregator sleeps longer than its lock, a second one does its window, the first wakes and inserts', async () => {
  const { aggregator } = pipeline.services;
  const hold = moments.beforeInsert(pipeline.at.aggregator);
  await account.send(account.fresh(120));
  const place = placeOf(await hold.hit())!;
  expect((await stateOf(pipeline, place)).stored).toBe(false);
  aggregator.signal('SIGSTOP');
  const second = pipeline.another('aggregator');
  await second.start();
  await until('the second has stored the window', async () => (await stateOf(pipeline, place)).stored);
  hold.release();
  aggregator.signal('SIGCONT');
  await expectNoRowAdded();
  // Both go on side by side.
  await account.send(account.fresh(120));
  await expectNoRowAdded();
  expect(await second.stop()).toMatchObject({ code: 0, expected: true });
});

const group = () => pipeline.kafka.withAdmin(async (admin) => (await admin.describeGroups([ingestorGroup])).groups[0]!);

/** Members of the group; none while partitions are being divided. */
async function members(): Promise<number> {
  const { state, members } = await group();
  return state === 'Stable' ? members.length : 0;
}

test('a second ingestor joins and leaves in mid-window', { tags: [FULL] }, async () => {
  const { ingestor } = pipeline.services;
  const position = ingestor.mark();
  const second = pipeline.another('ingestor');
  const joining = moments.beforeInsert(pipeline.at.aggregator);
  await account.send(account.fresh(400));
  const first = placeOf(await joining.hit())!;
  expect(await stateOf(pipeline, first)).toMatchObject({ stored: false, committed: false });
  await second.start();
  // The window is still on its way: whoever has its partition now reads it again.
  await until('two members share the partitions', async () => (await members()) === 2);
  joining.release();
  await account.expectExact();

  const leaving = moments.beforeInsert(pipeline.at.aggregator);
  await account.send(account.fresh(400));
  const last = placeOf(await leaving.hit())!;
  expect(await stateOf(pipeline, last)).toMatchObject({ stored: false, committed: false });
  await second.kill9();
  await until('one member has all partitions', async () => (await members()) === 1);
  leaving.release();
  await account.expectExact();
  expect(ingestor.since(position)).not.toContain('"msg":"启动"');
});

test('a commit arrives while partitions are being divided', { tags: [FULL] }, async () => {
  const { ingestor } = pipeline.services;
  const position = ingestor.mark();
  const hold = moments.beforeCommit(pipeline.at.ingestor);
  await account.send(account.fresh(200));
  const place = placeOf(await hold.hit())!;
  // The ingestor's heartbeats wait behind its commit: it hears of the new member after it.
  const other = await pipeline.kafka.joinIdly();
  const divided = async () => (await group()).state === 'PreparingRebalance';
  await until('partitions are being divided', divided, { everyMs: 20 });
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: true, committed: false });
  hold.release();
  await until('both are members', async () => (await members()) === 2);
  await other.leave();
  await account.expectExact();
  expect(ingestor.since(position)).not.toContain('"msg":"启动"');
});

test('the ingestor sleeps longer than its session, a second one takes over, the first wakes and commits', {
  tags: [FULL],
}, async () => {
  const { ingestor } = pipeline.services;
  const hold = moments.beforeCommit(pipeline.at.ingestor);
  await account.send(account.fresh(400));
  const place = placeOf(await hold.hit())!;
  expect(await stateOf(pipeline, place)).toMatchObject({ stored: true, committed: false });
  ingestor.signal('SIGSTOP');
  const second = pipeline.another('ingestor');
  // Its commit is refused: then it ends.
  ingestor.supervise();
  await second.start();
  await until('the second has committed the window', async () => (await stateOf(pipeline, place)).committed);
  await account.send(account.fresh(120));
  await account.expectExact();
  const before = await committedOffsets(pipeline);
  hold.release();
  ingestor.signal('SIGCONT');
  await until('both are members', async () => (await members()) === 2);
  const after = await committedOffsets(pipeline);
  for (const [at, offset] of before) expect(after.get(at), at).toBeGreaterThanOrEqual(offset);
  await account.send(account.fresh(120));
  await account.expectExact();
  expect(await second.stop()).toMatchObject({ code: 0, expected: true });
});

test('every message is delivered a second time', async () => {
  await account.send(account.fresh(200));
  await account.expectExact();
  const { rows } = await account.stored();
  await account.send([...account.sent]);
  await account.expectExact();
  expect((await account.stored()).rows).toBeGreaterThan(rows);
});

test('offsets are set back to the beginning, and windows are cut elsewhere', async () => {
  const { ingestor } = pipeline.services;
  const { rows } = await account.stored();
  expect(await ingestor.stop()).toMatchObject({ code: 0, expected: true });
  await pipeline.kafka.withAdmin(async (admin) => {
    for (const stream of streams) {
      await admin.resetOffsets({ groupId: ingestorGroup, topic: topicOf(stream), earliest: true });
    }
  });
  pipeline.env.WINDOW_MESSAGES = '37';
  await ingestor.start();
  await account.expectExact();
  expect((await account.stored()).rows).toBeGreaterThan(rows);
});

test('a window that is read again while it is being stored is handed in twice, and both come to an end', async () => {
  const { aggregator, ingestor } = pipeline.services;
  await account.expectExact();
  expect(await ingestor.stop()).toMatchObject({ code: 0, expected: true });
  expect(await aggregator.stop()).toMatchObject({ code: 0, expected: true });
  const [message] = account.fresh(1);
  const ends = () => pipeline.kafka.withAdmin((admin) => admin.fetchTopicOffsets(message!.topic));
  const before = new Map((await ends()).map(({ partition, high }) => [partition, high]));
  await account.send([message!]);
  const { partition } = (await ends()).find((end) => end.high !== before.get(end.partition))!;
  const offset = before.get(partition)!;
  const pack = new MessagePack();
  pack.add({ offset: Number(offset), timestamp: Date.now(), key: null, value: Buffer.from(message!.value) });
  const window = {
    ...{ topic: message!.topic, partition, first: offset, last: offset, again: 'twice', count: 1, since: Date.now() },
    packed: pack.bytes(),
    release: () => undefined,
  };
  const log = createLogger('test', 'silent');
  const { queue, events, enqueue, close } = await openHeardQueue('store', { redisUrl: pipeline.env.REDIS_URL!, log });
  const leave = new AbortController();
  try {
    const storer = new WindowStorer({ redis: enqueue, queue, events, log, signal: leave.signal });
    const both = Promise.all([storer.store(window), storer.store(window)]);
    await until('the job waits', async () => (await queue.getWaitingCount()) === 1);
    await aggregator.start();
    await both;
  } finally {
    leave.abort();
    await close();
    await ingestor.start();
  }
});

const ROWS = 200;

test('an import is killed after Kafka has the events; the file is imported again, and once more', async () => {
  const line = (i: number) => `P-${i},610222101,2019-02-03 08:00:00,fire`;
  const files = writeFiles(pipeline.home, {
    'mapping.yaml': `schema: police.incident/1
source: twice
delivered_at: "2019-03-01"
case_id: { column: id }
region: { column: region }
occurred_at: { column: at }
body:
  category: { column: category }
`,
    'ledger.csv': ['id,region,at,category', ...Array.from({ length: ROWS }, (_, i) => line(i))].join('\n'),
  });
  const args = ['import', '--county', county.code, '--mapping', files['mapping.yaml'], files['ledger.csv']];
  const counted = async () =>
    (
      await pipeline.sql<{ cases: number; sent: number }>(
        `SELECT uniqExact(case_id) AS cases, count() AS sent FROM police_cases WHERE source = 'twice'`,
      )
    )[0]!;

  const hold = moments.afterProduce(pipeline.at.ingestor);
  const cli = fileURLToPath(new URL('../../services/cli/dist/main.js', import.meta.url));
  const env = { ...pipeline.env, KAFKA_BROKERS: pipeline.at.ingestor.env.KAFKA_BROKERS };
  const killed = spawn(process.execPath, [cli, ...args], { env: env as NodeJS.ProcessEnv, stdio: 'ignore' });
  const ended = new Promise((resolve) => killed.once('close', (_, signal) => resolve(signal)));
  await hold.hit();
  await until('the events are there', async () => (await counted()).cases > 0);
  killed.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  pipeline.releaseAll();

  await pipeline.ok(...args);
  await pipeline.ok(...args);
  await pipeline.kafka.caughtUp();
  // They were sent three times, at least in part, and this is what readers must not see.
  const { cases, sent } = await counted();
  expect(cases).toBe(ROWS);
  expect(sent).toBeGreaterThan(2 * ROWS);
  const fires = () =>
    pipeline.store.components
      .read(county.code, { from: '2019-02', to: '2019-02' })
      .then((all) => all.find(({ indicator }) => indicator === 'cases:police.incident')?.numerator);
  await until('the month has its components', async () => (await fires()) !== undefined);
  expect(await fires()).toBe(ROWS);
});
