import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addMonths, monthRange } from '@pingan/contracts';
import { openQueue } from '@pingan/messaging';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFiles } from './harness/files.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { messageOf } from './harness/synthetic.js';
import { leaveUnreadableJobs, unreadableJobsSetAside } from './harness/unreadable-jobs.js';

/*
 * Counties whose units begin, end, merge, split, change their code or their population, through the command line. Expected figures
 * are worked out here by hand or from the ledger's counts, never by the product.
 */

const caseFile = (name: string, file: string) => fileURLToPath(new URL(`./cases/${name}/${file}`, import.meta.url));

let pipeline: Pipeline;
let folder: string;

beforeAll(async () => {
  pipeline = await openPipeline();
  folder = join(pipeline.home, '..', `regions-${Date.now()}`);
  mkdirSync(folder);
});
afterAll(() => pipeline?.close());

let written = 0;
function fileOf(name: string, text: string): string {
  const at = join(folder, String(written++));
  mkdirSync(at);
  return writeFiles(at, { [name]: text })[name]!;
}

interface Registration {
  code: string;
  regions: string;
  start: string;
  scheme?: string;
  timezone?: string;
}

function register({ code, regions, start, scheme, timezone }: Registration) {
  return pipeline.cli(
    ...['county', 'add', '--code', code, '--name', '例县', '--regions', regions, '--start', start],
    ...(scheme ? ['--scheme', scheme] : []),
    ...(timezone ? ['--timezone', timezone] : []),
  );
}

async function registered(options: Registration): Promise<string> {
  const result = await register(options);
  // A scheme of one indicator is told what it leaves off.
  expect(result.stderr).toMatch(/^(注意：默认方案有而本方案没有：.*\n)?$/);
  expect(result.status).toBe(0);
  return result.stdout;
}

const importCase = (county: string, name: string) =>
  pipeline.ok('import', '--county', county, '--mapping', caseFile(name, 'mapping.yaml'), caseFile(name, 'ledger.csv'));

/** Name → [score, rank] of a month, scored on everything that is stored. */
async function ranking(county: string, month: string): Promise<Record<string, [number | null, number | null]>> {
  const run = (await pipeline.ok('score', '--county', county, '--month', month)).trim();
  const units = await pipeline.store.runs.units(run);
  return Object.fromEntries(
    units.map(({ name, score, rank }) => [name, [score === null ? null : Number(score.toFixed(6)), rank]]),
  );
}

async function indicatorOf(county: string, month: string, region: string) {
  const run = await pipeline.store.runs.current(county, month);
  const rows = await pipeline.store.runs.indicators(run!.run_id, region);
  return rows.find(({ code }) => code === 'P01')!;
}

test('a unit that exists since September is not held against months before it (case 17)', async () => {
  const name = '17-a-new-township';
  await registered({
    code: '610997',
    regions: caseFile(name, 'regions.csv'),
    start: '2026-07',
    scheme: caseFile(name, 'scheme.yaml'),
  });
  await importCase('610997', name);
  const even = { 甲镇: [80, 1], 丙镇: [80, 1], 己街道: [80, 1] };
  expect(await ranking('610997', '2026-09')).toEqual(even);
  expect(await ranking('610997', '2026-10')).toEqual(even);
  expect(new Set(Object.keys(await ranking('610997', '2026-08')))).toEqual(new Set(['甲镇', '丙镇']));
  expect(await indicatorOf('610997', '2026-10', '610997106')).toMatchObject({
    numerator: 20,
    denominator: 20_000,
    window_from: '2026-09',
    months: 2,
    value: 10,
  });
  const explained = await pipeline.ok('explain', '--county', '610997', '--month', '2026-10', '--region', '己街道');
  expect(explained).toContain('自 2026-09 起设立');
});

