import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, topicOf } from '@pingan/contracts';
import { bodyColumns } from './case-columns.js';
import { caseTable } from './case-tables.js';
import { execute, insertRows, rows } from './client.js';
import { offsetsOf, type Watermark } from './component-scope.js';
import { belowWatermark } from './current-cases.js';

/** One source of one county. */
export interface SourceKey {
  stream: Stream;
  county: string;
  source: string;
}

export interface StoredVersion {
  case_id: string;
  version: number;
  digest: bigint;
}

export const ofSource = 'county = {county:String} AND source = {source:String}';
const inVersions = 'version >= {from:UInt64} AND version < {to:UInt64}';

/** How many versions of a source lie in a range. */
export async function countVersions(
  client: ClickHouseClient,
  { stream, ...key }: SourceKey,
  range: { from: number; to: number },
): Promise<number> {
  const [found] = await rows<{ n: string }>(
    client,
    `SELECT count() AS n FROM ${caseTable(stream)} WHERE ${ofSource} AND ${inVersions}`,
    { ...key, ...range },
  );
  return Number(found?.n ?? 0);
}

/** Rows of one answer: its text is held at once. */
const PAGE = 50_000;

/** The versions of a source in a range, by case and version; a version with two contents stands twice. */
export async function* versionsIn(
  client: ClickHouseClient,
  { stream, ...key }: SourceKey,
  range: { from: number; to: number },
): AsyncGenerator<StoredVersion[]> {
  let after = { case_id: '', version: 0, digest: '0' };
  for (;;) {
    const page = await rows<{ case_id: string; version: string; digest: string }>(
      client,
      `SELECT DISTINCT case_id, version, digest FROM ${caseTable(stream)}
      WHERE ${ofSource} AND ${inVersions}
        AND (case_id, version, digest) > ({case_id:String}, {version:UInt64}, {digest:UInt64})
      ORDER BY case_id, version, digest LIMIT {limit:UInt32}`,
      { ...key, ...range, ...after, limit: PAGE },
    );
    if (page.length > 0) {
      yield page.map(({ case_id, version, digest }) => ({ case_id, version: Number(version), digest: BigInt(digest) }));
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { case_id: last.case_id, version: Number(last.version), digest: last.digest };
  }
}

/** Notes what a delivery has sent, for `accountOf`. */
export function noteSent(
  client: ClickHouseClient,
  delivery: string,
  sent: readonly { case_id: string; version: number }[],
): Promise<void> {
  return insertRows(client, {
    table: 'delivery_rows',
    columns: ['delivery', 'case_id', 'version'],
    values: sent.map(({ case_id, version }) => [delivery, case_id, version]),
  });
}

export async function countNoted(client: ClickHouseClient, delivery: string): Promise<number> {
  const [size] = await rows<{ n: string }>(
    client,
    'SELECT count() AS n FROM delivery_rows WHERE delivery = {delivery:String}',
    { delivery },
  );
  return Number(size?.n ?? 0);
}

/** Rows nobody forgot, because the command was killed, are gone after a day by themselves. */
export async function forgetSent(client: ClickHouseClient, delivery: string): Promise<void> {
  await execute(client, 'ALTER TABLE delivery_rows DROP PARTITION {delivery:String}', { delivery });
}

export interface DeliveryScope extends SourceKey {
  timeZone: string;
  delivery: string;
  /** Next positions when the first event was sent, and when the last one was stored. */
  before: Watermark;
  after: Watermark;
  /** Versions beyond it are ahead of the clock. */
  now: number;
}

/** One case of a delivery that somebody should look at. */
export interface CaseNote {
  case_id: string;
  /** What it is now, and, for one that moved, was before. */
  region: string;
  month: string;
  region_before: string;
  month_before: string;
  version: number;
  /** Rows of the delivery. */
  sent: number;
}

/** What became of the cases of a delivery. */
export interface DeliveryAccount {
  /** Versions sent, each once, and those of them that are in no case table. */
  versions: number;
  missing: number;
  cases: number;
  /** Cases nobody had heard of; cases that say something else than before; cases as they were. */
  fresh: number;
  changed: number;
  unchanged: number;
  /** Of the changed ones: to another month or region; withdrawn. */
  moved: number;
  retracted: number;
  /** Cases whose state is that of a newer version; of these, of one ahead of the clock. */
  overtaken: number;
  ahead: number;
  /** Cases whose version was stored with other content, which counts by the fixed rule. */
  tied: number;
  /** Cases in several rows, and those rows. */
  shared: number;
  sharedRows: number;
  examples: Record<'moved' | 'overtaken' | 'tied' | 'shared', CaseNote[]>;
  /** Events that became dead letters, by reason. */
  letters: { reason: string; count: number }[];
}

/** Cases of one statement: a join holds as much of them. */
export const CASES_PER_STATEMENT = 100_000;
export const EXAMPLES = 5;

/** Everything a case says; not when it was recorded, which for many ledgers is the time of the delivery. */
const contentOf = (stream: Stream): string =>
  `sipHash64(toString(tuple(record_type, op, region_code, occurred_at, occurred_precision, ${bodyColumns[stream]
    .map(({ name }) => name)
    .join(', ')})))`;

const inBucket = 'cityHash64(case_id) % {buckets:UInt32} = {bucket:UInt32}';
/** What was noted of a delivery, the part of one statement. */
export const sentRows = `delivery_rows WHERE delivery = {delivery:String} AND ${inBucket}`;

/**
 * One row for each case of the delivery: the state that counted before it and counts now, by the readers' fixed order.
 * `top`: the greatest version sent.
 */
const statesOf = (stream: Stream): string => `SELECT case_id, any(sent.top) AS top, any(sent.n) AS n,
    countIf(is_before) > 0 AS was_known,
    argMaxIf(state, place, is_before) AS was, argMax(state, place) AS is,
    max(place).1 AS version,
    argMaxIf(content, place, version_here = sent.top) AS content_sent,
    groupUniqArrayIf(content, version_here = sent.top AND NOT is_before) AS contents_new
  FROM (
    SELECT case_id, version AS version_here, ${contentOf(stream)} AS content,
      (version, op = 'retract', digest) AS place,
      kafka_offset < arrayElement({before:Array(UInt64)}, kafka_partition + 1) AS is_before,
      (content, region_code, formatDateTime(occurred_at, '%Y-%m', {tz:String}), op) AS state
    FROM ${caseTable(stream)}
    WHERE ${ofSource} AND ${belowWatermark} AND case_id IN (SELECT case_id FROM ${sentRows})
  ) AS c INNER JOIN (SELECT case_id, max(version) AS top, count() AS n FROM ${sentRows} GROUP BY case_id) AS sent
    USING case_id
  GROUP BY case_id`;

const judged = (stream: Stream): string => `SELECT case_id, n, version, was, is, was_known,
    version > top AND is.1 != content_sent AS is_overtaken,
    NOT is_overtaken AND version = top AND notEmpty(contents_new) AND NOT has(contents_new, is.1) AS is_tied,
    NOT is_overtaken AND NOT is_tied AS is_taken,
    is_taken AND was_known AND was.1 != is.1 AS is_changed,
    is_changed AND (was.2 != is.2 OR was.3 != is.3) AS is_moved
  FROM (${statesOf(stream)})`;

const countsOf = (stream: Stream): string => `SELECT count() AS cases, countIf(is_taken AND NOT was_known) AS fresh,
    countIf(is_changed) AS changed, countIf(is_taken AND was_known AND was.1 = is.1) AS unchanged,
    countIf(is_moved) AS moved, countIf(is_changed AND is.4 = 'retract') AS retracted,
    countIf(is_overtaken) AS overtaken, countIf(is_overtaken AND version > {now:UInt64}) AS ahead,
    countIf(is_tied) AS tied, countIf(n > 1) AS shared, sumIf(n, n > 1) AS sharedRows
  FROM (${judged(stream)})`;

const examplesOf = (stream: Stream): string => `SELECT arrayJoin(arrayFilter(x -> x.2, [('moved', is_moved),
      ('overtaken', is_overtaken), ('tied', is_tied), ('shared', n > 1)])).1 AS kind,
    case_id, is.2 AS region, is.3 AS month, was.2 AS region_before, was.3 AS month_before, version, n AS sent
  FROM (${judged(stream)}) ORDER BY kind, case_id LIMIT {examples:UInt32} BY kind`;

const missingOf = (stream: Stream): string => `SELECT count() AS versions, countIf(NOT stored) AS missing FROM (
    SELECT (case_id, version) IN (SELECT case_id, version FROM ${caseTable(stream)}
      WHERE ${ofSource} AND ${belowWatermark} AND case_id IN (SELECT case_id FROM ${sentRows})) AS stored
    FROM (SELECT DISTINCT case_id, version FROM ${sentRows}))`;

const counted = [
  'cases',
  'fresh',
  'changed',
  'unchanged',
  'moved',
  'retracted',
  'overtaken',
  'ahead',
  'tied',
  'shared',
  'sharedRows',
  'versions',
  'missing',
] as const;

type Counts = Pick<DeliveryAccount, (typeof counted)[number]>;

/** Letters whose key begins with county and source, between two positions. */
async function lettersOf(client: ClickHouseClient, scope: DeliveryScope): Promise<DeliveryAccount['letters']> {
  const { stream, county, source, before, after } = scope;
  const found = await rows<{ reason: string; count: string }>(
    client,
    `SELECT reason, count() AS count FROM dead_letters FINAL
    WHERE topic = {topic:String} AND startsWith(ifNull(key, ''), {prefix:String}) AND ${belowWatermark}
      AND kafka_offset >= arrayElement({before:Array(UInt64)}, kafka_partition + 1)
    GROUP BY reason ORDER BY count DESC, reason`,
    {
      topic: topicOf(stream),
      prefix: `${county}/${source}/`,
      before: offsetsOf(before, stream),
      watermark: offsetsOf(after, stream),
    },
  );
  return found.map(({ reason, count }) => ({ reason, count: Number(count) }));
}

/** What became of everything that was noted for a delivery, asked in statements of bounded size. */
export async function accountOf(client: ClickHouseClient, scope: DeliveryScope): Promise<DeliveryAccount> {
  const { stream, county, source, timeZone, delivery, before, after, now } = scope;
  const totals = Object.fromEntries(counted.map((name) => [name, 0])) as unknown as Counts;
  const examples: DeliveryAccount['examples'] = { moved: [], overtaken: [], tied: [], shared: [] };
  const buckets = Math.max(1, Math.ceil((await countNoted(client, delivery)) / CASES_PER_STATEMENT));
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const params = {
      ...{ county, source, tz: timeZone, delivery, buckets, bucket, now, examples: EXAMPLES },
      before: offsetsOf(before, stream),
      watermark: offsetsOf(after, stream),
    };
    const [counts] = await rows<Record<string, string>>(client, countsOf(stream), params);
    const [missing] = await rows<Record<string, string>>(client, missingOf(stream), params);
    const found = { ...counts, ...missing };
    for (const name of counted) totals[name] += Number(found[name] ?? 0);
    const notes = await rows<CaseNote & { kind: keyof typeof examples; version: string; sent: string }>(
      client,
      examplesOf(stream),
      params,
    );
    for (const { kind, version, sent, ...note } of notes) {
      if (examples[kind].length < EXAMPLES) {
        examples[kind].push({ ...note, version: Number(version), sent: Number(sent) });
      }
    }
  }
  return { ...totals, examples, letters: totals.missing > 0 ? await lettersOf(client, scope) : [] };
}
