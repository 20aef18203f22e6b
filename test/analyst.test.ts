import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MonthComparison, Sensitivity, Standing, UnitWithoutCase } from '@pingan/appraisal/analysis';
import { addMonths, topicOf } from '@pingan/contracts';
import { generateDemo } from '@pingan/demo-county';
import { defaultScheme, parseScheme, schemeHash } from '@pingan/indicators';
import { builtinCounty, monthOfInstant } from '@pingan/regions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { settled } from './harness/settled.js';
import { trialScheme } from './harness/trial-scheme.js';

const county = builtinCounty('610222')!;
const region = '610222102';
const from = '2024-07';
const month = '2025-09';
const of = ['--county', county.code, '--month', month];
const json = ['--format', 'json'];

let pipeline: Pipeline;

interface Incident {
  case_id: string;
  source: string;
  version: number;
  op: 'upsert' | 'retract';
  body: object;
}

const killing: Incident = {
  case_id: 'JQ-MA-1',
  source: 'demo-police',
  version: 1,
  op: 'upsert',
  body: {
    category: 'criminal',
    sub_category: 'homicide',
    case_status: 'filed',
    deaths: 3,
    reported_at: '2025-09-10T20:00:00+08:00',
  },
};

function messageOf(incident: Incident) {
  const envelope = {
    schema: 'police.incident/1',
    county: county.code,
    region_code: region,
    occurred_at: '2025-09-10T20:00:00+08:00',
    recorded_at: '2025-09-10T21:00:00+08:00',
  };
  return {
    topic: topicOf('police'),
    key: `${county.code}/${incident.source}/${incident.case_id}`,
    value: JSON.stringify({ ...envelope, ...incident }),
  };
}

async function send(...incidents: Incident[]): Promise<void> {
  await pipeline.kafka.send(incidents.map(messageOf));
  await settled(pipeline, { ...county, startMonth: from, demo: null });
}

const tables = [
  'counties',
  'runs',
  'run_units',
  'run_dimensions',
  'run_indicators',
  'run_current',
  'schemes',
  'components',
];

/** Rows and contents of everything a command must not touch. */
const stored = () =>
  Promise.all(tables.map((table) => pipeline.sql(`SELECT count(), sum(cityHash64(*)) AS digest FROM ${table}`)));

async function read<T>(...args: string[]): Promise<T> {
  return JSON.parse(await pipeline.ok(...args, ...json)) as T;
}

interface Ranking {
  rows: (Standing & { region_code: string })[];
}

const standingsOf = ({ rows }: Ranking): Record<string, Standing> =>
  Object.fromEntries(rows.map(({ region_code, score, rank, band }) => [region_code, { score, rank, band }]));

/** Scores of a fresh run against those that were foretold. */
function expectStandings(got: Record<string, Standing>, wanted: Record<string, Standing>): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort());
  for (const [code, { score, rank, band }] of Object.entries(wanted)) {
    expect([code, got[code]?.rank, got[code]?.band]).toEqual([code, rank, band]);
    if (score === null) expect(got[code]?.score).toBeNull();
    else expect(got[code]?.score).toBeCloseTo(score, 9);
  }
}

function schemeFile(name: string, text: string): string {
  const path = join(pipeline.home, name);
  writeFileSync(path, text);
  return path;
}

async function refused(args: string[], ...texts: string[]): Promise<void> {
  const { status, stdout, stderr } = await pipeline.cli(...args);
  expect([args.join(' '), status, stdout]).toEqual([args.join(' '), 2, '']);
  for (const text of texts) expect(stderr).toContain(text);
}

