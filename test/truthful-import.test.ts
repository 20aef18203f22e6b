import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PingAnEvent } from '@pingan/contracts';
import { CaseRows } from '@pingan/store';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { messageOf } from './harness/synthetic.js';

const caseFile = (folder: string, name: string) => fileURLToPath(new URL(`./cases/${folder}/${name}`, import.meta.url));

let pipeline: Pipeline;
let input: string;

beforeAll(async () => {
  pipeline = await openPipeline();
  input = join(pipeline.home, '..', `truthful-${Date.now()}`);
  mkdirSync(input);
});
afterAll(() => pipeline?.close());

/** Registers a county with the files of a case; its rows may then be imported as of a time of change. */
async function openCase(folder: string, code: string) {
  await pipeline.ok(
    ...['county', 'add', '--code', code, '--name', '例县', '--start', '2026-08'],
    ...['--regions', caseFile(folder, 'regions.csv'), '--scheme', caseFile(folder, 'scheme.yaml')],
  );
  const mapping = caseFile(folder, 'mapping.yaml');
  return {
    mapping,
    /** With a copy of the file whose time of change is set. */
    importFile: (name: string, mtime: Date) => {
      const file = join(input, `${code}-${name}`);
      copyFileSync(caseFile(folder, name), file);
      utimesSync(file, mtime, mtime);
      return pipeline.cli('import', '--county', code, '--mapping', mapping, file);
    },
    importText: (text: string, mtime: Date, use = mapping) => {
      const file = join(input, `${code}-text.csv`);
      writeFileSync(file, text);
      utimesSync(file, mtime, mtime);
      return pipeline.cli('import', '--county', code, '--mapping', use, file);
    },
  };
}

const stored = async (county: string) =>
  pipeline.sql<{ case_id: string; version: number }>(
    `SELECT case_id, version FROM police_cases FINAL WHERE county = '${county}' ORDER BY case_id, version`,
  );

/** Region of a case as it stands, by the highest version. */
const regionNow = async (county: string, id: string) =>
  (
    await pipeline.sql<{ region_code: string }>(
      `SELECT region_code FROM police_cases WHERE county = '${county}' AND case_id = '${id}'
      ORDER BY version DESC, op = 'retract' DESC, digest DESC LIMIT 1`,
    )
  )[0]?.region_code;

function rejectedRows(stdout: string): string[][] {
  const report = /见 (\S+-rejected\.csv)/.exec(stdout)![1]!;
  return parse(readFileSync(report, 'utf8'), { bom: true, from_line: 2 });
}

const head = '编号,乡镇,发生时间,类别';
const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000);

test('rows of events after the delivery are refused, and an import that refused any does not succeed', async () => {
  const { importFile } = await openCase('09-events-from-the-future', 'FUT');
  const { status, stdout, stderr } = await importFile('ledger.csv', minutesAgo(1));
  expect(stdout).toContain('读取 7，发送 4，跳过 0，拒收 3');
  expect(rejectedRows(stdout).map(([, line, column, , rule]) => [line, column, rule])).toEqual([
    ['5', '发生时间', 'occurred_after_delivery'],
    ['6', '发生时间', 'occurred_after_delivery'],
    ['7', '发生时间', 'occurred_after_delivery'],
  ]);
  expect(status).toBe(1);
  expect(stderr).toContain('3 行被拒收');
  expect(stdout).not.toContain('已全部入库');
  expect((await stored('FUT')).map(({ case_id }) => case_id)).toEqual(['F1', 'F2', 'F3', 'F7']);
});

