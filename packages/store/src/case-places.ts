import type { ClickHouseClient } from '@clickhouse/client';
import { streams } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { rows } from './client.js';

/** Cases as they stand now, withdrawn ones left out, that occurred in one month in one place. */
export interface CasePlace {
  /** As delivered. */
  region_code: string;
  /** `YYYY-MM` in the county. */
  month: string;
  cases: number;
}

/** Where and when the cases of a county occurred, all record types together, in order of code and month. */
export async function casePlaces(
  client: ClickHouseClient,
  county: { code: string; timeZone: string },
): Promise<CasePlace[]> {
  const current = streams.map(
    (stream) => `SELECT argMax((op, region_code, occurred_at), (version, op = 'retract', digest)) AS kept
      FROM ${caseTable(stream)} WHERE county = {county:String} GROUP BY source, case_id`,
  );
  return rows<CasePlace>(
    client,
    `SELECT kept.2 AS region_code, formatDateTime(toDate(kept.3, {tz:String}), '%Y-%m') AS month,
      toUInt32(count()) AS cases
    FROM (${current.join('\n    UNION ALL ')}) WHERE kept.1 = 'upsert'
    GROUP BY region_code, month ORDER BY region_code, month`,
    { county: county.code, tz: county.timeZone },
  );
}