beforeAll(async () => {
  pipeline = await openPipeline();
  await pipeline.store.counties.save({ ...county, startMonth: from, demo: null });
  const demo = generateDemo({ county, from, to: month, seed: 20_240_701 });
  await pipeline.kafka.send(demo.map(({ stream, key, value }) => ({ topic: topicOf(stream), key, value })));
  const call = { category: 'help', reported_at: '2025-09-10T20:00:00+08:00' };
  const twice = { version: 1, op: 'upsert', case_id: 'SAME-1', body: call } as const;
  await send(killing, { ...twice, source: 'station-a' }, { ...twice, source: 'station-b' });
});

afterAll(() => pipeline?.close());

describe('scheme activate', () => {
  const now = monthOfInstant(Date.now(), county.timeZone);
  const next = addMonths(now, 1);
  const activate = (file: string, when: string) => [
    'scheme',
    'activate',
    file,
    '--county',
    county.code,
    '--from',
    when,
  ];

  // From then on the past is closed.
  beforeAll(async () => {
    await pipeline.store.runs.publish((await pipeline.store.runs.currentAll(county.code)).slice(-1));
  });

  test('refuses the past, this month, no month, an unknown county, a document with faults, and changes nothing', async () => {
    const good = schemeFile('good.yaml', trialScheme);
    const bad = schemeFile('bad.yaml', trialScheme.replace('P04', '破案率').replace('S01', 'S99'));
    const before = await stored();
    await refused(activate(good, addMonths(now, -1)), '已经过去', `最早 ${next}`);
    await refused(activate(good, now), '是本月', `最早 ${next}`);
    await refused(activate(good, '2027-13'), '起用月份 2027-13 不对');
    await refused(['scheme', 'activate', good, '--county', '999999', '--from', next], '没有登记县 999999');
    await refused(activate(bad, next), '有 2 处错误', '“破案率”不得计分', '没有指标 S99');
    await refused(activate(`${good}.gone`, next), '读不了：不存在');
    expect(await stored()).toEqual(before);
  });

  test('cannot be gone round by registering a published county again', async () => {
    const regions = schemeFile('regions.csv', `code,name\n${region},五里镇\n`);
    const file = schemeFile('good.yaml', trialScheme);
    const before = await stored();
    const add = ['county', 'add', '--code', county.code, '--name', county.name, '--regions', regions, '--scheme', file];
    await refused([...add, '--start', from], '不能追溯更换方案', 'pingan scheme activate');
    expect(await stored()).toEqual(before);
  });

  test('takes a future month, once, and says what it replaces', async () => {
    const file = schemeFile('good.yaml', trialScheme);
    const hash = schemeHash(parseScheme(trialScheme, { file }));
    const first = await pipeline.ok(...activate(file, next));
    expect(first).toContain(`自 ${next} 起用方案「试算」${hash}`);
    expect(first).toContain(`「默认方案」${schemeHash(defaultScheme)}`);
    const after = await stored();
    expect(await pipeline.ok(...activate(file, next))).toContain('没有改动');
    expect(await pipeline.ok(...activate(file, addMonths(next, 3)))).toContain('没有改动');
    expect(await stored()).toEqual(after);
    const show = (when: string) => pipeline.ok('scheme', 'show', '--county', county.code, '--month', when);
    expect(await show(next)).toContain(`编号 ${hash}`);
    expect(await show(now)).toContain(`编号 ${schemeHash(defaultScheme)}`);
  });

  test('asks again about weights that look like a slip, and takes it back until it counts', async () => {
    const later = addMonths(next, 1);
    const slip = schemeFile('slip.yaml', trialScheme.replace('weight: 60', 'weight: 0.6').replace('试算', '笔误'));
    const before = await stored();
    await refused(activate(slip, later), '权重 0.6 与其余的 40 相差悬殊，是不是 60？', '请加 --yes');
    expect(await stored()).toEqual(before);
    const done = await pipeline.cli(...activate(slip, later), '--yes', '--note', '李某某 试一试');
    expect([done.status, done.stdout]).toEqual([0, expect.stringContaining(`自 ${later} 起用方案「笔误」`)]);
    const mixed = `${later.slice(0, 4)} 年的年度分将由两个方案的月份平均而来`;
    expect(done.stderr.includes(mixed)).toBe(!later.endsWith('-01'));

    const list = () => pipeline.ok('scheme', 'list', '--county', county.code);
    expect(await list()).toMatch(new RegExp(`${later} +笔误 +\\S+ +待起用 .*李某某 试一试`));
    const cancel = (when: string) => ['scheme', 'cancel', '--county', county.code, '--from', when];
    await refused(cancel(addMonths(later, 1)), '可以取消的方案', later);
    expect(await pipeline.ok(...cancel(later), '--note', '不试了')).toContain('沿用「试算」');
    expect(await list()).toMatch(new RegExp(`${later} +试算（沿用） .*不试了`));
    const hash = schemeHash(parseScheme(trialScheme, { file: '' }));
    expect(await pipeline.ok('scheme', 'show', '--county', county.code, '--month', later)).toContain(`编号 ${hash}`);
    await refused(cancel(later), '可以取消的方案');
    await refused(cancel('1970-01'), '可以取消的方案');
  });
});