test('a delivery from the future is refused before anything is sent; the correction counts', async () => {
  const { importFile } = await openCase('10-a-version-ahead-of-time', 'AHD');
  const ahead = new Date(Date.now() + 183 * 86_400_000);
  const refused = await importFile('ledger.csv', ahead);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('AHD-ledger.csv');
  expect(refused.stderr).toContain('delivered_at');
  expect(await stored('AHD')).toEqual([]);

  const { status, stdout } = await importFile('corrected.csv', minutesAgo(1));
  expect([status, stdout.includes('已全部入库。')]).toEqual([0, true]);
  expect(stdout).toContain('案件 3 个：新案件 3，有变化 0，无变化 0');
  await pipeline.ok('score', '--county', 'AHD', '--month', '2026-10');
  const rank = JSON.parse(await pipeline.ok('rank', '--county', 'AHD', '--month', '2026-10', '--format', 'json')) as {
    rows: { name: string; score: number }[];
  };
  expect(Object.fromEntries(rank.rows.map(({ name, score }) => [name, Math.round(score * 100) / 100]))).toEqual({
    甲镇: 100,
    乙镇: 98,
    丙镇: 98,
    丁镇: 100,
  });
});

test('rows of commas are passed over and do not hide the row that was refused', async () => {
  const { importFile } = await openCase('21-rows-of-commas', 'CMA');
  const { status, stdout } = await importFile('ledger.csv', minutesAgo(1));
  expect(stdout).toContain('读取 3，发送 2，跳过 0，拒收 1；另有空行 997');
  expect(rejectedRows(stdout).every(([, line]) => line === '1001')).toBe(true);
  expect(status).toBe(1);
});

test('what became of every case is told: new, changed, moved, unchanged, overtaken, in several rows', async () => {
  const { importText } = await openCase('10-a-version-ahead-of-time', 'TLD');
  const first = `${head}\nA1,甲镇,2026-10-03,刑事\nA2,甲镇,2026-10-04,刑事\nA3,乙镇,2026-10-05,刑事\n`;
  expect((await importText(first, minutesAgo(30))).stdout).toContain('新案件 3，有变化 0，无变化 0');

  const second = `${head}\nA1,丙镇,2026-09-03,刑事\nA2,甲镇,2026-10-04,治安\nA3,乙镇,2026-10-05,刑事\nA4,丁镇,2026-10-05,刑事\nA4,丁镇,2026-10-06,刑事\n`;
  const changed = await importText(second, minutesAgo(20));
  expect(changed.stdout).toContain('案件 4 个：新案件 1，有变化 2（其中改到别的月份或乡镇 1），无变化 1');
  expect(changed.stdout).toContain('A1：2026-10 甲镇 → 2026-09 丙镇');
  expect(changed.stdout).toMatch(/同一编号多行：1 个编号共 2 行[^\n]*\n {2}A4：2 行/);
  expect(changed.stdout).toContain('已全部入库。');

  const again = await importText(second, minutesAgo(20));
  expect(again.stdout).toContain('案件 4 个：新案件 0，有变化 0，无变化 4');
  expect(again.stdout).toContain('已全部入库。');

  const old = await importText(first, minutesAgo(30));
  expect(old.stdout).toContain('案件 3 个：新案件 0，有变化 0，无变化 1，没有采用 2');
  expect(old.stdout).toMatch(/被更新的版本盖过：2 个案件[^\n]*delivered_at[^\n]*\n {2}A1/);
  expect(old.stdout).not.toContain('已全部入库');
  expect(await regionNow('TLD', 'A1')).toBe('T3');
});

