import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicOf } from '@pingan/contracts';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allTextBelow, writeFiles } from './harness/files.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { useScheme, writtenScheme } from './harness/schemes.js';
import { edgeCases, messageOf } from './harness/synthetic.js';
import { plain } from './oracle/index.js';

const regionsCsv = 'code,name,population_2021\nT1,甲镇,12000\nT2,乙镇,8000\n';

const mappingYaml = `schema: police.incident/1
source: test-police
delivered_at: "2025-03-01"
case_id: { column: 编号 }
region: { column: 辖区 }
occurred_at: { column: 发生时间 }
body:
  category: { column: 类别, values: { 刑事: criminal, 治安: public_order } }
  sub_category: { column: 案由 }
  reported_at: { column: 接报时间 }
  closed_at: { column: 办结时间 }
`;
const versionedYaml = mappingYaml.replace('source: test-police', 'source: versioned\nversion: { column: 版本 }');
const wrongYaml = mappingYaml.replace('column: 辖区', 'column: 所在地');

const header = '编号,辖区,发生时间,类别,案由,接报时间,办结时间';
const row = (cells: { id: string; area?: string; category?: string; cause?: string; closed?: string }) =>
  [
    cells.id,
    cells.area ?? '甲镇',
    '2025-02-03 08:00:00',
    cells.category ?? '刑事',
    cells.cause ?? '',
    '2025-02-03 08:05:00',
    cells.closed ?? '',
  ].join(',');

const phone = '13912345678';
const identity = '11010519491231002X';
const longText = '很长的类别'.repeat(30);

/** Line 2 and the last line are sound; each of the others breaks one rule. */
const ledger = [
  header,
  row({ id: 'A1' }),
  row({ id: 'A2', category: '=HYPERLINK("http://example.org")'.replaceAll('"', '') }),
  row({ id: 'A3', area: '丙镇' }),
  row({ id: 'A4', closed: '2025-02-03 07:00:00' }),
  row({ id: 'A5', cause: `报警人电话${phone}` }),
  row({ id: 'A6', cause: identity }),
  row({ id: 'A7', category: '' }),
  row({ id: 'A8', category: longText }),
  row({ id: 'A9', area: '@SUM(1+1)' }),
  row({ id: '', area: '乙镇' }),
  'B1,甲镇,2025-02-03 08:00:00',
  row({ id: 'A10', area: '乙镇', category: '治安' }),
].join('\n');

const conflicting = [
  `${header},版本`,
  `${row({ id: 'C1', area: '甲镇' })},5`,
  `${row({ id: 'C1', area: '乙镇' })},5`,
  `${row({ id: 'C2' })},5`,
].join('\n');

let pipeline: Pipeline;
let files: Record<
  'regions.csv' | 'mapping.yaml' | 'versioned.yaml' | 'wrong.yaml' | 'ledger.csv' | 'conflict.csv',
  string
>;

beforeAll(async () => {
  pipeline = await openPipeline();
  const input = join(pipeline.home, '..', `input-${Date.now()}`);
  mkdirSync(input);
  files = writeFiles(input, {
    'regions.csv': regionsCsv,
    'mapping.yaml': mappingYaml,
    'versioned.yaml': versionedYaml,
    'wrong.yaml': wrongYaml,
    'ledger.csv': ledger,
    'conflict.csv': conflicting,
  });
  const regions = ['--regions', files['regions.csv']];
  await pipeline.ok('county', 'add', '--code', 'TST', '--name', '试验县', ...regions, '--start', '2025-01');
  await pipeline.ok('county', 'add', '--code', 'TS2', '--name', '空白县', ...regions);
});
afterAll(() => pipeline?.close());

const importFile = (mapping: keyof typeof files, file: keyof typeof files, county = 'TST') =>
  pipeline.cli('import', '--county', county, '--mapping', files[mapping], files[file]);

const cases = async (source: string) =>
  (
    await pipeline.sql<{ id: string }>(
      `SELECT DISTINCT case_id AS id FROM police_cases WHERE source = '${source}' ORDER BY id`,
    )
  ).map(({ id }) => id);

