import type { Stream } from '@pingan/contracts';
import { fraudLoss } from '@pingan/indicators';
import { linkedTo, lossCaps } from './case-links.js';
import { caseTable } from './case-tables.js';
import { execute, type Params, rows, type Statements } from './client.js';
import { changeQuery, noteSums } from './component-sql.js';
import { belowWatermark } from './current-cases.js';
import { monthStart, occurredDay } from './days.js';
import type { Arrivals } from './touched-cases.js';

/** The cap of losses in a month, at two watermarks; null where it has none. */
interface Cap {
  cap_month: string;
  before: number | null;
  now: number | null;
}

/**
 * Caps depend on every case of fraud, and are asked for only when one is among the touched cases: otherwise they are the
 * same before and after, and whatever a linked case counts for cancels out.
 */
async function capsOf(client: Statements, { touched, params }: Arrivals): Promise<Cap[]> {
  const ifFraud = `SELECT 1 FROM ${caseTable('police')} WHERE county = {county:String} AND ${belowWatermark}
    AND (source, case_id) IN (${touched}) AND ifNull(${fraudLoss.where}, 0) LIMIT 1`;
  if ((await rows(client, ifFraud, params)).length === 0) return [];
  return rows<Cap>(
    client,
    `SELECT cap_month, anyOrNullIf(fraud_loss_cap, sign = -1) AS before, anyOrNullIf(fraud_loss_cap, sign = 1) AS now
    FROM (${lossCaps(true)}) GROUP BY cap_month`,
    params,
  );
}

/** The caps of both watermarks, given back as a table. */
const capTable = `SELECT cap.1 AS cap_month, cap.2 AS cap_now, cap.3 AS cap_before FROM (SELECT arrayJoin(arrayZip(
    {cap_months:Array(Date32)}, {caps_now:Array(Nullable(Float64))}, {caps_before:Array(Nullable(Float64))})) AS cap)`;

/** Cases of fraud in the months whose cap has changed; `{moved_months:Array(Date32)}`. */
const cappedAnew = `SELECT source, case_id FROM ${caseTable('police')}
  WHERE county = {county:String} AND ${belowWatermark} AND ifNull(${fraudLoss.where}, 0)
    AND has({moved_months:Array(Date32)}, ${monthStart(occurredDay)})`;

/** Notes cases that changes rest on in a table, since the statement that follows names them in a dozen places. */
const noteAffected = (client: Statements, cases: string, params: Params) =>
  execute(
    client,
    `INSERT INTO affected_cases (refresh, stream, source, case_id)
    SELECT DISTINCT {refresh:String}, {stream:String}, source, case_id FROM (${cases})`,
    params,
  );

const affected = `SELECT source, case_id FROM affected_cases WHERE refresh = {refresh:String} AND stream = {stream:String}`;

async function noteChangesOf(client: Statements, stream: Stream, arrived: Arrivals, refresh: string): Promise<void> {
  const params = { ...arrived.params, refresh, stream };
  const touched = `${arrived.touched} UNION ALL ${linkedTo(stream, arrived.touched)}`;
  const [caps] = await Promise.all([
    stream === 'police' ? capsOf(client, arrived) : [],
    noteAffected(client, touched, params),
  ]);
  const moved = caps.filter(({ before, now }) => before !== now);
  if (moved.length > 0) {
    await noteAffected(client, cappedAnew, { ...params, moved_months: moved.map(({ cap_month }) => cap_month) });
  }
  await execute(client, noteSums(stream, changeQuery(stream, { cases: affected, caps: capTable })), {
    ...params,
    cap_months: caps.map(({ cap_month }) => cap_month),
    caps_now: caps.map(({ now }) => now),
    caps_before: caps.map(({ before }) => before),
  });
}

/**
 * What came between two watermarks adds to (or takes from) the components: what the touched cases count for now, less what
 * they counted for before, and the same of every case whose numbers hang on one of them. The price is that of the touched
 * cases, whatever else the store holds. Notes it in `component_sums`.
 */
export async function noteChanges(
  client: Statements,
  arrived: ReadonlyMap<Stream, Arrivals>,
  refresh: string,
): Promise<void> {
  await Promise.all([...arrived].map(([stream, own]) => noteChangesOf(client, stream, own, refresh)));
}