test('ids that begin again are refused before anything is sent, at the command and in the inbox', async () => {
  const { importText, mapping } = await openCase('10-a-version-ahead-of-time', 'SER');
  const rows = (town: string, month: string) =>
    `${head}\n${Array.from({ length: 8 }, (_, i) => `${i + 1},${town},2026-${month}-0${i + 1},刑事\n`).join('')}`;
  expect((await importText(rows('甲镇', '09'), minutesAgo(30))).stdout).toContain('新案件 8，');
  const before = await stored('SER');

  const refused = await importText(rows('乙镇', '10'), minutesAgo(20));
  expect([refused.status, refused.stdout]).toEqual([2, '']);
  expect(refused.stderr).toContain('8 个案件中有 8 个');
  expect(refused.stderr).toContain('1：2026-09 甲镇 → 2026-10 乙镇');
  expect(refused.stderr).toContain('另有 3 个');
  expect(refused.stderr).toContain('source');
  expect(refused.stderr).toContain('请加 --yes');
  expect(await stored('SER')).toEqual(before);
  // Older than what is stored: it would be overtaken and moves nothing.
  expect((await importText(rows('乙镇', '08'), minutesAgo(60))).stdout).toContain('没有采用 8');

  const folder = join(pipeline.home, 'inbox', 'police', 'SER');
  mkdirSync(folder, { recursive: true });
  const ledger = join(folder, '十月.csv');
  const own = join(folder, '警情.mapping.yaml');
  writeFileSync(ledger, rows('乙镇', '10'));
  writeFileSync(own, `${readFileSync(mapping, 'utf8')}files: "*.csv"\n`);
  utimesSync(ledger, minutesAgo(10), minutesAgo(10));
  const producer = pipeline.another('producer-police');
  await producer.start();
  const note = await until('the ledger is set aside', async () =>
    existsSync(`${ledger}.error.txt`) ? readFileSync(`${ledger}.error.txt`, 'utf8') : undefined,
  );
  expect(note).toContain('8 个案件中有 8 个');
  expect(note).toContain(`pingan import --county SER --mapping ${own} ${ledger} --yes`);
  const settled = await stored('SER');
  expect(new Set(settled.map(({ case_id }) => case_id)).size).toBe(8);
  expect(await regionNow('SER', '1')).toBe('T1');

  const confirmed = await pipeline.cli('import', '--county', 'SER', '--mapping', own, ledger, '--yes');
  expect([confirmed.status, confirmed.stderr]).toEqual([0, expect.any(String)]);
  expect(confirmed.stdout).toContain('有变化 8（其中改到别的月份或乡镇 8）');
  expect(await regionNow('SER', '1')).toBe('T2');
  // A process that is new tries at once what another one tries after five minutes.
  await producer.stop();
  await producer.start();
  await until('the note is gone', async () => (existsSync(`${ledger}.error.txt`) ? undefined : true));
  await producer.stop();
  rmSync(folder, { recursive: true });
  expect((await stored('SER')).length).toBe(settled.length + 8);
});

test('two ledgers of one import whose ids begin again are refused, a few corrections are not', async () => {
  const { mapping } = await openCase('10-a-version-ahead-of-time', 'TWO');
  const file = (name: string, ids: readonly number[], town: string, minutes: number) => {
    const at = join(input, name);
    writeFileSync(at, `${head}\n${ids.map((id) => `${id},${town},2026-10-03,刑事\n`).join('')}`);
    utimesSync(at, minutesAgo(minutes), minutesAgo(minutes));
    return at;
  };
  const load = (...files: string[]) => pipeline.cli('import', '--county', 'TWO', '--mapping', mapping, ...files);
  const many = Array.from({ length: 100 }, (_, i) => i + 1);
  const [first, second] = [file('one.csv', many, '甲镇', 30), file('two.csv', many, '乙镇', 20)];
  const refused = await load(first, second);
  expect([refused.status, await stored('TWO')]).toEqual([2, []]);
  expect(refused.stderr).toContain('100 个案件中有 100 个');
  expect((await load(first)).status).toBe(0);
  const few = await load(file('few.csv', [1, 2, 3, 4, 101], '丙镇', 10));
  expect([few.status, few.stdout.includes('改到别的月份或乡镇 4')]).toEqual([0, true]);
});