describe('explain', () => {
  interface Explained {
    name: string;
    score: number | null;
    paragraph: string;
    ranked_units: number;
    change: { points: number | null; parts: { points: number }[] } | null;
    indicators: { name: string; numerator: number | null }[];
  }

  test('tells every unit in a paragraph of numbers that stand in the explanation', async () => {
    const { rows } = await read<Ranking>('rank', ...of);
    const all: Explained[] = [];
    for (const { region_code } of rows) all.push(await read<Explained>('explain', ...of, '--region', region_code));
    for (const explained of all) {
      const { paragraph, change, name } = explained;
      expect([...paragraph].length).toBeLessThanOrEqual(200);
      expect(paragraph).toContain(`${name}2025年9月平安指数`);
      expect(unknownNumbers(paragraph, explained)).toEqual([]);
      expect(change!.parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(change!.points!, 9);
    }
    const { name, paragraph } = all[0]!;
    const table = await pipeline.ok('explain', ...of, '--region', name);
    expect(table.split('\n')[1]).toBe(paragraph);
  });
});

/** Numbers of the text that stand nowhere in the data, neither whole nor at two decimals. */
function unknownNumbers(text: string, data: unknown): string[] {
  const known = new Set<string>();
  const visit = (key: string, value: unknown): void => {
    if (typeof value === 'number') {
      for (const shown of [Math.abs(value).toFixed(2), String(Number(value.toFixed(2)))]) known.add(shown);
    } else if (typeof value === 'string') {
      if (key !== 'paragraph') for (const digits of value.match(/\d+/g) ?? []) known.add(String(Number(digits)));
    } else if (value !== null && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) visit(name, inner);
    }
  };
  visit('', data);
  return (text.match(/\d+(\.\d+)?/g) ?? []).filter((shown) => !known.has(shown));
}

describe('table month', () => {
  test('is what explain says, and what statistics read', async () => {
    const ask = ['table', 'month', ...of];
    const csv = await pipeline.ok(...ask, '--format', 'csv');
    const [header, ...lines] = csv
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(header!.slice(0, 2)).toEqual(['uCode', 'uName']);
    const explained = await read<{ indicators: { code: string; value: number | null; score: number | null }[] }>(
      ...['explain', ...of, '--region', region],
    );
    const row = lines.find(([code]) => code === region)!;
    const scores = await read<{ units: { region_code: string; values: Record<string, number | null> }[] }>(
      ...[...ask, '--values', 'score'],
    );
    const own = scores.units.find(({ region_code }) => region_code === region)!;
    expect(header!.length).toBeGreaterThan(30);
    for (const { code, value, score } of explained.indicators) {
      const at = header!.indexOf(code);
      if (at >= 0) expect([code, row[at]]).toEqual([code, value === null ? '' : String(value)]);
      if (code in own.values) expect([code, own.values[code]]).toEqual([code, score]);
    }
    const data = schemeFile('month.csv', csv);
    const meta = schemeFile('meta.csv', await pipeline.ok(...ask, '--meta'));
    expect(await pipeline.ok('table', 'stats', '--data', data, '--meta', meta)).toContain(`单元 ${lines.length} 个`);
    await refused([...ask, '--values', 'rank'], '可选：value、shrunken、score');
  });
});

