import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreCounty } from '@pingan/appraisal';
import { topicOf } from '@pingan/contracts';
import { generateDemo } from '@pingan/demo-county';
import { defaultScheme, type Scheme } from '@pingan/indicators';
import { builtinCounty } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { componentDifferences, inconsistencies, scoreDifferences } from './harness/compare.js';
import { FULL } from './harness/full.js';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { shuffled } from './harness/random.js';
import { redLineCases } from './harness/red-lines.js';
import { useScheme, writtenScheme } from './harness/schemes.js';
import { edgeCases } from './harness/synthetic.js';
import { bands, componentsOf, incidentsOf, ledgerOf, type Options, plain, type Sum, scoreOf } from './oracle/index.js';

const county = builtinCounty('610222')!;
const from = '2024-01';
/** The first month, months without and with a January behind them, the last one. */
const periods = ['2024-01', '2024-07', '2024-12', '2025-01', '2025-03'];

/** Points, thresholds and periods that the messages of `redLineCases` meet often. */
const demanding: Options = {
  trend: 0.3,
  deductions: {
    cap: 12,
    rules: [
      { id: 'veto', events: ['veto'], points: 7.5, doubled: ['2024-07-01', '2024-07-20'] },
      { id: 'many', events: ['accident', 'homicide'], points: 4, deaths: [3, 30] },
      { id: 'few', events: ['accident'], points: 1.5, free: 1, doubled: ['2024-12-15', '2025-01-10'] },
    ],
  },
  hysteresis: { points: 3, months: 3 },
  peerRanks: true,
};

const schemes: Record<string, Scheme> = {
  plain: writtenScheme('plain', plain),
  demanding: writtenScheme('demanding', demanding),
  proposed: defaultScheme,
};

interface PeriodRow {
  region_code: string;
  score: number | null;
  mean: number | null;
  vetoes: unknown[];
  grade: string | null;
}

let pipeline: Pipeline;
let messages: RawMessage[];
let sums: Map<string, Sum>;
let incidents: ReturnType<typeof incidentsOf>;
let expectedBad = 0;
/** Outputs of each scheme and period after the first loading. */
const firstOutputs = new Map<string, string>();

const of = (period: string) => ['--county', county.code, '--month', period];
const score = (period: string) => pipeline.ok('score', ...of(period));

/** The ranking as programs get it, and every row that is kept of it. */
async function outputOf(period: string): Promise<string> {
  const rank = await pipeline.ok('rank', ...of(period), '--format', 'json');
  const { run_id } = JSON.parse(rank) as { run_id: string };
  const { runs } = pipeline.store;
  const kept = [runs.units, runs.dimensions, runs.indicators, runs.deductions, runs.priors];
  return rank + JSON.stringify(await Promise.all(kept.map((read) => read(run_id))));
}

beforeAll(async () => {
  const demo = generateDemo({ county, from, to: '2025-03', seed: 20_240_701 });
  const own = [
    ...edgeCases({ county, from, months: 15, count: 1_500, seed: 11 }),
    ...redLineCases({ county, from, months: 15, count: 120, seed: 12 }),
  ];
  const all = [...demo.map(({ stream, key, value }) => ({ topic: topicOf(stream), key, value })), ...own];
  messages = [...all, ...shuffled(all, 5).slice(0, Math.round(all.length / 50))];
  const ledger = ledgerOf(messages, county);
  expectedBad = ledger.bad;
  sums = componentsOf(ledger.cases, county);
  incidents = incidentsOf(ledger.cases, county);
  pipeline = await openPipeline();
  await pipeline.store.counties.save(county);
  await useScheme(pipeline, county.code, schemes.plain!);
});

afterAll(() => pipeline?.close());

test('monthly components of shuffled versions equal a count by hand, also when months are touched again', async () => {
  const list = shuffled(messages, 1);
  const third = Math.ceil(list.length / 3);
  // Months are scored in between, so that later versions must take cases out of finished months again.
  for (let part = 0; part < 3; part++) {
    await pipeline.kafka.send(list.slice(part * third, (part + 1) * third));
    await pipeline.kafka.caughtUp();
    await score('2024-11');
  }
  expect(await componentDifferences(pipeline, county, sums)).toEqual([]);
  expect(sums.size).toBeGreaterThan(5_000);
});

test('messages that are no events are dead letters, each once', async () => {
  expect(expectedBad).toBeGreaterThan(10);
  const [row] = await pipeline.sql<{ n: number }>('SELECT count() AS n FROM dead_letters FINAL');
  expect(row?.n).toBe(expectedBad);
});

const expectedOf = { plain: { options: plain }, demanding: { options: demanding } };

