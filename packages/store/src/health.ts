import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, streams } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { rows } from './client.js';

export interface StreamFreshness {
  county: string;
  stream: Stream;
  /** Stored rows, versions counted one by one. */
  versions: number;
  /**
   * Newest occurrence and newest storing, ISO 8601 in UTC. What was in the future when it was stored (it is refused now, and
   * may be stored from before) is no occurrence; null where there is nothing else.
   */
  last_occurred_at: string | null;
  last_stored_at: string;
}

export async function streamFreshness(client: ClickHouseClient): Promise<StreamFreshness[]> {
  const parts = await Promise.all(
    streams.map((stream) =>
      rows<{ county: string; versions: string; last_occurred_at: string | null; last_stored_at: string }>(
        client,
        // Counting reads nothing but the first column of the key; the rest is counted when it is stored.
        `SELECT county, versions, last_occurred_at, last_stored_at
        FROM (SELECT county, count() AS versions FROM ${caseTable(stream)} GROUP BY county) AS c
        LEFT JOIN (
          SELECT toString(county) AS county, maxOrNullIf(last_occurred_at, last_occurred_at > toDateTime64(0, 3, 'UTC')) AS last_occurred_at, max(last_stored_at) AS last_stored_at
          FROM intake WHERE stream = {stream:String} GROUP BY county) AS i USING county
        ORDER BY county`,
        { stream },
      ).then((found) => found.map((row) => ({ ...row, stream, versions: Number(row.versions) }))),
    ),
  );
  return parts
    .flat()
    .sort((a, b) => a.county.localeCompare(b.county) || streams.indexOf(a.stream) - streams.indexOf(b.stream));
}

export interface VersionConflict {
  stream: Stream;
  county: string;
  source: string;
  case_id: string;
  version: string;
  contents: number;
}

/** Versions of cases that were delivered with different contents, at most `limit` per stream. */
export async function versionConflicts(
  client: ClickHouseClient,
  options: { county?: string; source?: string; limit: number },
): Promise<{ total: number; conflicts: VersionConflict[] }> {
  const parts = await Promise.all(
    streams.map(async (stream) => {
      const found = await rows<Omit<VersionConflict, 'stream' | 'contents'> & { contents: string; total: string }>(
        client,
        `SELECT county, source, case_id, toString(version) AS version, contents, count() OVER () AS total FROM (
          SELECT county, source, case_id, version, uniqExact(digest) AS contents FROM ${caseTable(stream)}
          WHERE ({county:String} = '' OR county = {county:String}) AND ({source:String} = '' OR source = {source:String})
          GROUP BY county, source, case_id, version HAVING contents > 1
        ) ORDER BY county, source, case_id, version LIMIT {limit:UInt32}`,
        { county: options.county ?? '', source: options.source ?? '', limit: options.limit },
      );
      return {
        total: Number(found[0]?.total ?? 0),
        conflicts: found.map(({ total: _, ...row }) => ({ ...row, stream, contents: Number(row.contents) })),
      };
    }),
  );
  return {
    total: parts.reduce((sum, part) => sum + part.total, 0),
    conflicts: parts.flatMap((part) => part.conflicts),
  };
}

export interface TwinIds {
  stream: Stream;
  source: string;
  ids: string[];
}

/** As `plainId` and `visibleText` of the contracts see them: rows stored by older versions may still hold hidden characters. */
const lookalike = `lowerUTF8(normalizeUTF8NFKC(replaceRegexpAll(case_id,
  '[\\\\x{00AD}\\\\x{200B}-\\\\x{200F}\\\\x{202A}-\\\\x{202E}\\\\x{2060}-\\\\x{2069}\\\\x{FE00}-\\\\x{FE0F}\\\\x{FEFF}]', '')))`;

/** Cases of one source whose ids differ only in upper and lower case, or in what nobody sees: each counts as a case. */
export async function twinIds(
  client: ClickHouseClient,
  options: { county: string; source: string; limit: number },
): Promise<{ total: number; twins: TwinIds[] }> {
  const parts = await Promise.all(
    streams.map(async (stream) => {
      const found = await rows<{ source: string; ids: string[]; total: string }>(
        client,
        `SELECT source, ids, count() OVER () AS total FROM (
          SELECT source, arraySort(groupUniqArray(5)(case_id)) AS ids FROM ${caseTable(stream)}
          WHERE county = {county:String} AND source = {source:String}
          GROUP BY source, ${lookalike} HAVING length(ids) > 1
        ) ORDER BY source, ids LIMIT {limit:UInt32}`,
        options,
      );
      return {
        total: Number(found[0]?.total ?? 0),
        twins: found.map(({ source, ids }) => ({ stream, source, ids })),
      };
    }),
  );
  return { total: parts.reduce((sum, part) => sum + part.total, 0), twins: parts.flatMap((part) => part.twins) };
}