describe('changes', () => {
  interface Told {
    before: { period: string; score: number };
    after: { period: string; score: number };
    change: number;
    deduction: number;
    floor: number;
    indicators: {
      code: string;
      count: number;
      denominator: number;
      reference: number;
      before: { numerator: number | null } | null;
      percent: number | null;
      percent_reason: string | null;
    }[];
  }
  const ask = ['changes', ...of, '--region', region];
  const published = async (period: string) =>
    standingsOf(await read<Ranking>('rank', '--county', county.code, '--month', period))[region]!.score!;

  test('lead from the published score before to the published score, exactly', async () => {
    const told = await read<Told>(...ask);
    expect(told.before).toEqual({ period: '2025-08', score: await published('2025-08') });
    expect(told.after).toEqual({ period: month, score: await published(month) });
    const steps = told.indicators.reduce(
      (sum, { count, denominator, reference }) => sum + count + denominator + reference,
      0,
    );
    expect(steps + told.deduction + told.floor).toBeCloseTo(told.after.score - told.before.score, 9);
    expect(told.deduction).toBe(-5);
  });

  test('hide percentages on fewer than ten cases', async () => {
    const told = await read<Told>(...ask);
    const few = told.indicators.filter(({ before }) => before?.numerator != null && before.numerator < 10);
    expect(few.length).toBeGreaterThan(0);
    for (const { percent } of few) expect(percent).toBeNull();
    expect(told.indicators.some(({ percent_reason }) => percent_reason === '基数小于10，不计百分比')).toBe(true);
    expect(await pipeline.ok(...ask)).toContain('* 基数小于10，不计百分比');
  });

  test('refuse a base before the first month, unknown places and words', async () => {
    const first = ['changes', '--county', county.code, '--month', from, '--region', region];
    await refused(first, `2024-06 早于宜君县的起始月 ${from}`);
    await refused([...ask, '--against', 'week'], '--against week 不对，可选：month、year');
    await refused(['changes', ...of, '--region', '没有镇'], '没有区域 没有镇');
    await refused(['changes', ...of], '缺少 --region');
  });
});

describe('scheme sensitivity', () => {
  const ask = (...args: string[]) => pipeline.ok('scheme', 'sensitivity', ...of, '--draws', '500', ...args, ...json);

  test('starts from the published ranks and repeats itself byte for byte', async () => {
    const before = await stored();
    const text = await ask('--seed', '5');
    expect(await ask('--seed', '5')).toBe(text);
    expect(await ask('--seed', '6')).not.toBe(text);
    const { units, choices, removed } = JSON.parse(text) as Sensitivity;
    const published = standingsOf(await read<Ranking>('rank', ...of));
    for (const { region_code, score, rank } of units)
      expect({ score, rank }).toEqual(pickScore(published[region_code]!));
    expect(choices).toHaveLength(3);
    const codes = defaultScheme.dimensions.flatMap(({ indicators }) => indicators.map(({ code }) => code));
    expect(removed.map(({ code }) => code)).toEqual(codes);
    expect(await stored()).toEqual(before);
    expect(await pipeline.ok('scheme', 'sensitivity', ...of, '--draws', '100')).toContain('逐项剔除指标');
  });

  test('refuses numbers out of range', async () => {
    const args = ['scheme', 'sensitivity', ...of];
    await refused([...args, '--draws', '0'], '--draws 0 不对，应为 10 至 1000000 的整数');
    await refused([...args, '--draws', '-3'], '--draws -3 不对', '10 至 1000000 的整数');
    await refused([...args, '--draws', '99.5'], '整数');
    await refused([...args, '--spread', '2'], '--spread 2 不对，应为 0 至 1 的数');
    await refused([...args, '--seed', '一'], '--seed 一 不对');
  });
});

