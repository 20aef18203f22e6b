import { addMonths, topicOf } from '@pingan/contracts';
import { dashboards } from '@pingan/dashboards';
import { generateDemo } from '@pingan/demo-county';
import { builtinCounty } from '@pingan/regions';
import type { Run } from '@pingan/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeFigures } from './dashboards/figures.js';
import { FULL } from './harness/full.js';
import { type Answer, ask, expand, type PlacedSql, sqlOf, type Values } from './harness/grafana.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { handMadeRun } from './harness/runs.js';

const county = builtinCounty('610222')!;
const from = '2024-07';
const month = '2025-09';
const hostile = `x'\\" OR 1=1 --<b>{}\${county}\\`;

const longNames = ['黄河湿地自然保护区管理委员会乡', '七个字的街道名', 'Upper West Side'];

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
  // One after the other: of runs of a month the last one counts.
  for (const { head } of runs) await pipeline.store.runs.activate([head]);
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
  await addCounty('100005', handMadeRun({ county: '100005', period: month, names: longNames, scheme: 'a' }));
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
function faultsOf({ panel: own, variable, isAnnotation, sql }: PlacedSql, { columns, rows, text }: Answer): string[] {
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
    ...names.filter(
      (name) => !/\p{Script=Han}/u.test(name) && !variable && name !== 'time' && !(isAnnotation && name === 'text'),
    ),
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
  ['no month', { ...good, month: '2025-13' }],
  ['a county never scored', { ...good, county: '100003' }],
  ['400 townships and another scheme', { ...good, county: '100004', region: 'R7', scheme: 'b' }],
];
const furtherCases: typeof cases = [
  ['a month without a run', { ...good, month: '2031-01' }],
  ['empty variables', { county: '', month: '', region: '', unit: '', indicator: '', scheme: '' }],
  ['a single township', { ...good, county: '100001', region: 'R1' }],
  ['no population', { ...good, county: '100002', region: 'R1' }],
];

describe('every query', () => {
  const answersProperly = async (_: string, values: Values) => {
    const faults: Record<string, string[]> = {};
    for (const placed of every) {
      const found = await answer(placed, values).then(
        (got) => faultsOf(placed, got),
        (error: Error) => [error.message.slice(0, 400)],
      );
      if (found.length > 0) faults[`${placed.dashboard} ${placed.name}`] = found;
    }
    expect(faults).toEqual({});
  };
  test.each(cases)('answers properly with %s', answersProperly);
  test.each(furtherCases)('answers properly with %s', { tags: [FULL] }, answersProperly);

  test('shows something of the scored county, unless there is nothing to show', async () => {
    const empty: string[] = [];
    for (const placed of every) {
      const { rows } = await answer(placed, good);
      if (rows.length === 0) empty.push(`${placed.dashboard} ${placed.name}`);
    }
    const allowed = /^pingan-schemes |红线扣分|死信|对账|@/;
    expect(empty.filter((name) => !allowed.test(name))).toEqual([]);
    const other: Values = { ...good, county: '100004', scheme: 'b' };
    for (const placed of sqlOf(dashboards.find(({ uid }) => uid === 'pingan-schemes')!)) {
      expect((await answer(placed, other)).rows.length, placed.name).toBeGreaterThan(0);
    }
  });

  test.each([
    ['没有登记县', { ...good, county: '999999' }],
    ['没有 2031-01 的计分结果；已有 2024-07 至 ', { ...good, month: '2031-01' }],
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

test('a long name has places where its cell may break it, a short one stays as it is', async () => {
  const rows = await panel('pingan-ranking', '排名', { ...good, county: '100005' });
  const expected = ['黄河湿地自然保 护区管理委员会 乡', '七个字的街道名', 'Upper West Side'];
  expect(rows.map((row) => row.单位).sort()).toEqual(expected.sort());
});

describe('figures are those of the command line', () => describeFigures(() => ({ pipeline, panel, month, good })));
