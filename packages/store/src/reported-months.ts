import type { ClickHouseClient } from '@clickhouse/client';
import { bodyFields, recordTypeOf, type SchemaId, type Stream, schemaIds, streamOfSchema } from '@pingan/contracts';
import { catalogue } from '@pingan/indicators';
import { caseTable } from './case-tables.js';
import { rows } from './client.js';
import { type ComponentScope, paramsOf, streamsBelow } from './component-scope.js';
import { belowWatermark, keptCases } from './current-cases.js';
import { dayOf, isCountable, monthStart, occurredDay } from './days.js';

/** A month for which a county's source has reported something of a record type. */
export interface ReportedMonth {
  record_type: string;
  /** `YYYY-MM`. */
  month: string;
}

/** Days on which something happened to a case that its source wrote down: every moment of the record type but deadlines. */
function factDays(schema: SchemaId): string[] {
  const moments = [...bodyFields[schema]].filter(([, { kind }]) => kind === 'moment');
  return [occurredDay, ...moments.map(([name]) => dayOf(name))];
}

/** Days by which shares count a case, where it need not be watched for a while first: mostly deadlines. */
function countedDays(schema: SchemaId): string[] {
  return catalogue
    .filter(({ recordType, kind, lag }) => recordType === recordTypeOf(schema) && kind === 'ratio' && lag === 0)
    .flatMap(({ query }) =>
      query.terms.flatMap(({ cohort }) =>
        cohort === undefined ? [] : [query.where === undefined ? cohort : `if(${query.where}, ${cohort}, NULL)`],
      ),
    );
}

/** Array(Nullable(Date32)) */
const arrayOf = (days: readonly string[]) => `[${["CAST(NULL, 'Nullable(Date32)')", ...new Set(days)].join(', ')}]`;

/** (record_type, month) of a record type: what its cases show to have been reported. */
export function reportedQuery(schema: SchemaId): string {
  const [stream, recordType] = [streamOfSchema[schema], recordTypeOf(schema)];
  const recorded = dayOf('recorded_at');
  const among = `(source, case_id) IN (SELECT source, case_id FROM ${caseTable(stream)}
    WHERE county = {county:String} AND ${belowWatermark} AND record_type = '${recordType}')`;
  return `SELECT DISTINCT '${recordType}' AS record_type, toString(day) AS month FROM (
    SELECT arrayJoin(arrayDistinct(arrayConcat(
      arrayMap(day -> ${monthStart('day')}, arrayFilter(day -> isNotNull(day), ${arrayOf(factDays(schema))})),
      arrayFilter(month -> ifNull(month < ${monthStart(recorded)}, 0), arrayMap(day -> ${monthStart('day')}, ${arrayOf(countedDays(schema))}))
    ))) AS day
    FROM (${keptCases(stream, { among })}) WHERE record_type = '${recordType}')
  WHERE ${isCountable('day')}`;
}

/**
 * Months for which the current cases of some record types show that their source has reported, beside those in which cases
 * occurred: months in which something happened to a case; and months in which a case fell due, if what
 * is known of it was recorded after that month. A deadline alone is no report: it was known before, and a stream that
 * fell silent has deadlines too. The day of recording alone is none either: a ledger says nothing of the month it is handed in.
 */
export async function reportedMonths(
  client: ClickHouseClient,
  scope: ComponentScope,
  recordTypes: readonly string[],
): Promise<ReportedMonth[]> {
  const asked = schemaIds.filter((schema) => recordTypes.includes(recordTypeOf(schema)));
  const parts = await Promise.all(
    streamsBelow(scope.watermark).map(async (stream) => {
      const params = paramsOf(scope, stream);
      const stored = await storedTypes(client, stream, params);
      const some = asked.filter((schema) => streamOfSchema[schema] === stream && stored.has(recordTypeOf(schema)));
      return Promise.all(some.map((schema) => rows<ReportedMonth>(client, reportedQuery(schema), params)));
    }),
  );
  return parts.flat(2).map(({ record_type, month }) => ({ record_type, month: month.slice(0, 7) }));
}

/** Most counties send a part of the record types; the months of a type are dear to ask for even where it has no row. */
async function storedTypes(
  client: ClickHouseClient,
  stream: Stream,
  params: ReturnType<typeof paramsOf>,
): Promise<ReadonlySet<string>> {
  const query = `SELECT DISTINCT record_type FROM ${caseTable(stream)} WHERE county = {county:String} AND ${belowWatermark}`;
  const found = await rows<{ record_type: string }>(client, query, params);
  return new Set(found.map(({ record_type }) => record_type));
}
