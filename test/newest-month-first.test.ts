import { addMonths, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { builtinCounty, lastCompleteMonth } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { settled } from './harness/settled.js';

/*
 * While events keep coming the newest month is ranked anew again and again, earlier ones seldom. None is forgotten: nobody
 * asks for scores here but the services themselves, and the scorer's own look at every county is switched off.
 */

const newest = lastCompleteMonth(Date.now(), 'Asia/Shanghai');
const from = addMonths(newest, -5);
const county = { ...builtinCounty('610222')!, startMonth: from };
const ROUNDS = 6;
const AN_HOUR = 3_600_000;

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline({ only: { scorer: { SWEEP_MS: String(AN_HOUR) } } });
  await pipeline.store.counties.save(county);
});
afterAll(() => pipeline?.close());

const events = (seed: number, count: number): RawMessage[] =>
  Array.from(loadStream({ county, seed, count, from, months: 6, knownAt: Date.now() }), ({ stream, key, value }) => ({
    topic: topicOf(stream),
    key,
    value: value.replaceAll('"source":"', `"source":"round-${seed}-`),
  }));

const runsOf = async (month: string): Promise<number> => {
  const [row] = await pipeline.sql<{ n: number }>(
    `SELECT uniqExact(run_id) AS n FROM runs WHERE county = '${county.code}' AND period = '${month}-01'`,
  );
  return row!.n;
};

test('under a stream of events the newest month comes first and every month in the end', async () => {
  await pipeline.kafka.send(events(0, 3_000));
  await settled(pipeline, county);
  const before = { newest: await runsOf(newest), first: await runsOf(from) };
  for (let round = 1; round <= ROUNDS; round += 1) {
    await pipeline.kafka.send(events(round, 60));
    const seen = await runsOf(newest);
    await until('the newest month is ranked anew', async () => (await runsOf(newest)) > seen, { everyMs: 50 });
  }
  await settled(pipeline, county);
  const after = { newest: await runsOf(newest), first: await runsOf(from) };
  expect(after.newest - before.newest).toBeGreaterThanOrEqual(ROUNDS);
  expect(after.first - before.first).toBeGreaterThan(0);
  expect(after.first - before.first).toBeLessThanOrEqual(after.newest - before.newest);
});
