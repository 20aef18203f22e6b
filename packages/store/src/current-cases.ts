import type { Stream } from '@pingan/contracts';
import { caseTable } from './case-tables.js';

/** Rows below the watermark; partitions the watermark does not know are not read. Needs `{watermark:Array(UInt64)}`. */
export const belowWatermark = 'kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)';

/**
 * "The case now": the row of the highest version of every case of `{county:String}`. Where one version was delivered
 * with different contents, a withdrawal wins, then the greater digest: a rule that does not know the order of arrival.
 * One case may be left out (`without_source`, `without_case`; no case has empty ones).
 */
export function currentCases(stream: Stream): string {
  return `SELECT * FROM ${caseTable(stream)}
    WHERE county = {county:String} AND ${belowWatermark}
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id`;
}

/**
 * Current, not withdrawn cases with the joined columns that indicator expressions may use. The matter a petition repeats
 * is a petition itself, not a hotline order that happens to have its number.
 */
export function scoredCases(stream: Stream): string {
  const kept = `SELECT * FROM (${currentCases(stream)}) WHERE op = 'upsert'`;
  if (stream !== 'petition') return kept;
  return `SELECT c.*, o.closed_at AS original_closed_at
    FROM (${kept}) AS c
    LEFT JOIN (SELECT source, case_id, closed_at FROM (${kept}) WHERE record_type = 'petition.case') AS o
      ON c.source = o.source AND c.repeat_of = o.case_id
    SETTINGS join_use_nulls = 1`;
}
