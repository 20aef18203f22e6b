import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, streams } from '@pingan/contracts';
import { frozenPrefix } from './backup.js';
import { caseTable } from './case-tables.js';
import { execute, insertRows, type Params, rows } from './client.js';
import type { Watermark } from './component-scope.js';
import { runRowTables } from './prune-runs.js';
import { publishedMonths } from './publications.js';

/** What is stored of a county. */
export interface CountyExtent {
  /** Number of cases by stream, whatever became of them. */
  cases: Record<Stream, number>;
  /** First and last month in which a case occurred, `YYYY-MM`; null without one. */
  span: { from: string; to: string } | null;
  /** Scored months, in order. */
  scored: string[];
  /** Of these, the ones that were ever published. */
  published: string[];
}

export async function countyExtent(client: ClickHouseClient, county: string): Promise<CountyExtent> {
  const parts = streams.map(
    (stream) => `SELECT '${stream}' AS stream, uniqExact(source, case_id) AS cases FROM ${caseTable(stream)}
      WHERE county = {county:String}`,
  );
  const [counted, span, scored, published] = await Promise.all([
    rows<{ stream: Stream; cases: string }>(client, parts.join(' UNION ALL '), { county }),
    rows<{ first: string; last: string }>(
      client,
      `SELECT formatDateTime(min(month), '%Y-%m') AS first, formatDateTime(max(month), '%Y-%m') AS last
      FROM intake WHERE county = {county:String} HAVING count() > 0`,
      { county },
    ),
    rows<{ month: string }>(
      client,
      `SELECT DISTINCT formatDateTime(period, '%Y-%m') AS month FROM run_current WHERE county = {county:String}
      ORDER BY month`,
      { county },
    ),
    publishedMonths(client, county),
  ]);
  const counts = new Map(counted.map((one) => [one.stream, Number(one.cases)]));
  const cases = Object.fromEntries(streams.map((stream) => [stream, counts.get(stream) ?? 0])) as Record<
    Stream,
    number
  >;
  const [found] = span;
  return {
    cases,
    span: found === undefined ? null : { from: found.first, to: found.last },
    scored: scored.map(({ month }) => month),
    published,
  };
}

/** What stays of a county whose data leave: its registration, where it starts again, and what was compared or published of it. */
const kept = ['counties', 'schemes', 'county_starts', 'run_published', 'reconciles'];

/** Tables of runs that name no county. Ids begin with the county's code and a hyphen, and no code has one. */
const byRun = [...runRowTables, 'kept_runs'];

/** Sums and searches over places: of no use when rows leave. The next comparison makes them again. */
const overPlaces = ['block_sums', 'version_conflicts', 'conflict_searches'];

/** Tables are found by their column, so that one that comes later is not forgotten. */
async function tablesWithCounty(client: ClickHouseClient): Promise<string[]> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT table AS name FROM system.columns AS c
    INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
    WHERE c.database = currentDatabase() AND c.name = 'county' AND t.engine LIKE '%MergeTree'
      AND NOT startsWith(c.table, '.inner') AND NOT startsWith(c.table, {frozen:String})
    ORDER BY name`,
    { frozen: frozenPrefix },
  );
  return found.map(({ name }) => name).filter((name) => !kept.includes(name) && !overPlaces.includes(name));
}

/** Rewrites the parts without the rows: what a person has removed is gone from the disk, not only hidden until the next merge. */
const remove = (client: ClickHouseClient, table: string, where: string, params: Params) =>
  execute(client, `ALTER TABLE ${table} DELETE WHERE ${where} SETTINGS mutations_sync = 2`, params);

/**
 * Removes everything that is stored of a county but its registration; nothing of it may be stored or computed meanwhile.
 * Repeatable after it was cut off.
 */
export async function clearCounty(client: ClickHouseClient, county: string): Promise<void> {
  for (const table of byRun)
    await remove(client, table, 'startsWith(run_id, {prefix:String})', { prefix: `${county}-` });
  for (const table of await tablesWithCounty(client))
    await remove(client, table, 'county = {county:String}', { county });
  for (const table of overPlaces) await execute(client, `TRUNCATE TABLE ${table}`, {});
}

/** Takes a county and its schemes out of the registry. */
export async function removeCounty(client: ClickHouseClient, code: string): Promise<void> {
  await remove(client, 'counties', 'code = {code:String}', { code });
  await remove(client, 'schemes', 'county = {code:String}', { code });
}

/** A county's messages before a position of a partition are left out. */
export interface CountyStart {
  county: string;
  topic: string;
  partition: number;
  position: number;
}

/** From the watermark on messages of the county count; those before are left out of every reading of the log. */
export async function noteStart(client: ClickHouseClient, county: string, watermark: Watermark): Promise<void> {
  const values = Object.entries(watermark).flatMap(([topic, positions]) =>
    positions.map((position, partition) => [county, topic, partition, position]),
  );
  await insertRows(client, {
    table: 'county_starts',
    columns: ['county', 'topic', 'kafka_partition', 'position'],
    values,
  });
}

export async function countyStarts(client: ClickHouseClient): Promise<CountyStart[]> {
  const found = await rows<{ county: string; topic: string; partition: number; place: string }>(
    client,
    `SELECT county, topic, kafka_partition AS partition, max(position) AS place FROM county_starts
    GROUP BY county, topic, partition`,
  );
  return found.map(({ place, ...start }) => ({ ...start, position: Number(place) }));
}