test('a code with stored cases is not dropped; a former code keeps them (case 18)', async () => {
  const name = '18-a-code-that-changed';
  const county = { code: 'C18', start: '2026-08', scheme: caseFile(name, 'scheme.yaml') };
  await registered({ ...county, regions: caseFile(name, 'regions.csv') });
  await importCase('C18', name);
  const before = { 甲镇: [94, 4], 乙镇: [100, 1], 丙镇: [98, 2], 丁镇: [98, 2] };
  expect(await ranking('C18', '2026-10')).toEqual(before);
  const document = await pipeline.store.counties.get('C18');

  const dropped = await register({ code: 'C18', start: '2026-08', regions: caseFile(name, 'regions-new.csv') });
  expect(dropped.status).toBe(2);
  expect(dropped.stderr).toContain('T1 甲镇：3 件，2026-10（新表中同名的是 T9）');
  expect(dropped.stderr).toContain('former_codes');
  const unranked = readFileSync(caseFile(name, 'regions.csv'), 'utf8')
    .replace('population_year', 'population_year,ranked')
    .replace('T1,甲镇,10000,2025', 'T1,甲镇,10000,2025,否')
    .replace(/(T[234],.*2025)/g, '$1,');
  const withdrawn = await register({ code: 'C18', start: '2026-08', regions: fileOf('regions.csv', unranked) });
  expect(withdrawn.status).toBe(2);
  expect(withdrawn.stderr).toContain('T1 甲镇：3 件，2026-10');
  const elsewhere = await register({
    ...county,
    regions: caseFile(name, 'regions.csv'),
    timezone: 'Asia/Tokyo',
  });
  expect(elsewhere.status).toBe(2);
  expect(elsewhere.stderr).toContain('5 件');
  expect(await pipeline.store.counties.get('C18')).toEqual(document);
  expect(await registered({ ...county, regions: caseFile(name, 'regions.csv') })).toContain('没有变化');

  const recoded = readFileSync(caseFile(name, 'regions-new.csv'), 'utf8')
    .replace('population_year', 'population_year,former_codes')
    .replace('T9,甲镇,10000,2025', 'T9,甲镇,10000,2025,T1')
    .replace(/(T[234],.*2025)/g, '$1,');
  const told = await registered({ code: 'C18', start: '2026-08', regions: fileOf('regions.csv', recoded) });
  expect(told).toContain('换代码 T9 甲镇：T1 → T9');
  expect(told).not.toContain('去掉');
  expect(await ranking('C18', '2026-10')).toEqual(before);
  expect(await indicatorOf('C18', '2026-10', 'T9')).toMatchObject({ numerator: 3 });
  // Asked for by its old code, without one of its cases, and reconciled.
  expect(await pipeline.ok('explain', '--county', 'C18', '--month', '2026-10', '--region', 'T1')).toContain('94.00');
  const without = await pipeline.ok('without-case', '--county', 'C18', '--month', '2026-10', '--case', 'R1');
  expect(without).toContain('96.00');
  expect(await pipeline.ok('reconcile', '--county', 'C18')).toContain('一致');
  const views = await pipeline.sql<{ unit_code: string; unit_name: string; cases: number }>(
    `SELECT unit_code, unit_name, cases FROM v_intake(county = 'C18', month = '2026-10') ORDER BY unit_code`,
  );
  expect(views.map((row) => [row.unit_code, row.unit_name, Number(row.cases)])).toEqual([
    ['T3', '丙镇', 1],
    ['T4', '丁镇', 1],
    ['T9', '甲镇', 3],
  ]);
  const fresh = await pipeline.sql<{ unit_code: string }>(`SELECT unit_code FROM v_freshness(county = 'C18')`);
  expect(fresh.map(({ unit_code }) => unit_code).sort()).toEqual(['T3', 'T4', 'T9']);

  // A source that goes on sending the old code.
  const sent = {
    schema: 'police.incident/1',
    county: 'C18',
    source: 'old-codes',
    case_id: 'R9',
    version: 1,
    op: 'upsert',
    region_code: 'T1',
    occurred_at: '2026-10-20T08:00:00+08:00',
    recorded_at: '2026-10-20T08:00:00+08:00',
    body: { category: 'criminal' },
  };
  await pipeline.kafka.send([messageOf(sent)]);
  await pipeline.kafka.caughtUp();
  expect((await ranking('C18', '2026-10')).甲镇).toEqual([92, 4]);
  expect(await pipeline.store.deadLetters.countByReason()).toEqual([]);
});

