import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, streams } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { rows } from './client.js';
import { type ComponentScope, paramsOf } from './component-scope.js';
import { belowWatermark } from './current-cases.js';
import { occurredDay } from './days.js';

/** A case as it stands below a watermark. */
export interface FoundCase {
  stream: Stream;
  source: string;
  case_id: string;
  record_type: string;
  region_code: string;
  /** `YYYY-MM-DD` in the county. */
  date: string;
  /** Withdrawn by its source: it counts nowhere. */
  retracted: boolean;
}

/** The cases with an id, one for each source and stream that has it; in order of source and stream. */
export async function findCases(client: ClickHouseClient, scope: ComponentScope, caseId: string): Promise<FoundCase[]> {
  const parts = await Promise.all(
    streams.map(async (stream) => {
      const found = await rows<Omit<FoundCase, 'stream'>>(
        client,
        `SELECT source, case_id, record_type, region_code, ${occurredDay} AS date,
          op = 'retract' AS retracted
        FROM ${caseTable(stream)}
        WHERE county = {county:String} AND ${belowWatermark} AND case_id = {case_id:String}
        ORDER BY source, version DESC, op = 'retract' DESC, digest DESC
        LIMIT 1 BY source`,
        { ...paramsOf(scope, stream), case_id: caseId },
      );
      return found.map((row) => ({ ...row, stream, retracted: Boolean(row.retracted) }));
    }),
  );
  return parts.flat().sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
}
