import { topicOf } from '@pingan/contracts';
import { generateDemo } from '@pingan/demo-county';
import { builtinCounty } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { componentDifferences, scoreDifferences } from './harness/compare.js';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { shuffled } from './harness/random.js';
import { edgeCases } from './harness/synthetic.js';
import { componentsOf, ledgerOf, type Sum, scoreOf } from './oracle/index.js';

const county = builtinCounty('610222')!;
const from = '2024-07';
/** The first month, months without and with a January behind them, the last one. */
const periods = ['2024-07', '2024-12', '2025-01', '2025-05', '2025-09'];

let pipeline: Pipeline;
let messages: RawMessage[];
let sums: Map<string, Sum>;
let expectedBad = 0;
/** `rank --format json` of each period after the first loading. */
const firstRanks = new Map<string, string>();

const of = (period: string) => ['--county', county.code, '--month', period];
const rank = (period: string) => pipeline.ok('rank', ...of(period), '--format', 'json');
const score = (period: string) => pipeline.ok('score', ...of(period));

beforeAll(async () => {
  const demo = generateDemo({ county, from, to: '2025-09', seed: 20_240_701 });
  const own = edgeCases({ county, from, months: 15, count: 1_500, seed: 11 });
  const all = [...demo.map(({ stream, key, value }) => ({ topic: topicOf(stream), key, value })), ...own];
  messages = [...all, ...shuffled(all, 5).slice(0, Math.round(all.length / 50))];
  const ledger = ledgerOf(messages, county);
  expectedBad = ledger.bad;
  sums = componentsOf(ledger.cases, county);
  pipeline = await openPipeline();
  await pipeline.store.counties.save(county);
});

afterAll(() => pipeline?.close());

test('monthly components of shuffled versions equal a count by hand, also when months are touched again', async () => {
  const list = shuffled(messages, 1);
  const third = Math.ceil(list.length / 3);
  // Months are scored in between, so that later versions must take cases out of finished months again.
  for (let part = 0; part < 3; part++) {
    await pipeline.kafka.send(list.slice(part * third, (part + 1) * third));
    await pipeline.kafka.caughtUp();
    await score('2025-05');
  }
  expect(await componentDifferences(pipeline, county, sums)).toEqual([]);
  expect(sums.size).toBeGreaterThan(5_000);
});

test('messages that are no events are dead letters, each once', async () => {
  expect(expectedBad).toBeGreaterThan(10);
  const [row] = await pipeline.sql<{ n: number }>('SELECT count() AS n FROM dead_letters FINAL');
  expect(row?.n).toBe(expectedBad);
});

test.each(periods)('scores, ranks, bands and every indicator of %s equal a calculation by hand', async (period) => {
  await score(period);
  const expected = scoreOf(county, sums.values(), period);
  expect(expected.filter(({ score }) => score !== null).length).toBeGreaterThan(0);
  firstRanks.set(period, await rank(period));
  expect(await scoreDifferences(pipeline, county, period, expected)).toEqual([]);
});

test('the same messages in another order, in one go, give the same ranking byte for byte', async () => {
  await pipeline.close();
  pipeline = await openPipeline();
  await pipeline.store.counties.save(county);
  await pipeline.kafka.send(shuffled(messages, 2));
  await pipeline.kafka.caughtUp();
  expect(firstRanks.size).toBe(periods.length);
  for (const period of periods) await score(period);
  const ranks = await Promise.all(periods.map(rank));
  for (const [i, period] of periods.entries()) expect(ranks[i]).toBe(firstRanks.get(period));
  expect(await componentDifferences(pipeline, county, sums)).toEqual([]);
});