test('corrections with one delivery time: the later import counts, the same one twice changes nothing', async () => {
  const { importText, mapping } = await openCase('10-a-version-ahead-of-time', 'TWN');
  const stated = join(input, 'stated.yaml');
  writeFileSync(stated, `${readFileSync(mapping, 'utf8')}delivered_at: "2026-11-01 08:00"\n`);
  const towns = ['甲镇', '乙镇', '丙镇', '丁镇'];
  for (const [i, town] of towns.entries()) {
    const { status, stdout } = await importText(`${head}\nA1,${town},2026-10-03,刑事\n`, minutesAgo(1), stated);
    expect([status, stdout.includes('已全部入库。')]).toEqual([0, true]);
    expect(stdout).not.toContain('内容不同');
    expect(await regionNow('TWN', 'A1')).toBe(`T${i + 1}`);
  }
  const before = await stored('TWN');
  const again = await importText(`${head}\nA1,丁镇,2026-10-03,刑事\n`, minutesAgo(1), stated);
  expect(again.stdout).toContain('无变化 1');
  expect(await stored('TWN')).toEqual(before);
  expect(before.map(({ version }) => version - Date.parse('2026-11-01T08:00:00+08:00'))).toEqual([0, 1, 2, 3]);

  const back = await importText(`${head}\nA1,乙镇,2026-10-03,刑事\n`, minutesAgo(1), stated);
  expect(back.stdout).toContain('被更新的版本盖过：1 个案件');
});

test('a version column that spells times as numbers does not freeze when it changes to times', async () => {
  const { importText, mapping } = await openCase('10-a-version-ahead-of-time', 'VER');
  const versioned = join(input, 'versioned.yaml');
  writeFileSync(versioned, `${readFileSync(mapping, 'utf8')}version: { column: 更新 }\n`);
  const wide = `${head},更新`;
  const numbers = `${wide}\nV1,甲镇,2026-10-03,刑事,20261101080000\nV2,甲镇,2026-10-03,刑事,20991231235959\nV3,甲镇,2026-10-03,刑事,2062-10-01 10:00:00\nV4,甲镇,2026-10-03,刑事,7\n`;
  const first = await importText(numbers, minutesAgo(2), versioned);
  expect(rejectedRows(first.stdout).map(([, line, column, , rule]) => [line, column, rule])).toEqual([
    ['3', '更新', 'version_in_future'],
    ['4', '更新', 'version_in_future'],
  ]);
  const times = `${wide}\nV1,乙镇,2026-10-03,刑事,2026-11-02 08:00:00\nV4,乙镇,2026-10-03,刑事,8\n`;
  const { stdout } = await importText(times, minutesAgo(1), versioned);
  expect(stdout).toContain('有变化 2（其中改到别的月份或乡镇 2）');
  expect([await regionNow('VER', 'V1'), await regionNow('VER', 'V4')]).toEqual(['T2', 'T2']);
});

test('messages from the future become dead letters, and are judged alike when they are read again', async () => {
  await openCase('10-a-version-ahead-of-time', 'LOG');
  const sound = {
    ...{
      schema: 'police.incident/1',
      county: 'LOG',
      source: 'own',
      version: Date.now(),
      op: 'upsert',
      region_code: 'T1',
    },
    ...{ occurred_at: '2026-10-01T08:00:00+08:00', recorded_at: '2026-10-01T08:30:00+08:00' },
    body: { category: 'criminal' },
  };
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const wrong = {
    far: { occurred_at: '2062-10-01T08:00:00+08:00', recorded_at: '2062-10-01T08:30:00+08:00' },
    day: { occurred_at: '2099-01-01', precision: 'day' },
    recorded: { recorded_at: '2099-01-01T00:00:00Z' },
    poison: { version: Number.MAX_SAFE_INTEGER },
    compact: { version: 20261001080000 },
    closed: { body: { category: 'criminal', closed_at: '2099-01-01' } },
  };
  await pipeline.kafka.send([
    messageOf({ ...sound, case_id: 'sound' }),
    messageOf({ ...sound, case_id: 'counter', version: 3 }),
    messageOf({ ...sound, case_id: 'clock skew', occurred_at: soon, recorded_at: soon }),
    ...Object.entries(wrong).map(([case_id, change]) => messageOf({ ...sound, case_id, ...change })),
  ]);
  await pipeline.kafka.caughtUp();
  expect((await stored('LOG')).map(({ case_id }) => case_id)).toEqual(['clock skew', 'counter', 'sound']);
  const letters = await until('the letters are stored', async () => {
    const found = await pipeline.sql<{ reason: string; detail: string }>(
      `SELECT reason, detail FROM dead_letters FINAL WHERE key LIKE 'LOG/%' ORDER BY detail`,
    );
    return found.length === 6 ? found : undefined;
  });
  expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(['from_the_future']));
  expect(letters.map(({ detail }) => detail.slice(0, detail.indexOf(':')))).toEqual([
    'body.closed_at',
    'occurred_at',
    'occurred_at',
    'recorded_at',
    'version',
    'version',
  ]);
  await pipeline.ok('reconcile', '--county', 'LOG');
});

