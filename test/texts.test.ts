import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allTextBelow, writeFiles } from './harness/files.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { messageOf } from './harness/synthetic.js';

/** `CASE` is the case "characters nobody sees" as it was found; the other sources are this file's own. */
const given = (name: string) => fileURLToPath(new URL(`cases/20-invisible-characters/${name}`, import.meta.url));

const hiddenMapping = readFileSync(given('mapping.yaml'), 'utf8')
  .replace('source: ledger', 'source: hidden')
  // Copied from a chat like everything else: a column and a value with a character nobody sees.
  .replace('column: 乡镇', 'column: "乡镇\u200b"')
  .replace('刑事: criminal', '"刑\u2060事": criminal');
const hiddenLedger = [
  '编号\ufeff,乡镇,发生时间,类别',
  '\u200b,甲镇,2026-10-03,刑事',
  '\u00a0,甲镇,2026-10-03,刑事',
  'Ｚ－９０１,甲镇\u3000,２０２６－１０－０３,刑\u200b事',
  'h-1,甲镇,2026-10-03,刑事',
  'H-1,甲镇,2026-10-03,刑事',
  'H-2,戊\u200b镇,2026-10-03,刑事',
].join('\n');

const mobile = '13812345678';

let pipeline: Pipeline;
let files: Record<'hidden.csv' | 'hidden.yaml' | 'regions.csv', string>;

beforeAll(async () => {
  pipeline = await openPipeline();
  const input = join(pipeline.home, '..', `texts-${Date.now()}`);
  mkdirSync(input);
  files = writeFiles(input, {
    'hidden.csv': hiddenLedger,
    'hidden.yaml': hiddenMapping,
    'regions.csv': 'code,name,population,population_year\nＴ１,甲\u00ad镇,10000,2025\nT2\u200b,乙镇,10000,2025\n',
  });
  const county = ['county', 'add', '--code', 'CASE\u200b', '--name', '例县'];
  await pipeline.ok(
    ...county,
    '--regions',
    given('regions.csv'),
    '--start',
    '2026-08',
    '--scheme',
    given('scheme.yaml'),
  );
});
afterAll(() => pipeline?.close());

const importFile = (mapping: string, ledger: string) =>
  pipeline.ok('import', '--county', 'CASE', '--mapping', mapping, ledger);

const ids = async (source: string): Promise<string[]> =>
  (
    await pipeline.sql<{ id: string }>(
      `SELECT DISTINCT case_id AS id FROM police_cases WHERE source = '${source}' ORDER BY id`,
    )
  ).map(({ id }) => id);

const incident = (caseId: string, changes: Record<string, unknown> = {}) =>
  messageOf({
    schema: 'police.incident/1',
    county: 'CASE',
    source: 'direct',
    case_id: caseId,
    version: 1,
    op: 'upsert',
    region_code: 'T4',
    occurred_at: '2026-09-03T08:00:00+08:00',
    recorded_at: '2026-09-03T09:00:00+08:00',
    body: { category: 'help' },
    ...changes,
  });

test('characters nobody sees: one case, one township, none counted twice', async () => {
  expect(await importFile(given('mapping.yaml'), given('first.csv'))).toContain('读取 2，发送 2，跳过 0，拒收 0');
  expect(await importFile(given('mapping.yaml'), given('second.csv'))).toContain('读取 4，发送 4，跳过 0，拒收 0');
  await pipeline.ok('score', '--county', 'CASE', '--month', '2026-10');
  const ranking = await pipeline.ok('rank', '--county', '\u2060CASE', '--month', '2026-10', '--format', 'json');
  const { rows } = JSON.parse(ranking) as { rows: { name: string; score: number }[] };
  expect(Object.fromEntries(rows.map(({ name, score }) => [name, score]))).toEqual({
    甲镇: 98,
    乙镇: 98,
    丙镇: 96,
    丁镇: 100,
  });
  expect(await ids('ledger')).toEqual(['Z-001', 'Z-002', 'Z-003', 'Z-004']);
});

test('messages of the log that spell an id in six ways are one case, and the ledger has the same', async () => {
  const spellings = ['ＪＱ１', 'JQ1', 'JQ1\u200b', '\ufeffJQ1', ' JQ1\u00a0', 'J\u00adQ1'];
  const noted = { body: { category: 'help', sub_category: '噪声\u200b扰民' } };
  await pipeline.kafka.send([
    ...spellings.map((id, i) => incident(id, { version: i + 1, ...noted })),
    incident('Å1'.normalize('NFC'), { version: 1 }),
    incident('Å1'.normalize('NFD'), { version: 2 }),
    incident('Z\u2011001\u200b', { source: 'ledger\u200b', region_code: 'T1\u200b', version: 1 }),
    incident('\u200b'),
    incident('\u00a0'),
  ]);
  await pipeline.kafka.caughtUp();
  expect(await ids('direct')).toEqual(['JQ1', 'Å1'.normalize('NFC')]);
  expect(await ids('ledger')).toEqual(['Z-001', 'Z-002', 'Z-003', 'Z-004']);
  const causes = await pipeline.sql(`SELECT DISTINCT sub_category AS cause FROM police_cases WHERE case_id = 'JQ1'`);
  expect(causes).toEqual([{ cause: '噪声扰民' }]);
  const letters = await pipeline.store.deadLetters.list(10);
  expect(letters.map(({ reason, detail }) => [reason, detail]).sort()).toEqual([
    ['invalid_event', 'case_id: invalid_case_id (\\u00a0)'],
    ['invalid_event', 'case_id: invalid_case_id (\\u200b)'],
  ]);
  expect(await pipeline.ok('reconcile', '--county', 'CASE')).not.toContain('处');
});

