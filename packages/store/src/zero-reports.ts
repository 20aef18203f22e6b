import type { ClickHouseClient } from '@clickhouse/client';
import type { Stream } from '@pingan/contracts';
import { insertRows, rows } from './client.js';

/** A unit had nothing to report of a stream in a month, as a person has confirmed. */
export interface ZeroReport {
  /** `YYYY-MM`. */
  month: string;
  region_code: string;
  stream: Stream;
  confirmed_by: string;
  reason: string;
  /** UTC. */
  confirmed_at: string;
}

/** The zero reports of a county that stand, in order of month, region and stream. */
export async function listZeroReports(client: ClickHouseClient, county: string): Promise<ZeroReport[]> {
  const found = await rows<ZeroReport>(
    client,
    `SELECT month, region_code, stream, confirmed_by, reason, confirmed_at FROM zero_reports FINAL
    WHERE county = {county:String} AND is_confirmed ORDER BY month, region_code, stream`,
    { county },
  );
  return found.map((report) => ({ ...report, month: report.month.slice(0, 7) }));
}

/** Confirms a zero, or takes it back. */
export async function recordZeroReport(
  client: ClickHouseClient,
  county: string,
  report: Omit<ZeroReport, 'confirmed_at'> & { isConfirmed: boolean },
): Promise<void> {
  await insertRows(client, {
    table: 'zero_reports',
    columns: ['county', 'month', 'region_code', 'stream', 'is_confirmed', 'confirmed_by', 'reason'],
    values: [
      [
        county,
        `${report.month}-01`,
        report.region_code,
        report.stream,
        report.isConfirmed,
        report.confirmed_by,
        report.reason,
      ],
    ],
  });
}
