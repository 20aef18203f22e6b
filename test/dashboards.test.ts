import { addMonths, topicOf } from '@pingan/contracts';
import { dashboards } from '@pingan/dashboards';
import { generateDemo } from '@pingan/demo-county';
import { builtinCounty } from '@pingan/regions';
import type { Run } from '@pingan/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, ask, expand, type PlacedSql, sqlOf, type Values } from './harness/grafana.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { handMadeRun } from './harness/runs.js';

const county = builtinCounty('610222')!;
const from = '2024-07';
const month = '2025-09';
const of = ['--county', county.code, '--month', month, '--format', 'json'];
const hostile = `x'\\" OR 1=1 --<b>{}\${county}\\`;

const good: Values = { county: county.code, month, region: '610222102', unit: '$__all', indicator: 'P01', scheme: 'x' };
const span = { from: Date.parse('2020-01-01') / 1000, to: Date.parse('2030-01-01') / 1000 };
const every = dashboards.flatMap(sqlOf);

let pipeline: Pipeline;
let send: (query: string) => Promise<Answer>;

const answers = new Map<string, Promise<Answer>>();

/** Pickers and the notices stand on several dashboards; what they answer is asked once. */
function answer(placed: PlacedSql, values: Values): Promise<Answer> {
  const sql = expand(placed.sql, values, span);
  const known = answers.get(sql) ?? send(sql);
  answers.set(sql, known);
  return known;
}

async function panel(dashboard: string, name: string, values: Values = good): Promise<Record<string, unknown>[]> {
  const placed = every.find((one) => one.dashboard === dashboard && one.name === name);
  if (!placed) throw new Error(`${dashboard} has no ${name}`);
  return (await answer(placed, values)).rows;
}

/** A county with nothing but runs. */
async function addCounty(code: string, ...runs: Run[]): Promise<void> {
  await pipeline.store.counties.save({ ...county, code, name: `县“${code}'<b>`, startMonth: from, demo: { seed: 1 } });
  await pipeline.store.runs.write(runs);
  await pipeline.store.runs.activate(runs.map(({ head }) => head));
}

beforeAll(async () => {
  pipeline = await openPipeline();
  send = (query) => ask(pipeline.env.CLICKHOUSE_URL!, pipeline.env.CLICKHOUSE_DATABASE!, query);
  await pipeline.store.counties.save({ ...county, startMonth: from, demo: null });
  const demo = generateDemo({ county, from, to: month, seed: 20_240_701 });
  await pipeline.kafka.send(demo.map(({ stream, key, value }) => ({ topic: topicOf(stream), key, value })));
  await pipeline.kafka.caughtUp();
  for (const period of [addMonths(month, -12), addMonths(month, -1), month]) {
    await pipeline.ok('score', '--county', county.code, '--month', period);
  }
  // Nobody scores the counties that are given their runs by hand.
  await Promise.all(Object.values(pipeline.services).map((service) => service.stop()));
  const names = ['东\'街"<b>镇</b>', 'undefined乡'];
  await addCounty('100001', handMadeRun({ county: '100001', period: month, names: ['独乡'], scheme: 'a' }));
  await addCounty(
    '100002',
    handMadeRun({ county: '100002', period: month, names, scheme: 'a', missing: 'no_population' }),
  );
  await addCounty('100003');
  const many = Array.from({ length: 400 }, (_, i) => `第${i + 1}乡`);
  const months = [addMonths(month, -1), month];
  await addCounty(
    '100004',
    ...months.flatMap((period) =>
      ['b', 'a'].map((scheme) => handMadeRun({ county: '100004', period, names: many, scheme })),
    ),
  );
});

afterAll(() => pipeline?.close());

/** What is wrong with an answer; nothing is what is wanted. */
function faultsOf({ panel: own, variable, sql }: PlacedSql, { columns, rows, text }: Answer): string[] {
  const names = columns.map(({ name }) => name);
  const limit = Number(/LIMIT (\d+)$/.exec(sql)?.[1]);
  const named = (own?.fieldConfig?.overrides ?? []).map(({ matcher }) => String(matcher.options));
  const isSeries = own?.targets?.some((target) => (target as { format?: number }).format === 0) ?? false;
  return [
    ...named.filter((name) => !names.includes(name)).map((name) => `no column ${name}`),
    ...(isSeries && !/^Date/.test(columns[0]!.type) ? [`first column is ${columns[0]!.type}`] : []),
    ...(variable && columns.length !== 2 ? ['not value and text'] : []),
    ...(rows.length > limit ? [`${rows.length} rows, limit ${limit}`] : []),
    ...(/"-?(nan|inf)"/.test(text) ? ['not a number'] : []),
    ...names.filter((name) => !/\p{Script=Han}/u.test(name) && !variable && name !== 'time'),
  ];
}

