import type { Stream } from '@pingan/contracts';
import { caseTable } from './case-tables.js';

/** Rows below the watermark; partitions it does not know are not read. */
export const belowWatermark = 'kafka_offset < arrayElement({watermark:Array(UInt64)}, kafka_partition + 1)';

/** Every row once as of the watermark (`sign` 1) and, if it was there, once as of `{since:Array(UInt64)}` (`sign` -1). */
const asOfBoth = (rows: string): string => `SELECT *, arrayJoin(
      if(kafka_offset < arrayElement({since:Array(UInt64)}, kafka_partition + 1), [toInt8(1), toInt8(-1)], [toInt8(1)])
    ) AS sign FROM (${rows})`;

/** Which rows of a stream's table a statement is about. */
export interface Selection {
  /** A condition on source and case_id only, so that it keeps or drops all versions of a case. */
  among?: string | undefined;
  /** Also as of the earlier watermark, `{since:Array(UInt64)}`; rows then have a `sign`: 1 now, -1 then. */
  alsoBefore?: boolean;
}

/**
 * "The case now": the row of the highest version of every case of `{county:String}`, withdrawn ones left out. Where one
 * version was delivered with different contents, a withdrawal wins, then the greater digest: a rule that does not know the
 * order of arrival. One case may be left out (`without_source`, `without_case`; no case has empty ones).
 */
export function keptCases(stream: Stream, { among, alsoBefore = false }: Selection = {}): string {
  const rows = `SELECT * FROM ${caseTable(stream)}
    WHERE county = {county:String} AND ${belowWatermark}
      AND NOT (source = {without_source:String} AND case_id = {without_case:String})
      ${among ? `AND ${among}` : ''}`;
  return `SELECT * FROM (${alsoBefore ? asOfBoth(rows) : rows}
    ORDER BY county, source, case_id, version DESC, op = 'retract' DESC, digest DESC
    LIMIT 1 BY county, source, case_id${alsoBefore ? ', sign' : ''}) WHERE op = 'upsert'`;
}
