import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicOf } from '@pingan/contracts';
import { builtinCounty, lastCompleteMonth } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { messageOf } from './harness/synthetic.js';
import { leaveUnreadableJobs } from './harness/unreadable-jobs.js';

const county = builtinCounty('610222')!;
const month = lastCompleteMonth(Date.now(), county.timeZone);
const places = county.regions.regions.filter(({ ranked }) => ranked).map(({ code }) => code);
const police = topicOf('police');

let pipeline: Pipeline;

/** Incidents `from` up to `to`, one after the other over the townships. */
const incidents = (from: number, to: number, version = 1, category = 'fire'): RawMessage[] =>
  Array.from({ length: to - from }, (_, i) =>
    messageOf({
      schema: 'police.incident/1',
      county: county.code,
      source: 'identity',
      case_id: `I-${from + i}`,
      version,
      op: 'upsert',
      region_code: places[(from + i) % places.length],
      occurred_at: `${month}-10T08:00:00+08:00`,
      recorded_at: `${month}-10T09:00:00+08:00`,
      body: { category },
    }),
  );

const numberOf = async (query: string): Promise<number> => (await pipeline.sql<{ n: number }>(query))[0]!.n;
const cases = () => numberOf(`SELECT uniqExact(case_id) AS n FROM police_cases`);
/** Fires of the month as the index counts them. */
const counted = () =>
  numberOf(
    `SELECT toUInt32(sum(numerator)) AS n FROM components FINAL WHERE indicator = 'P12' AND month = '${month}-01'`,
  );

const adopted = async (...args: string[]) => {
  const { stdout } = await pipeline.cli('adopt-log', '--yes', ...args);
  return stdout;
};

beforeAll(async () => {
  // Small windows, so that those of a new log have the first and last offsets of those of the old one.
  pipeline = await openPipeline({ env: { WINDOW_MESSAGES: '50' } });
  await pipeline.store.counties.save(county);
  await pipeline.kafka.send(incidents(0, 1_000), { partition: 0 });
  await pipeline.kafka.caughtUp();
  await pipeline.ok('score', '--county', county.code, '--month', month);
});
afterAll(() => pipeline?.close());

test('a log that was lost while the store was kept is noticed; intake waits, then goes on without loss or duplicates', async () => {
  expect([await cases(), await counted()]).toEqual([1_000, 1_000]);
  await pipeline.services.ingestor.stop();
  await pipeline.kafka.reset();
  await pipeline.services.ingestor.start();

  const told = /主题 .*pingan\.police（警情）.*已不是原来入库的那一个/;
  const status = await pipeline.cli('status');
  expect(status).toMatchObject({ status: 1, stdout: expect.stringMatching(told) });
  expect(status.stdout).toMatch(/ingestor .*日志与库不符/);
  const regions = join(pipeline.home, 'mapping.yaml');
  writeFileSync(regions, 'schema: police.incident/1\n');
  const refused = await pipeline.cli('import', '--county', county.code, '--mapping', regions, regions);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(told) });
  expect(await pipeline.cli('reconcile', '--repair')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(told),
  });
  expect(await pipeline.cli('rebuild', '--yes')).toMatchObject({ status: 1, stderr: expect.stringMatching(told) });

  // As many as before at the same offsets, half of them known: what the old log's tokens and watermarks cover.
  await pipeline.kafka.send(incidents(500, 1_500), { partition: 0 });
  expect(await pipeline.cli('adopt-log')).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes') });
  expect(await cases()).toBe(1_000);
  expect(await adopted()).toContain(`${police}：第 2 段日志，从头读取。`);
  await pipeline.kafka.caughtUp();
  await pipeline.ok('score', '--county', county.code, '--month', month);
  expect([await cases(), await counted()]).toEqual([1_500, 1_500]);
  // 3, not 1: nothing is wrong with the log, and this pipeline has no producers.
  expect(await pipeline.cli('status')).toMatchObject({
    status: 3,
    stdout: expect.stringContaining('服务 producer-police 没有运行'),
  });
  expect(await pipeline.cli('adopt-log')).toMatchObject({ status: 0, stdout: expect.stringContaining('不需要接续') });
  const reconciled = await pipeline.cli('reconcile');
  expect(reconciled).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('库中有 1000 个版本来自日志里已没有的消息'),
  });

  // Corrections through the new log count.
  await pipeline.kafka.send(incidents(0, 100, 2, 'traffic'), { partition: 0 });
  await pipeline.kafka.caughtUp();
  await pipeline.ok('score', '--county', county.code, '--month', month);
  expect([await cases(), await counted()]).toEqual([1_500, 1_400]);
});

