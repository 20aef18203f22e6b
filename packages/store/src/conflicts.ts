import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, streams } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { execute, insertRows, rows } from './client.js';
import type { VersionConflict } from './health.js';

/** Windows are stored out of order: what is in flight lies at most so far behind the newest place of its partition. */
const IN_FLIGHT = 100_000;

async function search(client: ClickHouseClient, stream: Stream): Promise<void> {
  const table = caseTable(stream);
  const known = await rows<{ partition: number; to: string }>(
    client,
    `SELECT kafka_partition AS partition, searched_to AS to FROM conflict_searches FINAL WHERE stream = {stream:String}`,
    { stream },
  );
  const searched = new Map(known.map(({ partition, to }) => [partition, Number(to)]));
  const lowest = searched.size === 0 ? 0 : Math.min(...searched.values());
  // The index on places passes over everything older than the lowest.
  const found = await rows<{ partition: number; to: string }>(
    client,
    `SELECT kafka_partition AS partition, max(kafka_offset) + 1 AS to FROM ${table}
    WHERE kafka_offset >= {lowest:UInt64} GROUP BY partition`,
    { lowest: Math.max(0, lowest - 1) },
  );
  const moved = found.filter(({ partition, to }) => Number(to) > (searched.get(partition) ?? 0));
  if (moved.length === 0) return;
  const since: number[] = [];
  for (const { partition } of found) since[partition] = Math.max(0, (searched.get(partition) ?? 0) - IN_FLIGHT);
  await execute(
    client,
    `INSERT INTO version_conflicts
    SELECT {stream:String}, county, source, case_id, version, uniqExact(digest) AS contents FROM ${table}
    WHERE (county, source, case_id) IN (
      SELECT county, source, case_id FROM ${table}
      WHERE kafka_offset >= {lowest:UInt64} AND kafka_offset >= arrayElement({since:Array(UInt64)}, kafka_partition + 1))
    GROUP BY county, source, case_id, version HAVING contents > 1`,
    { stream, lowest: Math.max(0, lowest - IN_FLIGHT), since: Array.from(since, (place) => place ?? 0) },
  );
  await insertRows(client, {
    table: 'conflict_searches',
    columns: ['stream', 'kafka_partition', 'searched_to'],
    values: moved.map(({ partition, to }) => [stream, partition, to]),
  });
}

/** Looks for conflicts among what was stored since the last search. Repeating it, or doing it twice at once, is harmless. */
export async function searchConflicts(client: ClickHouseClient): Promise<void> {
  for (const stream of streams) await search(client, stream);
}

/** Conflicts that searches have found, at most `limit` of them listed. */
export async function notedConflicts(
  client: ClickHouseClient,
  { limit }: { limit: number },
): Promise<{ total: number; conflicts: VersionConflict[] }> {
  const found = await rows<Omit<VersionConflict, 'contents'> & { contents: string; total: string }>(
    client,
    `SELECT stream, county, source, case_id, toString(version) AS version, contents, count() OVER () AS total
    FROM version_conflicts FINAL ORDER BY stream, county, source, case_id, version LIMIT {limit:UInt32}`,
    { limit },
  );
  return {
    total: Number(found[0]?.total ?? 0),
    conflicts: found.map(({ total: _, contents, ...row }) => ({ ...row, contents: Number(contents) })),
  };
}
