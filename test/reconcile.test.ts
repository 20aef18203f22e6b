import { addMonths, streams, topicOf } from '@pingan/contracts';
import { builtinCounty, lastCompleteMonth } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clickhouseFetch } from './harness/clickhouse-http.js';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { shuffled } from './harness/random.js';
import { settled } from './harness/settled.js';
import { edgeCases, messageOf } from './harness/synthetic.js';
import { leaveUnreadableJobs } from './harness/unreadable-jobs.js';

const county = builtinCounty('610222')!;
const last = lastCompleteMonth(Date.now(), county.timeZone);
const from = addMonths(last, -3);
const region = county.regions.regions.find(({ ranked }) => ranked)!.code;

let pipeline: Pipeline;
let sound: RawMessage[];

const incident = (caseId: string, changes: Record<string, unknown> = {}) =>
  messageOf({
    schema: 'police.incident/1',
    county: county.code,
    source: 'replay',
    case_id: caseId,
    version: 1,
    op: 'upsert',
    region_code: region,
    occurred_at: `${last}-10T08:00:00+08:00`,
    recorded_at: `${last}-10T09:00:00+08:00`,
    body: { category: 'fire' },
    ...changes,
  });

const broken: RawMessage[] = [
  { topic: topicOf('police'), key: 'x', value: '{"schema": ' },
  incident('nowhere', { region_code: '999999999' }),
  incident('elsewhere', { county: 'NEW' }),
  incident('bad', { source: '=cmd|' }),
];

const statement = async (query: string): Promise<void> => {
  const { CLICKHOUSE_URL, CLICKHOUSE_DATABASE } = pipeline.env;
  const settings = { database: CLICKHOUSE_DATABASE!, mutations_sync: '2' };
  const response = await clickhouseFetch(CLICKHOUSE_URL!, settings, { body: query });
  if (!response.ok) throw new Error(await response.text());
};

const numberOf = async (query: string): Promise<number> => {
  const [row] = await pipeline.sql<{ n: number }>(query);
  return row!.n;
};

/** What a rebuild must bring back: every component and every row of every current run, as ClickHouse prints them. */
async function everything(): Promise<string> {
  const current = '(SELECT argMax(run_id, activated_at) FROM run_current GROUP BY county, period)';
  const parts = [
    `SELECT * EXCEPT (created_at, watermark) FROM runs FINAL WHERE run_id IN ${current} ORDER BY ALL`,
    ...['run_units', 'run_dimensions', 'run_indicators', 'run_deductions', 'run_priors'].map(
      (table) => `SELECT * FROM ${table} FINAL WHERE run_id IN ${current} ORDER BY ALL`,
    ),
  ];
  return JSON.stringify(
    [await componentRows(), ...(await Promise.all(parts.map((part) => pipeline.sql(part))))],
    null,
    1,
  );
}

const componentRows = () =>
  pipeline.sql(`SELECT county, month, indicator, region_code, toString(numerator) AS a, toString(denominator) AS b
    FROM components FINAL WHERE numerator != 0 OR denominator != 0 ORDER BY ALL`);

const reconcile = (...args: string[]) => pipeline.cli('reconcile', ...args);

beforeAll(async () => {
  pipeline = await openPipeline({ env: { WINDOW_MESSAGES: '500' } });
  await pipeline.store.counties.save(county);
  const cases = edgeCases({ county, from, months: 4, count: 1_200, seed: 21 });
  // Some are delivered twice, as after a producer's restart.
  sound = [...shuffled(cases, 3), ...cases.slice(0, 150)];
  await pipeline.kafka.send(sound.slice(0, 900));
  await pipeline.kafka.send(broken);
  await pipeline.kafka.send(sound.slice(900));
  await pipeline.kafka.caughtUp();
  await pipeline.ok('score', '--county', county.code, '--month', last);
});
afterAll(() => pipeline?.close());

test('a log that is stored reconciles, repeated and refused messages included, and status says when', async () => {
  const { status, stdout, stderr } = await reconcile();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`核对了日志中的 ${sound.length + broken.length} 条消息`);
  expect(stdout).toContain(`应为死信 ${broken.length} 条`);
  expect((await pipeline.cli('status')).stdout).toMatch(/上次对账一致：全部 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d（/);
  expect((await reconcile('--county', county.code)).status).toBe(0);
});

