import type { ClickHouseClient } from '@clickhouse/client';
import type { Stream } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { insertRows, rows } from './client.js';
import { CASES_PER_STATEMENT, countNoted, EXAMPLES, ofSource, type SourceKey, sentRows } from './deliveries.js';

/** A row that is not sent yet, and where its case would be. */
export interface PlannedRow {
  case_id: string;
  version: number;
  /** Number of the file in the delivery, from 1. */
  file: number;
  region: string;
  /** YYYY-MM. */
  month: string;
}

export interface MovedCase {
  case_id: string;
  region: string;
  month: string;
  region_before: string;
  month_before: string;
}

/** What sending a delivery would do to the places of cases. */
export interface PlannedMoves {
  /** Cases of the delivery. */
  cases: number;
  /** Those stored, or in an earlier file of the delivery, under another month or region that the delivery would replace. */
  moved: number;
  examples: MovedCase[];
}

/** Notes rows that may be sent, for `plannedMoves`; forgotten as those that were sent. */
export function notePlanned(client: ClickHouseClient, plan: string, planned: readonly PlannedRow[]): Promise<void> {
  return insertRows(client, {
    table: 'delivery_rows',
    columns: ['delivery', 'case_id', 'version', 'file', 'region_code', 'month'],
    values: planned.map(({ case_id, version, file, region, month }) => [plan, case_id, version, file, region, month]),
  });
}

/** One row for each case: the place the delivery gives it, and the one it has; of a case nobody knows, in the first file. */
const movesOf = (stream: Stream): string => `SELECT case_id, place, if(known, stored, first) AS was,
    (NOT known OR stored_version <= top) AND was != place AS is_moved
  FROM (
    SELECT case_id, max(version) AS top, argMax((region_code, month), (version, file)) AS place,
      argMin((region_code, month), (file, -toInt64(version))) AS first
    FROM ${sentRows} GROUP BY case_id
  ) AS planned LEFT JOIN (
    SELECT case_id, true AS known, max(version) AS stored_version,
      argMax((region_code, formatDateTime(occurred_at, '%Y-%m', {tz:String})), (version, op = 'retract', digest)) AS stored
    FROM ${caseTable(stream)} WHERE ${ofSource} AND case_id IN (SELECT case_id FROM ${sentRows}) GROUP BY case_id
  ) AS held USING case_id`;

/** What was noted as planned beside what is stored, in statements of bounded size. */
export async function plannedMoves(
  client: ClickHouseClient,
  { stream, county, source, timeZone, plan }: SourceKey & { timeZone: string; plan: string },
): Promise<PlannedMoves> {
  const found: PlannedMoves = { cases: 0, moved: 0, examples: [] };
  const buckets = Math.max(1, Math.ceil((await countNoted(client, plan)) / CASES_PER_STATEMENT));
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const params = { county, source, tz: timeZone, delivery: plan, buckets, bucket, examples: EXAMPLES };
    const [counts] = await rows<{ cases: string; moved: string }>(
      client,
      `SELECT count() AS cases, countIf(is_moved) AS moved FROM (${movesOf(stream)})`,
      params,
    );
    found.cases += Number(counts?.cases ?? 0);
    found.moved += Number(counts?.moved ?? 0);
    if (Number(counts?.moved ?? 0) === 0 || found.examples.length >= EXAMPLES) continue;
    const examples = await rows<MovedCase>(
      client,
      `SELECT case_id, place.1 AS region, place.2 AS month, was.1 AS region_before, was.2 AS month_before
      FROM (${movesOf(stream)}) WHERE is_moved ORDER BY case_id LIMIT {examples:UInt32}`,
      params,
    );
    found.examples.push(...examples.slice(0, EXAMPLES - found.examples.length));
  }
  return found;
}
