import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, defaultScheme, schemeHash } from '@pingan/indicators';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFiles } from './harness/files.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';

/** A county from its first ledger on: what it is scored by, what is shown of it, and how it is put right. */

const MONTH = '2026-09';
const names = ['甲镇', '乙镇', '丙镇', '丁镇'];

let pipeline: Pipeline;
let files: { regions: string; mapping: string; ledger: string; late: string };

const row = (id: string, township: string, result: string) => `${id},${township},2026-09-03,2026-09-12,${result}\n`;
const head = '编号,乡镇,受理日期,办结日期,结果\n';

beforeAll(async () => {
  pipeline = await openPipeline();
  const folder = join(pipeline.home, '..', `counties-${Date.now()}`);
  mkdirSync(folder);
  const regions = names.map((name, i) => `T${i + 1},${name},10000,2025\n`).join('');
  const rows = names.flatMap((name, t) =>
    Array.from({ length: 10 }, (_, i) => row(`${name}${i}`, name, i < t ? '未成' : '成功')),
  );
  const paths = writeFiles(folder, {
    'regions.csv': `code,name,population,population_year\n${regions}`,
    'ledger.csv': head + rows.join(''),
    'late.csv': head + row('甲镇late', '甲镇', '未成'),
    'mapping.yaml': `schema: mediation.dispute/1
source: ledger
case_id: { column: 编号 }
region: { column: 乡镇 }
occurred_at: { column: 受理日期, precision: day }
body:
  dispute_type: { value: neighbour }
  accepted_at: { column: 受理日期 }
  closed_at: { column: 办结日期 }
  result: { column: 结果, values: { 成功: agreed, 未成: failed } }
`,
  });
  files = {
    regions: paths['regions.csv'],
    mapping: paths['mapping.yaml'],
    ledger: paths['ledger.csv'],
    late: paths['late.csv'],
  };
});
afterAll(() => pipeline?.close());

const register = (code: string, ...more: string[]) =>
  pipeline.ok('county', 'add', '--code', code, '--name', '例县', '--regions', files.regions, ...more);

const deliver = (code: string, ledger: string) =>
  pipeline.ok('import', '--county', code, '--mapping', files.mapping, ledger);

const of = (code: string) => ['--county', code, '--month', MONTH];

async function scored(code: string): Promise<string> {
  await pipeline.ok('score', ...of(code));
  return pipeline.ok('rank', ...of(code));
}

interface Ranking {
  run_id: string;
  /** Absent where the run is older than the data, which `stale` then tells. */
  unplaced?: unknown;
  stale?: unknown;
  rows: { name: string; score: number | null }[];
}

const ranking = async (code: string, ...more: string[]) =>
  JSON.parse(await pipeline.ok('rank', ...of(code), ...more, '--format', 'json')) as Ranking;

async function refused(args: string[], ...texts: string[]): Promise<void> {
  const { status, stderr } = await pipeline.cli(...args);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.any(String) });
  for (const text of texts) expect(stderr).toContain(text);
}

test('the first ledger alone has no ranking by the default; rank says what is missing, and its command gives one', async () => {
  await register('CA');
  const [stored] = await pipeline.store.schemes.list('CA');
  expect(stored).toMatchObject({ fromMonth: '1970-01', hash: schemeHash(defaultScheme) });
  expect(stored?.catalogue).toEqual(catalogue.map(({ code }) => code));

  await deliver('CA', files.ledger);
  const before = await scored('CA');
  expect(before).toContain('本月没有一个单位有得分');
  expect(before).toMatch(/本月没有入库的数据：.*信访事项（占总权重 \d+\.\d\d%）/);
  const way = /pingan (scheme activate --county CA --only \S+ --from 2026-09)/.exec(before)?.[1];
  expect(way).toBeDefined();
  expect(await pipeline.ok(...way!.split(' '))).toContain('权重按比例折算为：社情 100.00%');
  await pipeline.ok('score', ...of('CA'));
  const { rows } = await ranking('CA');
  expect(rows.map(({ name }) => name)[0]).toBe('甲镇');
  expect(rows.every(({ score }) => score !== null)).toBe(true);
});

test('a county that says which data it has is ranked by these from the beginning', async () => {
  expect(await register('CB', '--only', '社情,police')).toContain('权重按比例折算为：警情 58.33%（');
  const [stored, ...others] = await pipeline.store.schemes.list('CB');
  expect([stored?.fromMonth, others]).toEqual(['1970-01', []]);
  await refused(
    ['county', 'add', '--code', 'CC', '--name', '例县', '--regions', files.regions, '--only', '气象'],
    '--only 中没有 气象',
    'mediation（',
  );
});

test('a scheme that was stored before an indicator came sees none of it, and is scored as it was', async () => {
  await register('CD', '--only', 'S01,S05');
  const { document, hash } = (await pipeline.store.schemes.list('CD'))[0]!;
  const older = catalogue.map(({ code }) => code).filter((code) => code !== 'S06');
  await pipeline.store.schemes.activate('CD', { fromMonth: '1970-01', hash, document, catalogue: older });
  await deliver('CD', files.ledger);
  await scored('CD');
  const codes = async (runId: string) => new Set((await pipeline.store.runs.indicators(runId)).map(({ code }) => code));
  const { run_id } = await ranking('CD');
  expect([(await codes(run_id)).has('S04'), (await codes(run_id)).has('S06')]).toEqual([true, false]);
  // A process that starts finds nothing to store.
  const count = (await pipeline.store.schemes.list('CD')).length;
  await pipeline.store.migrate();
  expect(await pipeline.store.schemes.list('CD')).toHaveLength(count);
  await pipeline.store.schemes.activate('CD', { fromMonth: '1970-01', hash, document });
  await scored('CD');
  const today = await ranking('CD');
  expect(today.run_id).not.toBe(run_id);
  expect((await codes(today.run_id)).has('S06')).toBe(true);
});