test('what is refused is shown with its hidden characters, and ids that differ only in case are told', async () => {
  const { status, stdout: report } = await pipeline.cli(
    ...['import', '--county', 'CASE', '--mapping', files['hidden.yaml'], files['hidden.csv']],
  );
  expect(status).toBe(1);
  expect(report).toContain('读取 6，发送 3，跳过 0，拒收 3');
  expect(report).toContain('各算一件：1 组');
  expect(report).toContain('hidden H-1、h-1');
  expect(await ids('hidden')).toEqual(['H-1', 'Z-901', 'h-1']);
  const file = /见 (\S+-rejected\.csv)/.exec(report)![1]!;
  const rows: string[][] = parse(readFileSync(file, 'utf8'), { bom: true, from_line: 2 });
  expect(rows.map(([, line, , field, rule, , value]) => [line, field, rule, value])).toEqual([
    ['2', 'case_id', 'required', '\\u200b'],
    ['3', 'case_id', 'required', '\\u00a0'],
    ['7', 'region_code', 'unknown_region', '戊镇'],
  ]);
});

test('a region table with hidden characters registers the regions that people see', async () => {
  const added = ['county', 'add', '--code', 'HID', '--name', '隐\u200b县', '--regions', files['regions.csv']];
  expect(await pipeline.ok(...added)).toContain('HID 隐县：参加评分的区域 2 个');
  const county = await pipeline.store.counties.get('HID');
  expect(county?.regions.regions.map(({ code, name }) => [code, name])).toEqual([
    ['T1', '甲镇'],
    ['T2', '乙镇'],
  ]);
});

test('messages with personal data become letters without it; a replay reads the log and refuses them again', async () => {
  const before = (await pipeline.store.deadLetters.list(100)).map(({ id }) => id);
  const withText = (cause: string) => ({ body: { category: 'help', sub_category: cause } });
  const sent = [
    incident(`张三${mobile}`),
    incident('P-2', withText(`来电138 1234\u200b 5678`)),
    incident('P-3', { op: 'retract', body: { reason: `重复，电话${mobile}` } }),
    incident('P-4', { region_code: `T${mobile}` }),
    incident('P-5', { county: 'NOPE', ...withText('噪声扰民'), caller: mobile }),
    { ...incident('P-6'), value: `{"case_id":"P-6","phone":"${mobile}"` },
    incident('610222202609030012'),
  ];
  await pipeline.kafka.send(sent, { partition: 0 });
  await pipeline.kafka.caughtUp();
  expect(await ids('direct')).toContain('610222202609030012');
  const letters = (await pipeline.store.deadLetters.list(100))
    .filter(({ id }) => !before.includes(id))
    .sort((a, b) => Number(a.offset) - Number(b.offset));
  expect(letters.map(({ reason, detail }) => [reason, detail])).toEqual([
    ['personal_data', 'case_id: personal_data (***(手机号))'],
    ['personal_data', 'body.sub_category: personal_data (***(手机号))'],
    ['personal_data', 'body.reason: personal_data (***(手机号))'],
    ['unknown_region', '***(手机号)'],
    ['unknown_county', 'NOPE'],
    ['not_json', expect.stringMatching(/JSON/)],
  ]);
  for (const [i, { bytes, key }] of letters.entries()) {
    const kept = JSON.parse(Buffer.from(bytes, 'base64').toString()) as Record<string, unknown>;
    const digest = createHash('sha256').update(sent[i]!.value).digest('hex');
    expect(kept).toMatchObject({ withheld: 'personal_data', sha256: digest });
    expect(`${key}${kept.masked}`).toContain('***(手机号)');
  }

  const first = letters[0]!;
  const shown = await pipeline.ok('dead-letter', 'show', first.id);
  expect(shown).toContain('含个人信息，库中只有打码的文字');
  const list = await pipeline.ok('dead-letter', 'list');
  expect(list).toContain('含个人信息');
  const tried = await pipeline.ok('dead-letter', 'replay', '--reason', 'personal_data', '--dry-run');
  expect(tried).toContain('共 3 条：可以入库 0 条，仍不能入库 3 条');

  // The caller's number stands in a field that is dropped: once the county is known, the message is good.
  const county = ['county', 'add', '--code', 'NOPE', '--name', '新县'];
  await pipeline.ok(...county, '--regions', given('regions.csv'));
  const known = () => pipeline.ok('dead-letter', 'replay', letters[4]!.id);
  expect(await known()).toContain('已重新处理 1 条：入库 1 条');
  const stored = await pipeline.sql(`SELECT case_id FROM police_cases WHERE county = 'NOPE'`);
  expect(stored).toEqual([{ case_id: 'P-5' }]);

  const columns =
    "SELECT groupArray(concat(detail, bytes, ifNull(key, ''))) AS all, groupArray(base64Decode(bytes)) AS texts";
  const held = JSON.stringify(await pipeline.sql(`${columns} FROM dead_letters`));
  const written = `${allTextBelow(pipeline.home)}${shown}${list}${tried}${held}`;
  expect(written).not.toContain(mobile);
  expect(written).not.toContain('张三');
  expect(written).not.toMatch(/138 1234.{0,8} 5678/);
  await until('reconcile agrees', async () => !(await pipeline.ok('reconcile')).includes('处'));
});