test('what was lost, changed or miscounted is named with its number, and mended from the log', async () => {
  const lost = await pipeline.sql<{ id: string }>(
    'SELECT DISTINCT case_id AS id FROM petition_cases WHERE cityHash64(case_id) % 4 = 0',
  );
  const gone = new Set(lost.map(({ id }) => id));
  const missing = sound.filter(
    ({ topic, value }) =>
      topic === topicOf('petition') && gone.has((JSON.parse(value.toString()) as { case_id: string }).case_id),
  ).length;
  const altered = await numberOf(`SELECT count() AS n FROM police_cases FINAL WHERE region_code = '${region}'`);
  expect([missing > 50, altered > 0]).toEqual([true, true]);
  const whole = await componentRows();
  expect(whole.length).toBeGreaterThan(1_000);
  await statement('ALTER TABLE petition_cases DELETE WHERE cityHash64(case_id) % 4 = 0');
  await statement(`ALTER TABLE police_cases UPDATE region_code = 'R\u001b[31m' WHERE region_code = '${region}'`);
  await statement(`ALTER TABLE dead_letters DELETE WHERE reason = 'not_json'`);
  await statement(`INSERT INTO components SELECT county, month, indicator, region_code, numerator + 1, denominator,
    generation FROM components FINAL WHERE indicator = 'cases:opinion.event' LIMIT 3`);

  const found = await reconcile();
  expect(found.status).toBe(1);
  expect(found.stdout).toContain(`日志中有，库中没有：${missing} 处`);
  expect(found.stdout).toContain(`库中内容与日志不符：${altered} 处`);
  expect(found.stdout).toContain('应有死信，没有记录：1 处');
  expect(found.stdout).toMatch(/月度分量与案件不符：\d+ 处/);
  expect(found.stdout).not.toContain('\u001b');
  expect(found.stderr).toContain('pingan reconcile --repair');

  const repaired = await reconcile('--repair');
  expect({ status: repaired.status, stderr: repaired.stderr }).toMatchObject({ status: 0 });
  expect((await reconcile()).status).toBe(0);
  expect(await componentRows()).toEqual(whole);
});

test('rebuild recomputes components and scores from the log alone, byte by byte', async () => {
  await settled(pipeline, county);
  const before = await everything();
  expect(before.length).toBeGreaterThan(100_000);
  const refused = await pipeline.cli('rebuild');
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes') });
  expect(refused.stderr).toContain('日志中有没有登记的县的消息：NEW（1 条）。');

  // A row that no message of the log explains survives a repair; rebuilding is what removes it.
  const hole = await pipeline.kafka.sendAborted(topicOf('opinion'), 0);
  const after = incident('after-the-hole', { county: 'NOWHERE' });
  await pipeline.kafka.send([{ ...after, topic: topicOf('opinion') }], { partition: 0 });
  await pipeline.kafka.caughtUp();
  await settled(pipeline, county);
  await statement(`INSERT INTO opinion_cases SELECT * REPLACE (0 AS kafka_partition, ${hole} AS kafka_offset,
    concat(case_id, '-foreign') AS case_id) FROM opinion_cases LIMIT 1`);
  const foreign = await reconcile();
  expect(foreign).toMatchObject({ status: 1, stdout: expect.stringContaining('库中有，日志中没有：1 处') });

  const letters = await pipeline.sql('SELECT id, reason, bytes FROM dead_letters FINAL ORDER BY id');
  const kept = await pipeline.cli('rebuild', '--yes');
  expect(kept).toMatchObject({ status: 2, stderr: expect.stringContaining('日志里已没有库中的 1 个版本') });
  expect(await reconcile()).toMatchObject({ stdout: foreign.stdout });
  // Nor do jobs that nobody can read keep the queues from coming to rest.
  await leaveUnreadableJobs(pipeline.redis);
  const same = await pipeline.cli('rebuild', '--yes', '--lose', '1');
  expect(same).toMatchObject({ status: 0, stdout: expect.stringContaining('逐字节与原来一致') });
  expect(same.stderr).toContain('日志中有没有登记的县的消息：NEW（1 条）、NOWHERE（1 条）。');
  expect(await everything()).toBe(before);
  expect(await numberOf(`SELECT count() AS n FROM opinion_cases WHERE endsWith(case_id, '-foreign')`)).toBe(0);

  // ClickHouse has lost everything but the registered counties.
  for (const stream of streams) await statement(`TRUNCATE TABLE ${stream}_cases`);
  for (const table of ['dead_letters', 'components', 'component_state', 'runs', 'run_current', 'run_units']) {
    await statement(`TRUNCATE TABLE ${table}`);
  }
  expect(await pipeline.cli('status')).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/日志中有 \d+ 条消息已确认入库，而库是空的/),
  });
  const lost = await pipeline.cli('rebuild', '--yes');
  expect(lost).toMatchObject({ status: 0, stdout: expect.stringContaining('已从日志重建') });
  expect(await everything()).toBe(before);
  expect(await pipeline.sql('SELECT id, reason, bytes FROM dead_letters FINAL ORDER BY id')).toEqual(letters);
  expect(await reconcile()).toMatchObject({ status: 0 });
});