test('what was stored before there was the rule that refuses it reconciles, at its place and repeated', async () => {
  const closed = { category: 'criminal', closed_at: '2099-01-01' } as const;
  const event: PingAnEvent = {
    ...{ schema: 'police.incident/1', county: 'LOG', source: 'own', case_id: 'before', version: 1, op: 'upsert' },
    ...{ region_code: 'T1', occurred_at: '2026-10-01T08:00:00+08:00', recorded_at: '2026-10-01T08:30:00+08:00' },
    body: closed,
  };
  await pipeline.kafka.send([messageOf({ ...event }), messageOf({ ...event })]);
  await pipeline.kafka.caughtUp();
  const letters = `FROM dead_letters FINAL WHERE key = 'LOG/own/before'`;
  const places = await until('the letters are stored', async () => {
    const found = await pipeline.sql<{ partition: number; offset: number }>(
      `SELECT kafka_partition AS partition, kafka_offset AS offset ${letters} ORDER BY offset`,
    );
    return found.length === 2 ? found : undefined;
  });
  // As the version before the rule left it: one row, no letter.
  await pipeline.command(`ALTER TABLE dead_letters DELETE WHERE key = 'LOG/own/before' SETTINGS mutations_sync = 2`);
  const rows = new CaseRows('police', 1_024);
  rows.add(event, { ...places[0]!, timeZone: 'Asia/Shanghai' });
  await pipeline.store.cases.insertWindow('police', rows, 'before-the-rule');
  await pipeline.cli('reconcile', '--county', 'LOG', '--repair');
  await pipeline.ok('reconcile', '--county', 'LOG');
  // Nor is it missed where another county is compared.
  await pipeline.ok('reconcile', '--county', 'VER');
  expect((await stored('LOG')).map(({ case_id }) => case_id)).toContain('before');
  expect(await pipeline.sql(`SELECT count() AS n ${letters}`)).toEqual([{ n: 0 }]);
});

test('a dead letter whose value holds half of a character stops no other', async () => {
  const halves = `${'x'.repeat(39)}😀`;
  await pipeline.kafka.send([
    { topic: 'pingan.police', key: 'half', value: JSON.stringify({ schema: halves }) },
    { topic: 'pingan.police', key: 'half', value: '{"schema":"\\ud83d"}' },
    { topic: 'pingan.police', key: 'half', value: 'no JSON' },
  ]);
  await pipeline.kafka.caughtUp();
  const [{ n }] = (await pipeline.sql<{ n: number }>(
    `SELECT count() AS n FROM dead_letters FINAL WHERE key = 'half'`,
  )) as [{ n: number }];
  expect(n).toBe(3);
});

test('a version that was sent and is not stored is counted as missing', async () => {
  const delivery = 'test-missing';
  const [known] = await stored('VER');
  await pipeline.store.deliveries.noteSent(delivery, [known!, { case_id: 'nobody', version: 1 }]);
  const everything = { 'pingan.police': Array.from({ length: 64 }, () => String(2 ** 40)) };
  const account = await pipeline.store.deliveries.account({
    ...{ stream: 'police', county: 'VER', source: 'ledger', timeZone: 'Asia/Shanghai', delivery, now: Date.now() },
    before: everything,
    after: everything,
  });
  expect([account.versions, account.missing]).toEqual([2, 1]);
  await pipeline.store.deliveries.forget(delivery);
});

