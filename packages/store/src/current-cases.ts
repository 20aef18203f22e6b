import type { Stream } from '@pingan/contracts';
import { caseTable } from './case-tables.js';

/** The watermark a statement speaks of: the one asked for, or an earlier one. Parameters of type `Array(UInt64)`. */
export type AsOf = 'watermark' | 'since';

/** Rows below a watermark; partitions the watermark does not know are not read. */
export const below = (asOf: AsOf) => `kafka_offset < arrayElement({${asOf}:Array(UInt64)}, kafka_partition + 1)`;

export const belowWatermark = below('watermark');

/**
 * "The case now": the row of the highest version of every case of `{county:String}`, withdrawn ones left out. Where one
 * version was delivered with different contents, a withdrawal wins, then the greater digest: a rule that does not know the
 * order of arrival. One case may be left out (`without_source`, `without_case`; no case has empty ones); `among` is a
 * condition on source and case_id only, so that it keeps or drops all versions of a case.
 */
export function keptCases(stream: Stream, among?: string, asOf: AsOf = 'watermark'): string {
  return `SELECT * FROM (SELECT * FROM ${caseTable(stream)}
    WHERE county = {county:String} AND ${below(asOf)}
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      ${among ? `AND ${among}` : ''}
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id) WHERE op = 'upsert'`;
}