const unit = ['610222102', '610222103'];
const cases: ReadonlyArray<readonly [string, Values]> = [
  ['all units', good],
  ['one unit', { ...good, unit: '610222102' }],
  ['several units', { ...good, unit }],
  [
    'hostile values',
    { county: hostile, month: hostile, region: hostile, unit: [hostile, "'"], indicator: hostile, scheme: hostile },
  ],
  [
    'a hostile choice in a known month',
    { ...good, region: hostile, unit: hostile, indicator: hostile, scheme: hostile },
  ],
  ['an unknown county', { ...good, county: '999999' }],
  ['a month without a run', { ...good, month: '2031-01' }],
  ['no month', { ...good, month: '2025-13' }],
  ['empty variables', { county: '', month: '', region: '', unit: '', indicator: '', scheme: '' }],
  ['a single township', { ...good, county: '100001', region: 'R1' }],
  ['no population', { ...good, county: '100002', region: 'R1' }],
  ['a county never scored', { ...good, county: '100003' }],
  ['400 townships and another scheme', { ...good, county: '100004', region: 'R7', scheme: 'b' }],
];

describe('every query', () => {
  test.each(cases)('answers properly with %s', async (_, values) => {
    const faults: Record<string, string[]> = {};
    for (const placed of every) {
      const found = await answer(placed, values).then(
        (got) => faultsOf(placed, got),
        (error: Error) => [error.message.slice(0, 400)],
      );
      if (found.length > 0) faults[`${placed.dashboard} ${placed.name}`] = found;
    }
    expect(faults).toEqual({});
  });

  test('shows something of the scored county, unless there is nothing to show', async () => {
    const empty: string[] = [];
    for (const placed of every) {
      const { rows } = await answer(placed, good);
      if (rows.length === 0) empty.push(`${placed.dashboard} ${placed.name}`);
    }
    const allowed = /^pingan-schemes |红线扣分|死信|需要关注|不在图上|对账/;
    expect(empty.filter((name) => !allowed.test(name))).toEqual([]);
    const other: Values = { ...good, county: '100004', scheme: 'b' };
    for (const placed of sqlOf(dashboards.find(({ uid }) => uid === 'pingan-schemes')!)) {
      expect((await answer(placed, other)).rows.length, placed.name).toBeGreaterThan(0);
    }
  });

  test.each([
    ['没有登记县', { ...good, county: '999999' }],
    ['没有 2031-01 的计分结果;已有 2024-07 至 ', { ...good, month: '2031-01' }],
    ['还没有任何月份的计分结果', { ...good, county: '100003' }],
    ['只有一个单位有得分', { ...good, county: '100001' }],
    ['缺常住人口数', { ...good, county: '100002' }],
    ['为演示而编造', { ...good, county: '100002' }],
  ] as const)('gives the reason: %s', async (words, values) => {
    const rows = await panel('pingan-ranking', '数据说明', values);
    expect(rows.map((row) => String(row.说明).replace(/\s/g, '')).join()).toContain(words.replace(/\s/g, ''));
    const isEmpty = rows.some((row) => row.事项 === '没有数据');
    expect((await panel('pingan-ranking', '各等级单位数', values)).length > 0).toBe(!isEmpty);
    expect((await panel('pingan-ranking', '排名', values)).length > 0).toBe(!isEmpty);
  });
});

interface RankRow {
  region_code: string;
  name: string;
  score: number | null;
  rank: number | null;
  band_months: number | null;
  dimensions: Record<string, number | null>;
  interval: { rank: { low: number; high: number } } | null;
  deducted: number;
}
interface Indicator {
  code: string;
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  score: number | null;
  contribution: number;
}
interface Explained {
  score: number;
  rank: number;
  paragraph: string;
  change: { score: number; points: number; parts: { points: number }[] };
  indicators: Indicator[];
  context: Indicator[];
}

const read = async <T>(...args: string[]) => JSON.parse(await pipeline.ok(...args, ...of)) as T;
const near = (a: unknown, b: number | null) => (b === null ? expect(a).toBeNull() : expect(a).toBeCloseTo(b, 9));