const townMapping = readFileSync(caseFile('17-a-new-township', 'mapping.yaml'), 'utf8');
const trendScheme = `name: 趋势试算
trend: { share: 0.3 }
dimensions:
  - id: police
    weight: 1
    indicators:
      - { code: P01, weight: 1, window: 3, goalposts: { rule: absolute, g0: 50, g60: 20, g100: 0 } }
`;
const first = '2025-08';
const last = '2026-10';
const months = monthRange(first, last);

/** Cases of a town in a month, any numbers that differ. */
const countIn = (town: string, month: string): number => {
  const m = months.indexOf(month);
  if (town === '甲镇') return 12 + (m % 5);
  if (town === '乙镇') return 5 + (m % 3);
  if (town === '丁镇') return 9 + (m % 4);
  if (town === '戊镇') return month < '2026-09' ? 14 : 0;
  return month < '2026-09' ? 0 : 6;
};

const towns = ['甲镇', '乙镇', '丁镇', '戊镇', '己街道', '庚镇'];

const ledger = [
  '编号,乡镇,发生时间,类别',
  ...months.flatMap((month) =>
    towns.flatMap((town) =>
      Array.from(
        { length: countIn(town, month) },
        (_, i) => `${town}${month}-${i},${town},${month}-${String(1 + (i % 27)).padStart(2, '0')},刑事`,
      ),
    ),
  ),
].join('\n');

const sum = (town: string, list: readonly string[]) => list.reduce((total, month) => total + countIn(town, month), 0);

