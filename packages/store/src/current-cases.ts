import type { Stream } from '@pingan/contracts';
import { caseTable } from './case-tables.js';

/** Rows below the watermark; partitions the watermark does not know are not read. Needs `{watermark:Array(UInt64)}`. */
export const belowWatermark = 'kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)';

/**
 * "The case now": the row of the highest version of every case of `{county:String}`, withdrawn ones left out. Where one
 * version was delivered with different contents, a withdrawal wins, then the greater digest: a rule that does not know the
 * order of arrival. One case may be left out (`without_source`, `without_case`; no case has empty ones); `among` is a
 * condition on source and case_id only, so that it keeps or drops all versions of a case.
 */
export function keptCases(stream: Stream, among?: string): string {
  return `SELECT * FROM (SELECT * FROM ${caseTable(stream)}
    WHERE county = {county:String} AND ${belowWatermark}
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      ${among ? `AND ${among}` : ''}
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert'`;
}
