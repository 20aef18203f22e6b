import { bodyFields, recordTypeOf, type SchemaId } from '@pingan/contracts';
import { catalogue } from '@pingan/indicators';
import { dayOf, monthStart, occurredDay } from './days.js';

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

/** Array(Date32): the first days of the months of those days that there are. */
function monthsOf(days: readonly string[]): string {
  const all = `[${["CAST(NULL, 'Nullable(Date32)')", ...new Set(days)].join(', ')}]`;
  return `arrayMap(day -> ${monthStart('assumeNotNull(day)')}, arrayFilter(day -> isNotNull(day), ${all}))`;
}

/**
 * Array(Date32): the months for which a case shows that its source has reported, each once: months in which something
 * happened to it; and months in which it fell due, if what is known of it was recorded after that month. A deadline alone is no
 * report: it was known before, and a stream that fell silent has deadlines too. The day of recording alone is none either: a ledger
 * says nothing of the month it is handed in.
 */
export function reportedDays(schema: SchemaId): string {
  const recorded = monthStart(dayOf('recorded_at'));
  return `arrayDistinct(arrayConcat(${monthsOf(factDays(schema))},
    arrayFilter(month -> month < ${recorded}, ${monthsOf(countedDays(schema))})))`;
}