interface Letter {
  id: string;
  reason: string;
  kafka_partition: number;
  kafka_offset: number;
}
const letters = () =>
  pipeline.sql<Letter>('SELECT id, reason, kafka_partition, kafka_offset FROM dead_letters FINAL ORDER BY id');

test('a replay says what would change, writes nothing when told so, and then does it', async () => {
  const before = await letters();
  expect(before.length).toBe(broken.length + 1);
  const ofReason = (reason: string) => before.filter((letter) => letter.reason === reason);
  const dry = await pipeline.ok('dead-letter', 'replay', '--reason', 'unknown_county', '--dry-run');
  expect(dry).toContain('共 1 条：可以入库 0 条，仍不能入库 1 条。');

  await pipeline.store.counties.save({ ...county, code: 'NEW', name: '新县', demo: null });
  const now = await pipeline.ok('dead-letter', 'replay', '--reason', 'unknown_county', '--dry-run');
  expect(now).toContain('共 1 条：可以入库 1 条');
  expect(now).toContain(`将计入：NEW 新县 ${last}`);
  expect(now).toContain('replay elsewhere 版本 1');
  expect(await letters()).toEqual(before);
  expect(await numberOf(`SELECT count() AS n FROM police_cases WHERE county = 'NEW'`)).toBe(0);

  await pipeline.ok('dead-letter', 'replay', '--reason', 'unknown_county');
  expect(await numberOf(`SELECT count() AS n FROM police_cases FINAL WHERE county = 'NEW'`)).toBe(1);
  const [nowhere] = ofReason('unknown_region');
  const failed = await pipeline.cli('dead-letter', 'replay', nowhere!.id, ofReason('not_json')[0]!.id);
  expect(failed).toMatchObject({ status: 0, stderr: '' });
  expect(failed.stdout).toMatch(/已重新处理 2 条：入库 0 条，仍为死信 2 条。/);
  await pipeline.kafka.caughtUp();
  // Refused again: the same letters at the places they first had, none twice.
  expect(await letters()).toEqual(before);
  const list = await pipeline.ok('dead-letter', 'list');
  expect(list).toContain('其中 1 条重放后已入库');
  expect(list).toMatch(new RegExp(`${nowhere!.id} .*仍不能入库 \\d{4}`));
  expect(await pipeline.ok('dead-letter', 'replay', '--reason', 'unknown_county')).toContain('没有这样的死信');
  expect(await reconcile()).toMatchObject({ status: 0 });
  const components = await pipeline.store.components.read('NEW');
  expect(components.find(({ indicator }) => indicator === 'P12')).toMatchObject({ month: last, numerator: 1 });
});

test.each([
  [['dead-letter', 'replay'], '编号'],
  [['dead-letter', 'replay', '--reason', 'unknown'], 'unknown_county'],
  [['dead-letter', 'replay', 'pingan.police-0-999999'], 'pingan.police-0-999999'],
  [['reconcile', '--county', 'NOPE'], 'NOPE'],
  [['rebuild', '--no'], '--yes'],
])('%j is refused with what exists', async (args, text) => {
  expect(await pipeline.cli(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(text) });
});