test('a merged, a split and a growing township, from one month on', async () => {
  const head = 'code,name,population_2025,population_2026-09,population_2026-10,valid_from,valid_to,counts_as';
  const old = [head, 'M1,甲镇,20000,,,,,', 'M2,乙镇,10000,,,,,', 'M4,丁镇,20000,,,,,', 'M5,戊镇,18000,,,,,'];
  const steady = { code: 'MERGE', start: first };
  await registered({
    ...steady,
    regions: fileOf('regions.csv', old.join('\n')),
    scheme: fileOf('scheme.yaml', trendScheme),
  });
  const mapping = fileOf('mapping.yaml', townMapping);
  const until2026 = ledger
    .split('\n')
    .filter((line, i) => i === 0 || /2026-0[1-8]|2025-/.test(line))
    .join('\n');
  await pipeline.ok('import', '--county', 'MERGE', '--mapping', mapping, fileOf('ledger.csv', until2026));
  await ranking('MERGE', '2026-08');
  const august = await pipeline.store.runs.current('MERGE', '2026-08');

  const changed = [
    head,
    'M1,甲镇,20000,,,,2026-08,M3',
    'M2,乙镇,10000,,,,2026-08,M3',
    'M3,新镇,,33000,,2026-09,,',
    'M4,丁镇,20000,,40000,,,',
    'M5,戊镇,18000,,,,2026-08,',
    'M6,己街道,,9000,,2026-09,,',
    'M7,庚镇,,9000,,2026-09,,',
  ];
  // A last month before the last case of a unit that goes into no other.
  const tooEarly = changed.map((line) => line.replace('M5,戊镇,18000,,,,2026-08,', 'M5,戊镇,18000,,,,2026-07,'));
  const refused = await register({ ...steady, regions: fileOf('regions.csv', tooEarly.join('\n')) });
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('M5 戊镇：14 件，2026-08');

  const told = await registered({ ...steady, regions: fileOf('regions.csv', changed.join('\n')) });
  expect(told).toContain('并入 M1 甲镇：（空） → M3');
  expect(told).toContain('有效月份 M2 乙镇：一直有效 → 至 2026-08');
  expect(told).toContain('新增 M3 新镇，自 2026-09');
  expect(told).toContain('常住人口 M4 丁镇：20000（2025 起） → 20000（2025 起）、40000（2026-10 起）');
  expect(told).not.toMatch(/重新计算：(2025|2026-0[1-8])/);
  expect(told).not.toContain('人口来源');
  // Rows of September and October still write 甲镇 and 乙镇.
  await pipeline.ok('import', '--county', 'MERGE', '--mapping', mapping, fileOf('ledger.csv', ledger));
  expect(new Set(Object.keys(await ranking('MERGE', '2026-08')))).toEqual(new Set(['甲镇', '乙镇', '丁镇', '戊镇']));
  expect(await pipeline.store.runs.current('MERGE', '2026-08')).toEqual(august);

  expect(new Set(Object.keys(await ranking('MERGE', '2026-10')))).toEqual(new Set(['新镇', '丁镇', '己街道', '庚镇']));
  const window = ['2026-08', '2026-09', '2026-10'];
  const past = monthRange(addMonths('2026-08', -12), '2026-07').filter((month) => month >= first);
  const both = (list: readonly string[]) => sum('甲镇', list) + sum('乙镇', list);
  const merged = await indicatorOf('MERGE', '2026-10', 'M3');
  expect(merged).toMatchObject({
    numerator: both(window),
    denominator: 30_000 + 33_000 + 33_000,
    population: 33_000,
    months: 3,
    window_from: '2026-08',
  });
  expect(merged.value).toBeCloseTo((both(window) * 10_000) / 96_000, 9);
  expect(merged.own_mean).toBeCloseTo((both(past) * 10_000) / (30_000 * past.length), 9);

  const grown = await indicatorOf('MERGE', '2026-10', 'M4');
  expect(grown).toMatchObject({
    numerator: sum('丁镇', window),
    denominator: 20_000 + 20_000 + 40_000,
    population: 40_000,
  });
  expect(grown.own_mean).toBeCloseTo((sum('丁镇', past) * 10_000) / (20_000 * past.length), 9);

  const split = await indicatorOf('MERGE', '2026-10', 'M6');
  expect(split).toMatchObject({
    numerator: 12,
    denominator: 18_000,
    months: 2,
    window_from: '2026-09',
    own_mean: null,
  });
  const explained = await pipeline.ok('explain', '--county', 'MERGE', '--month', '2026-10', '--region', '甲镇');
  expect(explained).toContain('由甲镇、乙镇并入');
  expect(explained).toContain('各月常住人口：2026-08 30000 人，2026-09 至 2026-10 33000 人');

  // The office corrects October's population: nothing before October moves.
  await ranking('MERGE', '2026-09');
  const september = await pipeline.store.runs.current('MERGE', '2026-09');
  const corrected = changed.map((line) => line.replace('M4,丁镇,20000,,40000', 'M4,丁镇,20000,,25000'));
  expect(await registered({ ...steady, regions: fileOf('regions.csv', corrected.join('\n')) })).toMatch(
    /已计分的 \d+ 个月中有 \d+ 个重新计算：2026-10/,
  );
  await ranking('MERGE', '2026-09');
  await ranking('MERGE', '2026-10');
  expect(await pipeline.store.runs.current('MERGE', '2026-09')).toEqual(september);
  expect(await indicatorOf('MERGE', '2026-10', 'M4')).toMatchObject({ denominator: 65_000, population: 25_000 });
});

