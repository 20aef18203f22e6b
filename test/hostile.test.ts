import { schemaIds, streamOfSchema, topicOf } from '@pingan/contracts';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mutatedBytes, SEED } from './fuzz/events.js';
import { countyFrom, monthsAgo } from './harness/account.js';
import { allTextBelow } from './harness/files.js';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { messageOf } from './harness/synthetic.js';

// Mutated messages lie in any month; one of them is enough to score.
const county = countyFrom(monthsAgo(1));
const month = '2026-09';
const regions = county.regions.regions.map(({ code }) => code);

/** What somebody would call a township, a case or a reason who wants to run something at the reader's. */
const formula = "=cmd|'/C calc'!A0";
const steering = '\u001b[2J\u001b]0;owned\u0007';
const ids = [
  formula,
  '@SUM(1+1)*cmd',
  '"; DROP TABLE police_cases; --',
  "x') OR 1=1 --",
  '\u202egnp.exe',
  'a\u2028b',
  '{"msg":"fake"}',
  '案'.repeat(128),
  '%s%n$(id)`id`',
];

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
  await pipeline.store.counties.save(county);
});
afterAll(() => pipeline?.close());

/** Per record type; a message the broker itself refuses never gets into the log. */
const PER_SCHEMA = 200;
const BROKER_LIMIT = 900_000;

/** The broker's limit is one of batches. */
function batchesOf(values: readonly Buffer[]): Buffer[][] {
  const batches: Buffer[][] = [];
  let bytes = BROKER_LIMIT;
  for (const value of values) {
    bytes += value.length + 100;
    if (bytes > BROKER_LIMIT) {
      batches.push([]);
      bytes = value.length + 100;
    }
    batches.at(-1)!.push(value);
  }
  return batches;
}

interface Place {
  partition: number;
  offset: number;
}

test('thousands of mutated messages: each is stored or a dead letter, none is lost, none stops the others', async () => {
  const sent = new Map<string, Buffer[]>();
  for (const schema of schemaIds) {
    const topic = topicOf(streamOfSchema[schema]);
    const values = fc.sample(mutatedBytes(schema, regions), { seed: SEED, numRuns: PER_SCHEMA });
    const small = values.filter(({ length }) => length < BROKER_LIMIT);
    sent.set(topic, [...(sent.get(topic) ?? []), ...small]);
  }
  let total = 0;
  for (const [topic, values] of sent) {
    total += values.length;
    // One partition and one order: the offset of a message is its place in the list.
    for (const batch of batchesOf(values)) {
      await pipeline.kafka.send(
        batch.map((value): RawMessage => ({ topic, key: 'fuzz', value })),
        { partition: 0 },
      );
    }
  }
  await pipeline.kafka.caughtUp();

  const account = { stored: 0, dead: 0, lost: [] as string[] };
  for (const [topic, values] of sent) {
    const table = `${topic.slice('pingan.'.length)}_cases`;
    const stored = await pipeline.sql<Place>(`SELECT kafka_offset AS offset FROM ${table}`);
    const versions = await pipeline.sql<Version>(`SELECT DISTINCT county, source, case_id, version FROM ${table}`);
    const dead = await pipeline.sql<Place>(`SELECT kafka_offset AS offset FROM dead_letters WHERE topic = '${topic}'`);
    const [storedAt, deadAt] = [stored, dead].map((places) => new Set(places.map(({ offset }) => offset)));
    const known = new Set(versions.map(textOf));
    for (const [offset, value] of values.entries()) {
      if (deadAt!.has(offset)) account.dead += 1;
      else if (storedAt!.has(offset) || known.has(versionIn(value))) account.stored += 1;
      else account.lost.push(`${topic} ${offset} ${value.subarray(0, 200).toString()}`);
    }
    expect([...deadAt!].filter((offset) => storedAt!.has(offset))).toEqual([]);
  }
  expect(account.lost).toEqual([]);
  expect(account.stored + account.dead).toBe(total);
  expect(Math.min(account.stored, account.dead)).toBeGreaterThan(500);
  expect(await pipeline.cli('reconcile')).toMatchObject({ status: 0 });
});

interface Version {
  county: string;
  source: string;
  case_id: string;
  version: number;
}

const textOf = ({ county: code, source, case_id, version }: Version) =>
  JSON.stringify([code, source, case_id, version]);

/** The version a message is about, as text; empty for what is no object. */
function versionIn(value: Buffer): string {
  try {
    return textOf(JSON.parse(value.toString()) as Version);
  } catch {
    return '';
  }
}