test('what is stored from the future already is not shown as the newest', async () => {
  await pipeline.command(`INSERT INTO police_cases (county, source, case_id, version, digest, kafka_partition, kafka_offset,
    record_type, op, region_code, occurred_at, occurred_precision, recorded_at) VALUES ('LOG', 'old', 'x', 1, 1, 0, 1,
    'police.incident', 'upsert', 'T1', '2062-01-01 00:00:00', 'time', '2062-01-01 00:00:00')`);
  const { freshness } = JSON.parse((await pipeline.cli('status', '--format', 'json')).stdout) as {
    freshness: { county: string; last_occurred_at: string }[];
  };
  const newest = freshness.filter(({ county }) => county === 'LOG').map(({ last_occurred_at }) => last_occurred_at);
  expect(newest.length).toBe(1);
  expect(Date.parse(newest[0]!)).toBeLessThan(Date.now() + 60_000);
  const [days] = await pipeline.sql<{ days: number }>(
    `SELECT dateDiff('day', max(last_occurred_at), now()) AS days FROM v_freshness(county = 'LOG')`,
  );
  expect(days!.days).toBeGreaterThanOrEqual(0);
});

test('an event from the future, let in once, does not hide that nothing comes any more', async () => {
  const row = (id: string, occurred: string) =>
    `('QUI', 'old', '${id}', 1, 1, 0, 1, 'police.incident', 'upsert', 'T1', '${occurred}', 'time', '${occurred}', '2026-09-10 00:00:00')`;
  await pipeline.command(`INSERT INTO police_cases (county, source, case_id, version, digest, kafka_partition, kafka_offset,
    record_type, op, region_code, occurred_at, occurred_precision, recorded_at, stored_at)
    VALUES ${row('a', '2026-09-09 08:00:00')}, ${row('b', '2026-09-25 08:00:00')}, ${row('c', '1968-05-01 08:00:00')}`);
  const newest = async () => {
    const found = (await pipeline.store.health.freshness()).find(({ county }) => county === 'QUI');
    const [shown] = await pipeline.sql<{ at: string }>(
      `SELECT toString(max(last_occurred_at)) AS at, toString(max(last_recorded_at)) AS recorded FROM v_freshness(county = 'QUI')`,
    );
    return { status: found?.last_occurred_at, ...shown };
  };
  const truth = {
    status: '2026-09-09T08:00:00.000Z',
    at: '2026-09-09 08:00:00.000',
    recorded: '2026-09-09 08:00:00.000',
  };
  expect(await newest()).toEqual(truth);

  // What was counted before is counted again by the migration.
  await pipeline.command(`INSERT INTO intake (county, month, stream, record_type, region_code, delay_days, last_occurred_at, last_recorded_at)
    VALUES ('QUI', '2026-09-01', 'police', 'police.incident', 'T1', 1, '2026-09-25 08:00:00', '2026-09-25 08:00:00')`);
  expect(await newest()).not.toEqual(truth);
  await pipeline.command(`ALTER TABLE schema_migrations DELETE WHERE name LIKE '0115%' SETTINGS mutations_sync = 2`);
  expect(await pipeline.store.migrate()).toEqual(['0115_newest_of_the_past.sql']);
  expect(await newest()).toEqual(truth);
});

test('status names a ledger of the inbox that was refused, and fails', async () => {
  const folder = join(pipeline.home, 'inbox', 'police', 'LOG');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '警情.csv'), '');
  writeFileSync(join(folder, '警情.csv.error.txt'), '警情.csv:文件是空的\n');
  const { status, stdout } = await pipeline.cli('status', '--format', 'json');
  const { concerns } = JSON.parse(stdout) as { concerns: { code: string; text: string }[] };
  expect(status).toBe(1);
  expect(concerns.find(({ code }) => code === 'inbox_failed')?.text).toMatch(
    /^收件箱 police\/LOG\/警情\.csv 没有入库（自 \d{4}-\d\d-\d\d \d\d:\d\d 起）：警情\.csv:文件是空的/,
  );
});
