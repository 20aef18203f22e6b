import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { recordTypeOf, type SchemaId, streamOfSchema } from '@pingan/contracts';
import { insertRows, rows, utcText } from './client.js';

/** An event that belongs to no place, as a ledger told it. */
export interface UnplacedRow {
  /** Undefined where the row has none. */
  caseId: string | undefined;
  /** Of its occurrence in the county, `YYYY-MM`. */
  month: string;
  line: number;
}

export interface UnplacedFile {
  county: string;
  source: string;
  schema: SchemaId;
  /** Name of the file: the same file read again takes the place of what was noted of it before. */
  file: string;
  rows: readonly UnplacedRow[];
  nowMs: number;
}

/** Events without a place beside those that have one, of a month. */
export interface UnplacedCount {
  record_type: string;
  month: string;
  unplaced: number;
}

/** Rows of one insert. */
const BATCH = 20_000;

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Notes how many rows of a ledger have no place, and that it was read to its end. Nothing of what they say is kept. */
export async function noteUnplaced(
  client: ClickHouseClient,
  { county, source, schema, file, rows: found, nowMs }: UnplacedFile,
): Promise<void> {
  const delivery = digestOf(file);
  const value = (key: string, month: string) => [
    ...[county, source, recordTypeOf(schema), delivery, key, streamOfSchema[schema], `${month}-01`, utcText(nowMs)],
  ];
  // Months before 1970 are nobody's.
  const values = found
    .filter(({ month }) => month >= '1970-01')
    .map(({ caseId, month, line }) => value(digestOf(`${source}/${caseId ?? `${file}:${line}`}`), month));
  values.push(value('', '1970-01'));
  const columns = ['county', 'source', 'record_type', 'delivery', 'event_key', 'stream', 'month', 'noted_at'];
  for (let at = 0; at < values.length; at += BATCH) {
    await insertRows(client, { table: 'unplaced_events', columns, values: values.slice(at, at + BATCH) });
  }
}

/** Events without a place of a county, by month and record type. */
export async function unplacedCounts(client: ClickHouseClient, county: string): Promise<UnplacedCount[]> {
  const found = await rows<{ record_type: string; month: string; unplaced: string }>(
    client,
    'SELECT record_type, month, unplaced FROM v_unplaced(county = {county:String}) ORDER BY month, record_type',
    { county },
  );
  return found.map(({ record_type, month, unplaced }) => ({
    record_type,
    month: month.slice(0, 7),
    unplaced: Number(unplaced),
  }));
}