test('counties registered before schemes were stored get theirs, with the runs they had', async () => {
  const before = await ranking('CA');
  const schemes = await pipeline.store.schemes.list('CA');
  await pipeline.command(`ALTER TABLE schemes UPDATE catalogue = [] WHERE county = 'CA' SETTINGS mutations_sync = 2`);
  await pipeline.command(`ALTER TABLE schemes DELETE WHERE county = 'CA' AND from_month = '1970-01-01'
    SETTINGS mutations_sync = 2`);
  await pipeline.store.migrate();
  const newest = new Map((await pipeline.store.schemes.list('CA')).map((one) => [one.fromMonth, one]));
  expect([...newest.values()]).toEqual(schemes);
  await scored('CA');
  expect(await ranking('CA')).toEqual(before);
});

test('what is published stays while the latest follows the data, and closes the past', async () => {
  await refused(['rank', ...of('CA'), '--basis', 'published'], `${MONTH} 尚未发布`);
  const published = await ranking('CA');
  await pipeline.store.runs.publish([(await pipeline.store.runs.current('CA', MONTH))!]);
  expect(await ranking('CA', '--basis', 'published')).toEqual(published);
  await deliver('CA', files.late);
  await scored('CA');
  expect((await ranking('CA')).run_id).not.toBe(published.run_id);
  // What belongs to no unit is counted now: not beside a run of earlier data.
  const { unplaced, ...asPublished } = published;
  expect(unplaced).toBeNull();
  const { stale, ...shown } = await ranking('CA', '--basis', 'published');
  expect(shown).toEqual(asPublished);
  expect(stale).toMatchObject({ basis: 'published', months: [MONTH] });
  expect(await pipeline.store.runs.current('CA', '2026-08', 'published')).toBeUndefined();
  const kept = await pipeline.sql(`SELECT reason FROM kept_runs WHERE run_id = '${published.run_id}'`);
  expect(kept).toEqual([{ reason: 'published' }]);

  const closed = `已发布 ${MONTH} 的结果，不能追溯更换方案`;
  await refused(['scheme', 'activate', '--only', 'S01', '--county', 'CA', '--from', MONTH], closed, '最早 ');
  const again = ['county', 'add', '--code', 'CA', '--name', '例县', '--regions', files.regions, '--only', 'S01'];
  await refused(again, closed);
  await refused(['county', 'reset', '--county', 'CA', '--yes'], '已发布 1 个月的结果', '没有改动任何数据');
  await refused(['county', 'remove', '--county', 'CA', '--yes'], '已发布 1 个月的结果');
});

/** Rows of a county in every table that names one. */
async function rowsOf(code: string): Promise<Record<string, number>> {
  const tables = await pipeline.sql<{ table: string }>(
    `SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'county'
      AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')
    ORDER BY table`,
  );
  const counts: Record<string, number> = {};
  for (const { table } of tables) {
    const [found] = await pipeline.sql<{ n: number }>(`SELECT count() AS n FROM ${table} WHERE county = '${code}'`);
    if (found!.n > 0) counts[table] = found!.n;
  }
  return counts;
}

const runRows = async (code: string) =>
  (await pipeline.sql<{ n: number }>(`SELECT count() AS n FROM run_units WHERE startsWith(run_id, '${code}-')`))[0]!.n;

test('a county that is reset is empty, stays so through a rebuild, and takes its ledger again', async () => {
  const before = await ranking('CD');
  await refused(['county', 'reset', '--county', 'CD'], '案件 40 件（社情 40）', '没有发布过', '--yes');
  const other = await ranking('CA');
  expect(await pipeline.ok('county', 'reset', '--county', 'CD', '--yes')).toContain('已清空 CD');
  expect(Object.keys(await rowsOf('CD')).filter((table) => table !== 'county_starts')).toEqual(['schemes']);
  expect(await runRows('CD')).toBe(0);
  expect(await pipeline.ok('county', 'list')).toMatch(/CD\s+例县\s+有数据的第一个月\s+0\s+—\s+—/);
  expect((await pipeline.cli('reconcile')).status).toBe(0);

  await pipeline.ok('rebuild', '--yes');
  expect((await rowsOf('CD')).mediation_cases).toBeUndefined();
  expect(await ranking('CA')).toEqual(other);

  await deliver('CD', files.ledger);
  await scored('CD');
  expect((await ranking('CD')).rows).toEqual(before.rows);
  expect((await pipeline.cli('reconcile')).status).toBe(0);
});

test('a county that is removed leaves nothing, makes no letters in a rebuild, and its code can be used again', async () => {
  await refused(['county', 'remove', '--county', 'CD'], '案件 40 件', '登记和方案', '--yes');
  expect(await pipeline.ok('county', 'remove', '--county', 'CD', '--yes')).toContain('已注销 CD');
  expect(Object.keys(await rowsOf('CD'))).toEqual(['county_starts']);
  await refused(['rank', ...of('CD')], '没有登记县 CD');
  const letters = await pipeline.store.deadLetters.countByReason();
  const rebuilt = await pipeline.cli('rebuild', '--yes');
  expect({ status: rebuilt.status, stderr: rebuilt.stderr }).toEqual({
    status: 0,
    stderr: expect.not.stringContaining('没有登记的县'),
  });
  expect(await pipeline.store.deadLetters.countByReason()).toEqual(letters);
  await register('CD', '--only', 'S01,S05');
  expect((await rowsOf('CD')).mediation_cases).toBeUndefined();
});
