import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, streams } from '@pingan/contracts';
import { fraudLoss } from '@pingan/indicators';
import { linkedTo, occurredDay } from './case-links.js';
import { caseTable } from './case-tables.js';
import { rows } from './client.js';
import { type ComponentScope, offsetsOf, paramsOf, type Watermark } from './component-scope.js';
import { cohortDays } from './component-sql.js';
import { belowWatermark } from './current-cases.js';

/** Days beyond a case's own: a loss moves the cap of the months after it. */
function reachOf(stream: Stream): string {
  if (stream !== 'police') return cohortDays(stream);
  const { where, months } = fraudLoss;
  return `arrayConcat(${cohortDays(stream)}, if(ifNull(${where}, 0),
    arrayMap(n -> toNullable(addMonths(${occurredDay}, n)), range(1, ${months} + 1)), []))`;
}

/**
 * Months touched by what arrived between two watermarks: every month that any version, old or new, of a touched case
 * belongs to by any cohort rule; the same of the cases linked with a touched one, in either direction; and the months
 * whose loss cap a touched case of fraud has a part in.
 */
export async function dirtyMonths(
  client: ClickHouseClient,
  scope: ComponentScope,
  since: Watermark,
): Promise<string[]> {
  const parts = await Promise.all(
    streams.map((stream) => {
      const table = caseTable(stream);
      const touched = `SELECT source, case_id FROM ${table} WHERE county = {county:String} AND ${belowWatermark}
        AND kafka_offset >= arrayElement({since:Array(UInt64)}, kafka_partition + 1)`;
      return rows<{ month: string }>(
        client,
        `SELECT DISTINCT toStartOfMonth(assumeNotNull(day)) AS month
        FROM (
          SELECT arrayJoin(${reachOf(stream)}) AS day
          FROM ${table} WHERE county = {county:String} AND ${belowWatermark}
            AND (source, case_id) IN (${touched} UNION ALL ${linkedTo(stream, touched)})
        )
        WHERE day IS NOT NULL`,
        { ...paramsOf(scope, stream), since: offsetsOf(since, stream) },
      );
    }),
  );
  const months = new Set(parts.flat().map(({ month }) => month.slice(0, 7)));
  return [...months].sort();
}