/** A line as it was printed: nothing that steers a terminal or turns the text round. */
function expectHarmless(text: string): void {
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
}

test('crafted ids, names and reasons break no table, no CSV, no log line and no statement', async () => {
  const [first] = county.regions.regions.filter(({ ranked }) => ranked);
  const named = county.regions.regions.map((region) =>
    region === first ? { ...region, name: `${formula},"\n${steering}`, aliases: [] } : region,
  );
  const hostile = { ...county, code: 'BAD', name: `坏县${steering}`, demo: null, startMonth: month };
  await pipeline.store.counties.save({ ...hostile, regions: { ...county.regions, regions: named } });
  const incident = (caseId: string, changes: Record<string, unknown> = {}) =>
    messageOf({
      schema: 'red_line.event/1',
      county: 'BAD',
      source: 'hostile',
      case_id: caseId,
      version: 1,
      op: 'upsert',
      region_code: first!.code,
      occurred_at: `${month}-10T08:00:00+08:00`,
      recorded_at: `${month}-10T09:00:00+08:00`,
      body: { kind: 'veto' },
      ...changes,
    });
  await pipeline.kafka.send([
    ...ids.map((id) => incident(id)),
    // The same id at the same version with another content is a conflict, which status lists.
    ...ids.map((id) => incident(id, { body: { kind: 'homicide' } })),
    incident('detail', { region_code: `R${'\u009b'}31m` }),
    incident('detail', { body: { kind: `${steering}\n2026 INFO fake line` } }),
    { topic: topicOf('mediation'), key: `${steering}\nkey`, value: `{"schema":"${steering}"}` },
  ]);
  await pipeline.kafka.caughtUp();
  const at = ['--county', 'BAD', '--month', month];
  await pipeline.ok('score', ...at);

  const letters = await pipeline.store.deadLetters.list(3);
  const commands = [
    ['status'],
    ['rank', ...at],
    ['rank', ...at, '--format', 'json'],
    ['explain', ...at, '--region', first!.code],
    ['changes', ...at, '--region', first!.code],
    ...ids.slice(0, 4).map((id) => ['without-case', ...at, '--case', id]),
    ['without-case', ...at, '--case', `${steering}\n`],
    ['rank', '--county', `${steering}'; DROP TABLE counties`, '--month', month],
    ['rank', '--county', 'BAD', '--month', `${steering}`],
    ['explain', ...at, '--region', `${steering}"`],
    ['dead-letter', 'list'],
    ...letters.map(({ id }) => ['dead-letter', 'show', id]),
    ['dead-letter', 'show', `x' OR 1=1 --${steering}`],
    ['dead-letter', 'replay', '--reason', 'invalid_event', '--dry-run'],
    ['reconcile', '--county', 'BAD'],
    ['county', 'add', '--code', 'BAD', '--name', `坏县\n假行`, '--regions', 'regions.csv'],
    [`${steering}`],
    ['rank', `--${steering}`],
  ];
  for (const args of commands) {
    const { stdout, stderr, status } = await pipeline.cli(...args);
    expectHarmless(stdout + stderr);
    // Producers do not run here, and status says so.
    expect(args[0] === 'status' ? [3] : [0, 2], `${args.join(' ')}: ${stderr}`).toContain(status);
  }

  // A row of a table is one line, whatever its texts hold.
  const ranking = await pipeline.ok('rank', ...at);
  const units = county.regions.regions.filter(({ ranked }) => ranked).length;
  const body = ranking.split('\n').slice(ranking.split('\n').findIndex((line) => line.startsWith('─')) + 1);
  expect(body.slice(0, units).every((line) => !line.startsWith('方案') && line !== '')).toBe(true);
  expect(body[units]).toMatch(/^(注意|方案|名次区间|本月没有一个单位有得分)/);

  const csv: string[][] = parse(await pipeline.ok('rank', ...at, '--format', 'csv'), { bom: true });
  expect(csv.length).toBe(units + 1);
  for (const cell of csv.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  expect(csv.flat().some((cell) => cell.startsWith(`'${formula}`))).toBe(true);

  for (const line of allTextBelow(`${pipeline.home}/logs`).split('\n').filter(Boolean)) {
    expectHarmless(line);
    expect(JSON.parse(line)).toMatchObject({ service: expect.any(String), msg: expect.any(String) });
  }
  const [row] = await pipeline.sql<{ n: number }>(
    `SELECT uniqExact(case_id) AS n FROM mediation_cases WHERE county = 'BAD'`,
  );
  expect(row?.n).toBe(ids.length);
});
