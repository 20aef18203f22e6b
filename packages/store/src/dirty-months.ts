import type { Stream } from '@pingan/contracts';
import { fraudLoss } from '@pingan/indicators';
import { linkedTo } from './case-links.js';
import { caseTable } from './case-tables.js';
import { rows, type Statements } from './client.js';
import { cohortDays } from './component-sql.js';
import { belowWatermark } from './current-cases.js';
import { countedMonth, isCountable, occurredDay } from './days.js';
import type { Arrivals } from './touched-cases.js';

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
export async function dirtyMonths(client: Statements, arrived: ReadonlyMap<Stream, Arrivals>): Promise<string[]> {
  const parts = await Promise.all(
    [...arrived].map(([stream, { touched, params }]) =>
      rows<{ month: string }>(
        client,
        `SELECT DISTINCT ${countedMonth('day')} AS month
        FROM (
          SELECT arrayJoin(${reachOf(stream)}) AS day
          FROM ${caseTable(stream)} WHERE county = {county:String} AND ${belowWatermark}
            AND (source, case_id) IN (${touched} UNION ALL ${linkedTo(stream, touched)})
        )
        WHERE ${isCountable('day')}`,
        params,
      ),
    ),
  );
  const months = new Set(parts.flat().map(({ month }) => month.slice(0, 7)));
  return [...months].sort();
}