test('rows that break a rule are rejected with line, field, rule and value; the rest is stored', async () => {
  const { status, stdout, stderr } = await importFile('mapping.yaml', 'ledger.csv');
  expect([status, stdout.includes('已全部入库')]).toEqual([1, false]);
  expect(stderr).toContain('10 行被拒收');
  expect(stdout).toContain('读取 12，发送 2，跳过 0，拒收 10');
  expect(await cases('test-police')).toEqual(['A1', 'A10']);

  const report = /见 (\S+-rejected\.csv)/.exec(stdout)![1]!;
  const text = readFileSync(report, 'utf8');
  const rejected: string[][] = parse(text, { bom: true, from_line: 2 });
  const lines = rejected.map(([, line, column, field, rule]) => [Number(line), column, field, rule]);
  expect(lines).toEqual([
    [3, '类别', 'body.category', 'not_in_mapping'],
    [4, '辖区', 'region_code', 'unknown_region'],
    [5, '办结时间', 'body.closed_at', 'before_reported_at'],
    [6, '案由', 'body.sub_category', 'personal_data'],
    [7, '案由', 'body.sub_category', 'personal_data'],
    [8, '类别', 'body.category', 'required'],
    [9, '类别', 'body.category', 'not_in_mapping'],
    [10, '辖区', 'region_code', 'unknown_region'],
    [11, '编号', 'case_id', 'required'],
    [12, '', '', 'column_count'],
  ]);
  const values = rejected.map((cells) => cells[6]!);
  expect(values[1]).toBe('丙镇');
  expect(values[6]).toBe(`${longText.slice(0, 40)}…`);
  for (const cell of rejected.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  expect([values[0], values[7]]).toEqual(["'=HYPERLINK(http://example.org)", "'@SUM(1+1)"]);
});

test('personal data is masked in the report and written nowhere', async () => {
  const { stdout, stderr } = await importFile('mapping.yaml', 'ledger.csv');
  const written = allTextBelow(pipeline.home) + stdout + stderr;
  expect(written).toContain('***(手机号)');
  expect(written).toContain('***(身份证号)');
  expect(written).not.toContain(phone);
  expect(written).not.toContain(identity);
});

const incident = (caseId: string, changes: Record<string, unknown> = {}) =>
  messageOf({
    schema: 'police.incident/1',
    county: 'TST',
    source: 'direct',
    case_id: caseId,
    version: 1,
    op: 'upsert',
    region_code: 'T1',
    occurred_at: '2025-01-10T08:00:00+08:00',
    recorded_at: '2025-01-10T09:00:00+08:00',
    body: { category: 'fire' },
    ...changes,
  });

test('bad Kafka messages become dead letters with their bytes, and the partition goes on', async () => {
  const raw = (value: string | Buffer) => ({ topic: topicOf('police'), key: 'TST/direct/bad', value });
  const notJson = Buffer.concat([Buffer.from('{"schema": \u001b[31m'), Buffer.from([0xff, 0x00, 0x0a, 0x80])]);
  const unknown = JSON.stringify({ schema: 'police.incident/9', op: 'upsert' });
  const good = JSON.parse(incident('big').value.toString()) as { body: object };
  const large = JSON.stringify({ ...good, body: { ...good.body, note: 'x'.repeat(65 * 1024) } });
  const wrongCounty = incident('elsewhere', { county: 'NOPE' });
  await pipeline.kafka.send(
    [incident('before'), raw(notJson), raw(unknown), raw(large), wrongCounty, incident('after')],
    { partition: 0 },
  );
  await pipeline.kafka.caughtUp();
  expect(await cases('direct')).toEqual(['after', 'before']);

  const letters = await pipeline.store.deadLetters.list(100);
  const found = letters
    .sort((a, b) => Number(a.offset) - Number(b.offset))
    .map(({ reason, bytes }) => [reason, Buffer.from(bytes, 'base64')]);
  expect(found).toEqual([
    ['not_json', notJson],
    ['unknown_schema', Buffer.from(unknown)],
    ['too_large', Buffer.from(large)],
    ['unknown_county', Buffer.from(wrongCounty.value)],
  ]);

  const list = await pipeline.ok('dead-letter', 'list');
  for (const { id } of letters) expect(list).toContain(id);
  expect(list).toContain('共 4 条');
  const shown = await pipeline.ok('dead-letter', 'show', letters.find(({ reason }) => reason === 'unknown_schema')!.id);
  expect(shown).toContain(unknown);
  expect(shown).toContain('police.incident/9');
  const broken = await pipeline.ok('dead-letter', 'show', letters.find(({ reason }) => reason === 'not_json')!.id);
  expect(broken).toContain(`原文  ${notJson.length} 字节`);
  expect(broken).not.toContain('\u001b');
  const absent = await pipeline.cli('dead-letter', 'show', 'pingan.police-0-999999');
  expect(absent).toMatchObject({ status: 2, stderr: expect.stringContaining('pingan.police-0-999999') });
});

test('one version with two contents: the order of arrival does not decide, and the conflict is reported', async () => {
  const here = { region_code: 'T1', source: 'conflict' };
  const there = { region_code: 'T2', source: 'conflict' };
  const gone = { ...here, op: 'retract', body: {} };
  await pipeline.kafka.send([incident('x', here), incident('y', there), incident('z', here), incident('w', gone)]);
  await pipeline.kafka.caughtUp();
  await pipeline.kafka.send([incident('x', there), incident('y', here), incident('z', gone), incident('w', here)]);
  await pipeline.kafka.caughtUp();
  await pipeline.ok('score', '--county', 'TST', '--month', '2025-01');

  const components = await pipeline.store.components.read('TST', { from: '2025-01', to: '2025-01' });
  const fires = components.filter(({ indicator }) => indicator === 'P12');
  // Two fires of the test before are in T1. Both x and y lie in the same township now; z and w are withdrawn.
  const byRegion = Object.fromEntries(fires.map(({ region_code, numerator }) => [region_code, numerator]));
  expect([{ T1: 4 }, { T1: 2, T2: 2 }]).toContainEqual(byRegion);

  const { stdout } = await pipeline.cli('status');
  expect(stdout).toContain('同一版本内容冲突 4 处');
  expect(stdout).toContain('conflict x 版本 1');

  const report = await importFile('versioned.yaml', 'conflict.csv');
  expect(report.status).toBe(0);
  expect(report.stdout).toContain('同一编号同一版本而内容不同：1 处');
  expect(report.stdout).toContain('C1 版本 5');
});

const wrongRequests: Array<[string, () => string[], RegExp[]]> = [
  ['an unknown county', () => ['rank', '--county', 'NOPE', '--month', '2025-01'], [/NOPE/, /TST 试验县/]],
  [
    'a month in the future',
    () => ['score', '--county', 'TST', '--month', '2999-01'],
    [/2999-01.*未来/, /可选 2025-01 至/],
  ],
  [
    'a month before the start',
    () => ['rank', '--county', 'TST', '--month', '2024-12'],
    [/2024-12.*起始月 2025-01/, /可选/],
  ],
  ['a malformed month', () => ['score', '--county', 'TST', '--month', '2025-13'], [/2025-13/, /YYYY-MM/]],
  ['a month without a run', () => ['rank', '--county', 'TS2', '--month', '2025-01'], [/2025-01/, /pingan score/]],
  [
    'an unknown region',
    () => ['explain', '--county', 'TST', '--month', '2025-01', '--region', '丁镇'],
    [/丁镇/, /T1 甲镇、T2 乙镇/],
  ],
  [
    'a mapping with an unknown column',
    () => ['import', '--county', 'TST', '--mapping', files['wrong.yaml'], files['ledger.csv']],
    [/所在地/, /编号.*辖区.*发生时间.*类别/],
  ],
  [
    'a mapping that is not there',
    () => ['import', '--county', 'TST', '--mapping', 'absent.yaml', files['ledger.csv']],
    [/absent\.yaml/],
  ],
  [
    'a ledger that is not there',
    () => ['import', '--county', 'TST', '--mapping', files['mapping.yaml'], 'absent.csv'],
    [/absent\.csv/],
  ],
  ['an unknown command', () => ['ranking'], [/ranking/, /rank/]],
  ['an unknown option', () => ['rank', '--country', 'TST'], [/--country/, /--county/]],
  ['missing options', () => ['explain', '--month', '2025-01'], [/--county/, /--region/]],
];

test.concurrent.each(wrongRequests)(
  '%s: the error names it and says what exists, status 2',
  async (_what, args, patterns) => {
    const { status, stdout, stderr } = await pipeline.cli(...args());
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    for (const pattern of patterns) expect(stderr).toMatch(pattern);
  },
);

test('a month without any data of a stream: its indicators are missing with a reason, neither 0 nor 100', async () => {
  const county = (await pipeline.store.counties.get('TST'))!;
  const opinion = topicOf('opinion');
  const january = edgeCases({ county, from: '2025-01', months: 1, count: 300, seed: 1 });
  // From November on: petitions accepted then fall due in January and February.
  const both = edgeCases({ county, from: '2024-11', months: 4, count: 4_000, seed: 2 });
  await pipeline.kafka.send([
    // Nothing of what is told happened in February; some of it falls due then, which nobody needs to report.
    ...january.filter(({ topic, value }) => topic === opinion && !String(value).includes('2025-02')),
    ...both.filter(({ topic }) => topic !== opinion),
  ]);
  await pipeline.kafka.caughtUp();
  // Two months of data: the default scheme's long windows and late cohorts would be missing as well.
  await useScheme(pipeline, 'TST', writtenScheme('plain', plain));
  await pipeline.ok('score', '--county', 'TST', '--month', '2025-02');
  const text = await pipeline.ok(
    ...['explain', '--county', 'TST', '--month', '2025-02', '--region', '乙镇', '--format', 'json'],
  );
  const { score, indicators } = JSON.parse(text) as {
    score: number;
    indicators: Array<{ code: string; dimension: string; weight: number; contribution: number }>;
  };
  const missing = indicators.filter(({ dimension }) => dimension === 'opinion');
  expect(missing.map(({ code }) => code)).toEqual(['O01', 'O02', 'O04']);
  for (const row of missing) {
    expect(row).toMatchObject({ value: null, score: null, weight: 0, missing_reason: 'no_data_month' });
  }
  const sum = (field: 'weight' | 'contribution') => indicators.reduce((total, row) => total + row[field], 0);
  expect(sum('weight')).toBeCloseTo(1, 12);
  expect(sum('contribution')).toBeCloseTo(score, 9);
  const table = await pipeline.ok('explain', '--county', 'TST', '--month', '2025-02', '--region', '乙镇');
  expect(table).toContain('本月没有可计的该类数据');
});