describe('figures are those of the command line', () => {
  test('ranking', async () => {
    const { rows } = await read<{ rows: RankRow[] }>('rank');
    const shown = await panel('pingan-ranking', '排名');
    expect(shown.map((row) => row.单位)).toEqual(rows.map(({ name }) => name));
    for (const [at, row] of rows.entries()) {
      const own = shown[at]!;
      expect([own.名次, own.代码]).toEqual([row.rank, row.region_code]);
      near(own.总分, row.score);
      near(own.警情, row.dimensions.police!);
      near(own.舆情, row.dimensions.opinion!);
      near(own.扣分, row.deducted);
      const { low, high } = row.interval!.rank;
      expect(own.名次区间).toBe(low === high ? `${low}` : `${low}–${high}`);
    }
    const text = await pipeline.ok('rank', ...of.slice(0, 4));
    for (const { 单位, 不可区分, 等级, 总分 } of shown as Record<string, string>[]) {
      const line = text.split('\n').find((one) => one.includes(` ${单位} `))!;
      expect(line).toContain(` ${不可区分 === '' ? '—' : 不可区分} `);
      expect(line).toContain(等级);
      expect(line).toContain(Number(总分).toFixed(2));
    }
    const scores = rows.flatMap(({ score }) => (score === null ? [] : [score]));
    const [standing] = await panel('pingan-ranking', '全县平均分');
    near(standing!.全县平均分, scores.reduce((sum, score) => sum + score, 0) / scores.length);
    const counts = await panel('pingan-ranking', '各等级单位数');
    expect(counts.reduce((sum, row) => sum + Number(row.单位数), 0)).toBe(rows.length);
  });

  test('township', async () => {
    const told = await read<Explained>('explain', '--region', '610222102');
    const [standing] = await panel('pingan-township', '本月位置');
    expect(standing!.名次).toBe(told.rank);
    near(standing!.总分, told.score);
    const [more] = await panel('pingan-township', '升降与把握');
    near(more!.比上月, told.change.points);
    const [story] = await panel('pingan-township', '本月概况');
    expect(String(story!.概况).replace(/\s/g, '')).toBe(told.paragraph.replace(/\s/g, ''));
    const shown = await panel('pingan-township', '各项指标');
    const all = [...told.indicators, ...told.context];
    expect(shown.map((row) => row.代码).sort()).toEqual(all.map(({ code }) => code).sort());
    for (const { code, numerator, denominator, value, score, contribution } of all) {
      const own = shown.find((row) => row.代码 === code)!;
      for (const [a, b] of [
        [own.分子, numerator],
        [own.分母, denominator],
        [own.指标值, value],
        [own.得分, score],
        [own.贡献, contribution],
      ] as const)
        near(a, b);
    }
    const steps = await panel('pingan-township', '本月升降分解');
    const [first, last] = [steps[0]!, steps.at(-1)!];
    const end = (label: unknown) => Number(/^(?:上月|本月)总分 (.*)$/.exec(String(label))![1]);
    expect(Math.abs(end(first.步骤) - told.change.score)).toBeLessThan(0.0051);
    expect(Math.abs(end(last.步骤) - told.score)).toBeLessThan(0.0051);
    near(last.总分之差, told.change.points);
    // Each bar, put together from its pieces above and below zero, begins where the one before ended.
    let reached = 0;
    for (const { 升降, ...pieces } of steps.slice(1, -1) as Record<string, number>[]) {
      const sum = (...names: string[]) => names.reduce((total, name) => total + pieces[name]!, 0);
      const start = sum('起点', '起点(零下)');
      expect(Math.min(reached, reached + 升降!)).toBeCloseTo(start + sum('上升(零下)', '下降(零下)'), 9);
      expect(Math.max(reached, reached + 升降!)).toBeCloseTo(start + sum('上升', '下降'), 9);
      reached += 升降!;
    }
    expect(reached).toBeCloseTo(told.change.points, 9);
  });

  test('kinds, indicators and what came in', async () => {
    const [{ cases }] = (await pipeline.sql<{ cases: string }>(
      `SELECT toString(toUInt64(sum(numerator))) AS cases FROM components FINAL
      WHERE county = '610222' AND month = '${month}-01' AND indicator = 'cases:police.incident'`,
    )) as [{ cases: string }];
    const kinds = await panel('pingan-county', '类别 × 月份');
    expect(kinds.find((row) => row.类别 === '警情' && row.种类 === '记录类型')!.本月).toBe(Number(cases));

    const funnel = await panel('pingan-indicator', '各单位与控制限');
    const explained = await read<Explained>('explain', '--region', '610222102');
    near(
      funnel.find((row) => row.代码 === '610222102')!.原始值,
      explained.indicators.find(({ code }) => code === 'P01')!.value,
    );
    const shares = await panel('pingan-indicator', '各指标对排名的影响');
    expect(shares.reduce((sum, row) => sum + Number(row['影响份额%']), 0)).toBeCloseTo(100, 6);

    const [counted] = await pipeline.sql<{ cases: number; versions: number }>(
      `SELECT sum(n) AS cases, sum(v) AS versions FROM (
        SELECT uniqExact(source, case_id) AS n, uniqExact(source, case_id, version) AS v FROM police_cases
        WHERE toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) = '${month}-01' GROUP BY substring(region_code, 1, 9))`,
    );
    const [bars] = await panel('pingan-quality', '案件、更正与重复');
    expect([bars!.数据, bars!.案件, bars!.更正]).toEqual(['警情', counted!.cases, counted!.versions - counted!.cases]);
    expect(bars!.重复).toBeGreaterThan(0);
  });
});
