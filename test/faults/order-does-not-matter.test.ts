/**
 * Promise: the order in which events arrive does not matter.
 *
 * Mechanism: an event carries the whole state of its case at one version, and the highest version wins; of one version
 * with two contents a fixed rule keeps one. Months that a late version moves a case out of or into are computed again.
 *
 * Excluded: a source whose versions do not grow with its changes, e.g. because its clock was set back: its older state wins.
 */
import type { County } from '@pingan/regions';
import { builtinCounty } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawMessage } from '../harness/kafka.js';
import { openPipeline, type Pipeline } from '../harness/pipeline.js';
import { randomOf, shuffled } from '../harness/random.js';
import { edgeCases } from '../harness/synthetic.js';

const inOrder = builtinCounty('610222')!;
const outOfOrder: County = { ...inOrder, code: 'MIX', name: '乱序县' };
const period = '2024-06';
const span = { from: '2024-01', months: 6, count: 1_500, seed: 21 };

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline({ env: { WINDOW_MESSAGES: '300' } });
  await pipeline.store.counties.save(inOrder);
  await pipeline.store.counties.save(outOfOrder);
});
afterAll(() => pipeline?.close());

const versionOf = ({ value }: RawMessage) => (JSON.parse(value.toString()) as { version: number }).version;

/** Versions that arrive after a higher one of their case. */
function overtaken(messages: readonly RawMessage[]): number {
  const highest = new Map<string, number>();
  let count = 0;
  for (const message of messages) {
    const version = versionOf(message);
    const before = highest.get(message.key) ?? 0;
    if (version < before) count++;
    highest.set(message.key, Math.max(before, version));
  }
  return count;
}

const tables = ['run_units', 'run_dimensions', 'run_indicators', 'run_deductions', 'run_priors'];

/** Drawn at random, by a seed that the county's code is part of. */
const drawn = ['score_low', 'score_high', 'rank_low', 'rank_high', 'p_best_quarter', 'p_worst_quarter', 'groups'];

/** Everything a county's index consists of, as text; the name of the run and of the county left out. */
async function indexOf({ code }: County): Promise<string> {
  const run = await pipeline.store.runs.current(code, period);
  const parts = await Promise.all([
    pipeline.command(
      `SELECT month, indicator, region_code, numerator, denominator FROM components FINAL
      WHERE county = '${code}' AND (numerator != 0 OR denominator != 0) ORDER BY ALL FORMAT TSV`,
    ),
    ...tables.map((table) =>
      pipeline.command(
        `SELECT * EXCEPT (run_id${table === 'run_units' ? `, ${drawn}` : ''}) FROM ${table} FINAL WHERE run_id = '${run!.run_id}' ORDER BY ALL FORMAT TSV`,
      ),
    ),
  ]);
  return parts.join('\n--\n');
}

test('shuffled, some of it twice, with scores taken in between: byte-equal index', async () => {
  const ordered = edgeCases({ county: inOrder, ...span });
  const random = randomOf(5);
  const same = edgeCases({ county: outOfOrder, ...span });
  const mixed = shuffled([...same, ...same.filter(() => random() < 0.2)], 8);
  expect(overtaken(ordered)).toBe(0);
  expect(overtaken(mixed)).toBeGreaterThan(500);

  await pipeline.kafka.send(ordered);
  for (let part = 0; part < 3; part++) {
    const size = Math.ceil(mixed.length / 3);
    await pipeline.kafka.send(mixed.slice(part * size, (part + 1) * size));
    await pipeline.kafka.caughtUp();
    await pipeline.ok('score', '--county', outOfOrder.code, '--month', period);
  }
  await pipeline.ok('score', '--county', inOrder.code, '--month', period);
  const expected = await indexOf(inOrder);
  expect(expected.length).toBeGreaterThan(10_000);
  expect(await indexOf(outOfOrder)).toBe(expected);
});