test('months before the start: refused at registration, set aside in the queue (case 37)', async () => {
  const name = '37-a-job-that-can-never-succeed';
  const regions = caseFile(name, 'regions.csv');
  const own = readFileSync(regions, 'utf8').replaceAll('610997', '610996');
  const table = fileOf('regions.csv', own);
  await registered({ code: '610996', regions: table, start: '2025-07', scheme: caseFile(name, 'scheme.yaml') });
  await importCase('610996', name);
  await pipeline.ok('score', '--county', '610996', '--month', '2025-08');
  const early = monthRange('2025-07', '2026-06');
  await until('every month is scored', async () => {
    const periods = new Set((await pipeline.store.runs.currentAll('610996')).map(({ period }) => period));
    return early.every((month) => periods.has(month));
  });
  const later = await register({ code: '610996', regions: table, start: '2026-07' });
  expect(later.status).toBe(2);
  expect(later.stderr).toContain('12 个已计分的月份早于它（2025-07 至 2026-06）');
  expect(later.stderr).toContain('--start 2025-07');

  // Registered all the same, past the command: the request is answered once, and others are not held up.
  const county = await pipeline.store.counties.get('610996');
  await pipeline.store.counties.save({ ...county!, startMonth: '2026-07' });
  const queue = openQueue('score', pipeline.redis);
  try {
    const job = await queue.add('run', { county: '610996', months: ['2025-07', '2025-08'] });
    await until('the request is answered', async () => (await job.getState()) === 'failed');
    expect((await queue.getJob(job.id!))!.attemptsMade).toBe(1);
    const unreadable = await queue.add('run', { county: '610996', months: ['July'] } as never);
    await until('the other is answered', async () => (await unreadable.getState()) === 'failed');
    expect((await queue.getJob(unreadable.id!))!.attemptsMade).toBe(1);
    // The components of this county reach no month that has not begun.
    const future = await queue.add('run', { county: '610996', months: ['2199-01'] });
    await until('a month to come is answered', async () => (await future.getState()) === 'failed');
    const periods = (await pipeline.store.runs.currentAll('610996')).map(({ period }) => period);
    expect(periods).not.toContain('2199-01');
  } finally {
    await queue.close();
  }
  expect((await ranking('610996', '2026-10')).甲镇![1]).not.toBeNull();
  const status = JSON.parse((await pipeline.cli('status', '--format', 'json')).stdout);
  const concerns = status.concerns.filter(({ code }: { code: string }) => code === 'job_set_aside');
  expect(concerns.map(({ level }: { level: string }) => level)).toEqual(['notice', 'notice', 'notice']);
  expect(concerns.map(({ text }: { text: string }) => text).join('\n')).toContain(
    '610996 例县不能计算 2025-07 至 2025-08（2 个月）：早于起始月 2026-07',
  );
  expect(concerns.map(({ text }: { text: string }) => text).join('\n')).toContain(
    '610996 例县不能计算 2199-01：该月还没有开始',
  );

  // Nor do they keep the log from being built anew: they are named and stay as they are.
  const kept = await pipeline.store.runs.current('610996', '2025-08');
  const rebuilt = await pipeline.cli('rebuild', '--yes');
  expect(rebuilt.stderr).toContain('610996 例县已计分的 12 个月（2025-07 至 2026-06）早于起始月 2026-07，不能重新计算');
  expect({ ...rebuilt, stderr: '' }).toMatchObject({ status: 0, stdout: expect.stringContaining('已从日志重建') });
  expect(await pipeline.store.runs.current('610996', '2025-08')).toEqual(kept);
});

test('jobs with a part that is no JSON are set aside: they hold up no queue, and status tells of them', async () => {
  await leaveUnreadableJobs(pipeline.redis);
  await unreadableJobsSetAside(pipeline.redis);
  // A rebuild waits until nothing is left there.
  expect(await pipeline.redis.lrange('pingan:store:active', 0, -1)).toEqual([]);
  const status = JSON.parse((await pipeline.cli('status', '--format', 'json')).stdout);
  expect(status.queues).toHaveLength(3);
  const told = status.concerns.map(({ text }: { text: string }) => text).join('\n');
  for (const title of ['入库', '月度分量', '计分'])
    expect(told).toMatch(
      new RegExp(`${title}任务 junk-\\w+ 的内容(（\\w+）)?不是有效的 JSON，已搁置（.*同类共 4 项）`),
    );
  expect(told).not.toContain('无法检查');
});