const pickScore = ({ score, rank }: Standing) => ({ score, rank });

describe('without-case', () => {
  const ask = ['without-case', ...of, '--case'];

  test('names what it does not find, and what it finds twice', async () => {
    await refused([...ask, 'jq-ma-1'], '没有编号为 jq-ma-1 的案件');
    await refused([...ask, 'SAME-1'], '2 个来源', 'station-a、station-b', '--source');
    await refused([...ask, 'SAME-1', '--source', 'station-c'], '来源 station-c 没有', 'station-a、station-b');
    await refused(['without-case', ...of], '缺少 --case');
  });

  test('says when a case touches nothing', async () => {
    expect(await pipeline.ok(...ask, 'SAME-1', '--source', 'station-a')).toContain('都不变');
  });

  test('foretells what its withdrawal then does, deductions included, and stores nothing', async () => {
    const before = await stored();
    const { units } = await read<{ units: UnitWithoutCase[] }>(...ask, killing.case_id);
    expect(await stored()).toEqual(before);
    const own = units.find(({ region_code }) => region_code === region)!;
    expect(own.deducted).toEqual({ before: 5, after: 0 });
    expect(own.indicators.map(({ code }) => code)).toContain('P03');
    const published = standingsOf(await read<Ranking>('rank', ...of));
    expectStandings(published, { ...published, ...sideOf(units, 'before') });

    await send({ ...killing, version: 2, op: 'retract', body: {} });
    await pipeline.ok('score', ...of);
    expectStandings(standingsOf(await read<Ranking>('rank', ...of)), { ...published, ...sideOf(units, 'after') });
    await refused([...ask, killing.case_id], '已由来源撤回');
  });
});

const sideOf = (units: MonthComparison['units'], side: 'before' | 'after'): Record<string, Standing> =>
  Object.fromEntries(units.map((unit) => [unit.region_code, unit[side]]));

describe('scheme what-if', () => {
  test('foretells what the scheme then does, and stores nothing', async () => {
    const file = schemeFile('other.yaml', trialScheme);
    const before = await stored();
    const { months } = await read<{ months: MonthComparison[] }>('scheme', 'what-if', file, ...of, '--months', '2');
    expect(await pipeline.ok('scheme', 'what-if', file, ...of)).toContain('Kendall');
    expect(await stored()).toEqual(before);
    expect(months.map(({ period }) => period)).toEqual([addMonths(month, -1), month]);
    expectStandings(standingsOf(await read<Ranking>('rank', ...of)), sideOf(months[1]!.units, 'before'));

    const scheme = parseScheme(trialScheme, { file });
    const document = JSON.stringify(scheme);
    const fromMonth = addMonths(month, -1);
    await pipeline.store.schemes.activate(county.code, { fromMonth, hash: schemeHash(scheme), document });
    for (const { period, units } of months) {
      await pipeline.ok('score', '--county', county.code, '--month', period);
      const ranking = await read<Ranking>('rank', '--county', county.code, '--month', period);
      expectStandings(standingsOf(ranking), sideOf(units, 'after'));
    }
  });

  test('refuses months before the first, and a missing file', async () => {
    const file = schemeFile('other.yaml', trialScheme);
    await refused(['scheme', 'what-if', file, ...of, '--months', '16'], '--months 16 太多', `自 ${from} 起`, '15 个月');
    await refused(['scheme', 'what-if', file, ...of, '--months', '0'], '--months 0 不对');
    await refused(['scheme', 'what-if', ...of], '后应为一至 6 个方案文件');
  });
});