const equalsHand = async (name: 'plain' | 'demanding') => {
  await useScheme(pipeline, county.code, schemes[name]!);
  const expected = scoreOf(county, sums.values(), periods.at(-1)!, { ...expectedOf[name], incidents });
  for (const period of periods) {
    const units = expected.get(period)!;
    expect(units.filter(({ score }) => score !== null).length).toBeGreaterThan(0);
    await score(period);
    expect(await scoreDifferences(pipeline, county, period, units)).toEqual([]);
    firstOutputs.set(`${name} ${period}`, await outputOf(period));
  }
  const all = [...expected.values()].flat();
  const rows = all.flatMap(({ indicators }) => indicators);
  // The demanding scheme must demand something, or the comparison above compares nothing.
  const demanded = [
    rows.some(({ trend }) => trend !== null),
    all.some(({ deductions }) => deductions.size > 1),
    all.some(({ score, band }) => score !== null && band !== bands.find(([, min]) => score >= min)![0]),
    all.some(({ bandMonths }) => bandMonths > 3),
  ];
  if (name === 'demanding') expect(demanded).toEqual([true, true, true, true]);
};
const title = 'scores, ranks, colours, deductions and every indicator by the %s scheme equal a calculation by hand';
test.each(['demanding'] as const)(title, equalsHand);
test.each(['plain'] as const)(title, { tags: [FULL] }, equalsHand);

test('a quarter and a year are means of months by hand; items and vetoes count, an unfinished year does not', async () => {
  await useScheme(pipeline, county.code, schemes.demanding!);
  await scoreCounty(pipeline.store, county, { nowMs: Date.parse('2025-04-10') });
  const expected = scoreOf(county, sums.values(), periods.at(-1)!, { options: demanding, incidents });
  const meanOf = (code: string, months: readonly string[]) => {
    const scores = months.map((month) => expected.get(month)!.find((unit) => unit.code === code)!.score);
    return scores.includes(null) ? null : scores.reduce<number>((sum, one) => sum + one!, 0) / scores.length;
  };
  const year = [...expected.keys()].filter((month) => month.startsWith('2024'));
  const read = async (...args: string[]) =>
    JSON.parse(await pipeline.ok(...args, '--county', county.code, '--format', 'json')) as { rows: PeriodRow[] };
  const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9));

  const { rows: quarter } = await read('quarter', '--period', '2024-Q3');
  expect(quarter.some(({ score }) => score !== null)).toBe(true);
  for (const { region_code, score } of quarter) expect(score).toEqual(near(meanOf(region_code, year.slice(6, 9))));

  const items = join(pipeline.home, 'items.csv');
  const [first, second] = county.regions.regions.filter(({ ranked }) => ranked);
  writeFileSync(
    items,
    `单位,事项,理由,分值\n${first!.name},群众安全感,低于全市平均,-2.5\n${second!.code},平安建设,隐瞒不报,一票否决\n`,
  );
  const { rows: graded } = await read('year', '--period', '2024', '--items', items);
  for (const { region_code, score, mean, vetoes, grade } of graded) {
    const own = meanOf(region_code, year);
    expect(mean).toEqual(near(own));
    expect(score).toEqual(near(own === null ? null : own - (region_code === first!.code ? 2.5 : 0)));
    const vetoed = incidents.some(({ unit, day, kind }) => unit === region_code && day < '2025' && kind === 'veto');
    expect(vetoes.length > 0).toBe(vetoed || region_code === second!.code);
    if (vetoes.length > 0) expect(grade).toBe('unqualified');
  }

  const bad = join(pipeline.home, 'bad.csv');
  writeFileSync(bad, '单位,事项,理由,分值\n没有的镇,事项,理由,多\n');
  const refused = [
    [['year', '--period', '2025'], '2025 年度不完整，不出结果：'],
    [['quarter', '--period', '2025-4'], '季度 2025-4 不对'],
    [['year', '--period', '2024', '--items', bad], '没有参加评分的单位 没有的镇'],
  ] as const;
  for (const [args, message] of refused) {
    const { status, stderr } = await pipeline.cli(...args, '--county', county.code);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
});

test('by the proposed scheme contributions less deductions are the score, and ranks lie in their intervals', async () => {
  await useScheme(pipeline, county.code, schemes.proposed!);
  for (const period of periods) {
    await score(period);
    expect(await inconsistencies(pipeline, county, period)).toEqual([]);
    firstOutputs.set(`proposed ${period}`, await outputOf(period));
  }
});

// From here on everything is compared with what the tests above kept in `firstOutputs`: they need the whole file.
test('the same messages in another order, in one go, give the same components', { tags: [FULL] }, async () => {
  await pipeline.close();
  // The zone of the machine is no input either.
  pipeline = await openPipeline({ env: { TZ: 'America/Los_Angeles' } });
  await pipeline.store.counties.save(county);
  await useScheme(pipeline, county.code, schemes.plain!);
  await pipeline.kafka.send(shuffled(messages, 2));
  await pipeline.kafka.caughtUp();
  await score(periods[0]!);
  expect(await componentDifferences(pipeline, county, sums)).toEqual([]);
});

test.each(Object.keys(schemes))(
  'and the same outputs by the %s scheme, byte for byte',
  {
    tags: [FULL],
  },
  async (name) => {
    await useScheme(pipeline, county.code, schemes[name]!);
    // Backwards, so that no month finds the ones before it already scored.
    for (const period of [...periods].reverse()) {
      await score(period);
      expect(await outputOf(period)).toBe(firstOutputs.get(`${name} ${period}`));
    }
  },
);