test('a log that is made again under a running ingestor is noticed by it, and a third one follows the second', async () => {
  const mark = pipeline.services.ingestor.mark();
  await pipeline.kafka.reset();
  await pipeline.kafka.make({ partitions: 4 });
  await pipeline.kafka.send(incidents(1_500, 2_000), { partition: 0 });
  await until('the ingestor says so', () => pipeline.services.ingestor.since(mark).includes('已不是原来入库的那一个'));
  await leaveUnreadableJobs(pipeline.redis);
  expect(await adopted()).toContain(`${police}：第 3 段日志`);
  await pipeline.kafka.caughtUp();
  await pipeline.ok('score', '--county', county.code, '--month', month);
  expect([await cases(), await counted()]).toEqual([2_000, 1_900]);
  const epochs = await pipeline.sql('SELECT log_epoch AS e, count() AS n FROM police_cases GROUP BY e ORDER BY e');
  expect(epochs).toMatchObject([{ e: 0 }, { e: 1 }, { e: 2, n: 500 }]);
  expect(await pipeline.store.logs.known()).toHaveLength(5);
});

test('records deleted before they were stored are never skipped in silence, stored ones that are gone are never thrown away', async () => {
  const forget = (upTo: number) =>
    pipeline.kafka.withAdmin(async (admin) => {
      await admin.fetchTopicMetadata({ topics: [police] });
      await admin.deleteTopicRecords({ topic: police, partitions: [{ partition: 0, offset: String(upTo) }] });
    });
  await pipeline.services.ingestor.stop();
  await pipeline.kafka.send(incidents(2_000, 2_080), { partition: 0 });
  await forget(530);
  await pipeline.services.ingestor.start();
  const told = `主题 ${police}（警情）分区 0 的消息 500 至 529 还没有入库就已被 Kafka 删除（共 30 条）`;
  expect(await pipeline.cli('status')).toMatchObject({ status: 1, stdout: expect.stringContaining(told) });
  expect(await cases()).toBe(2_000);
  expect(await pipeline.cli('adopt-log', '--yes')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--lose 30'),
  });
  await adopted('--lose', '30');
  await pipeline.kafka.caughtUp();
  expect(await cases()).toBe(2_050);

  const rebuild = await pipeline.cli('rebuild', '--yes');
  expect(rebuild).toMatchObject({ status: 2, stderr: expect.stringContaining('没有改动任何数据') });
  // 2,000 first versions and 100 corrections; the log has only the last 50.
  expect(rebuild.stderr).toContain('日志里已没有库中的 2100 个版本');
  expect(rebuild.stderr).toContain(`${police}-0：日志从偏移 2:530 开始`);
  expect(await cases()).toBe(2_050);
  const { stdout } = await pipeline.cli('reconcile');
  expect(stdout.split('\n').filter((line) => line.includes('日志已被截短或更换'))).toHaveLength(1);
  expect(stdout).toContain('日志、案件版本与月度分量一致');
});

test('a topic that forgets is named', async () => {
  await pipeline.kafka.withAdmin((admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: police, configEntries: [{ name: 'retention.ms', value: '604800000' }] }],
    }),
  );
  expect(await pipeline.cli('status')).toMatchObject({
    stdout: expect.stringContaining(`主题 ${police} 的 retention.ms 为 604800000，Kafka 会删除消息`),
  });
});
