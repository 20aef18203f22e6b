import { recordTypeOf, type SchemaId, type Stream, schemaIds, streamOfSchema } from '@pingan/contracts';
import { catalogue, type Indicator, type IndicatorTerm } from '@pingan/indicators';
import { type CasePart, scoredCases } from './case-links.js';
import { countedMonth, isCountable, occurredDay } from './days.js';
import { reportedDays } from './reported-months.js';

/** Components are computed for the scale of what they add up: counts, and terms rounded to six decimals. */
const SCALE = 6;

/** Prefix of the pseudo-indicators that say whether a record type has any data in a month. */
export const coveragePrefix = 'cases:';

/** Prefix of the pseudo-indicators that count, of a record type, the cases by which a month is known to have been reported. */
export const reportedPrefix = 'reported:';

/** A name a component can have, before its part. */
interface Slot {
  name: string;
  recordType: string;
  /** Absent for the coverage of the record type, and for what shows that it was reported. */
  indicator?: Indicator;
  /** Of the latter, the record type's schema. */
  reported?: SchemaId;
}

function slotsOf(stream: Stream): Slot[] {
  return schemaIds
    .filter((schema) => streamOfSchema[schema] === stream)
    .flatMap((schema): Slot[] => {
      const recordType = recordTypeOf(schema);
      return [
        ...catalogue
          .filter((indicator) => indicator.recordType === recordType)
          .map((indicator) => ({ name: indicator.code, recordType, indicator })),
        { name: `${coveragePrefix}${recordType}`, recordType },
        { name: `${reportedPrefix}${recordType}`, recordType, reported: schema },
      ];
    });
}

const slots = new Map<Stream, readonly Slot[]>();

function cachedSlots(stream: Stream): readonly Slot[] {
  const known = slots.get(stream) ?? slotsOf(stream);
  slots.set(stream, known);
  return known;
}

/** The name of a component as it is stored, from what a query says of it. */
export function componentName(stream: Stream, slot: number, part: string): string {
  const { name } = cachedSlots(stream)[slot]!;
  return part === '' ? name : `${name}:${part}`;
}

const decimal = (sql: string) => `toDecimal64(ifNull(${sql}, 0), ${SCALE})`;

const condition = ({ query }: Indicator) => (query.where ? `ifNull(${query.where}, 0)` : null);

/** Nullable(Date32): where one term of a case is counted. */
function cohortOf(indicator: Indicator, cohort: string): string {
  const where = condition(indicator);
  return where ? `if(${where}, toNullable(toDate32(${cohort})), NULL)` : `toNullable(toDate32(${cohort}))`;
}

/** Array(Date32): where a term of a case is counted that is counted in several months. */
function cohortsOf(indicator: Indicator, cohorts: string): string {
  const where = condition(indicator);
  return where ? `if(${where}, ${cohorts}, [])` : cohorts;
}

/** Days of the cohorts of one record type: `single` Nullable(Date32) expressions, `several` Array(Date32) expressions. */
function daysOf(slotList: readonly Slot[]): { single: string[]; several: string[] } {
  const single = [`toNullable(${occurredDay})`];
  const several: string[] = [];
  for (const { indicator, reported } of slotList) {
    if (reported) several.push(reportedDays(reported));
    for (const { cohort, cohorts } of indicator?.query.terms ?? []) {
      if (cohort !== undefined) single.push(cohortOf(indicator!, cohort));
      if (cohorts !== undefined) several.push(cohortsOf(indicator!, cohorts));
    }
  }
  return { single: [...new Set(single)], several };
}

/** One branch per record type, so that a case is asked only what concerns its own. */
function byRecordType(stream: Stream, branch: (list: readonly Slot[]) => string, none: string): string {
  const all = cachedSlots(stream);
  const types = [...new Set(all.map(({ recordType }) => recordType))];
  const branches = types.map(
    (type) => `record_type = '${type}', ${branch(all.filter(({ recordType }) => recordType === type))}`,
  );
  return `multiIf(${branches.join(',\n      ')},\n      ${none})`;
}

/** Array(Nullable(Date32)) of one case: every day that lies in a month it counts in, by its own fields. */
export function cohortDays(stream: Stream): string {
  return byRecordType(
    stream,
    (list) => {
      const { single, several } = daysOf(list);
      const arrays = several.map((days) => `arrayMap(day -> toNullable(day), ${days})`);
      return arrays.length === 0
        ? `[${single.join(', ')}]`
        : `arrayConcat([${single.join(', ')}], ${arrays.join(', ')})`;
    },
    '[]',
  );
}

/** (slot, part, day, numerator, denominator) of one case, for every indicator of its record type and its coverage. */
function termsOf(stream: Stream): string {
  const all = cachedSlots(stream);
  const termOf = ({ query }: Indicator, slot: number, day: string, { numerator, denominator }: IndicatorTerm) => {
    const part = query.part ? `ifNull(${query.part}, '')` : `''`;
    return `tuple(toUInt16(${slot}), ${part}, ${day}, ${decimal(numerator)}, ${decimal(denominator ?? '0')})`;
  };
  return byRecordType(
    stream,
    (list) => {
      const single: string[] = [];
      const several: string[] = [];
      for (const own of list) {
        const slot = all.indexOf(own);
        const { indicator, reported } = own;
        if (reported) {
          const term = `tuple(toUInt16(${slot}), '', toNullable(day), ${decimal('1')}, ${decimal('0')})`;
          several.push(`arrayMap(day -> ${term}, ${reportedDays(reported)})`);
          continue;
        }
        if (!indicator) {
          single.push(`tuple(toUInt16(${slot}), '', toNullable(${occurredDay}), ${decimal('1')}, ${decimal('0')})`);
          continue;
        }
        for (const term of indicator.query.terms) {
          if (term.cohort !== undefined) single.push(termOf(indicator, slot, cohortOf(indicator, term.cohort), term));
          if (term.cohorts !== undefined) {
            const days = cohortsOf(indicator, term.cohorts);
            several.push(`arrayMap(day -> ${termOf(indicator, slot, 'toNullable(day)', term)}, ${days})`);
          }
        }
      }
      const list0 = `[${single.join(',\n      ')}]`;
      return several.length === 0 ? list0 : `arrayConcat(${list0}, ${several.join(', ')})`;
    },
    '[]',
  );
}

/** Sums of a stream by month, slot, part and region; of `{months:Array(Date)}` only where asked. */
export function componentQuery(stream: Stream, inMonths: boolean): string {
  return `SELECT ${countedMonth('term.3')} AS month, term.1 AS slot, term.2 AS part, region_code,
      sum(term.4) AS numerator, sum(term.5) AS denominator
    FROM (SELECT region_code, arrayJoin(${termsOf(stream)}) AS term FROM (${scoredCases(stream)}))
    WHERE ${isCountable('term.3')} ${inMonths ? 'AND has({months:Array(Date)}, month)' : ''}
    GROUP BY month, slot, part, region_code
    HAVING numerator != 0 OR denominator != 0
    ORDER BY month, slot, part, region_code`;
}

/**
 * What a part of a stream's cases adds to the sums now, less what it added as of the earlier watermark. Everything is written
 * once for both: to understand the statement takes the engine longer than to carry it out.
 */
export function changeQuery(stream: Stream, part: CasePart): string {
  return `SELECT ${countedMonth('term.3')} AS month, term.1 AS slot, term.2 AS part, region_code,
      sum(term.4 * sign) AS numerator, sum(term.5 * sign) AS denominator
    FROM (SELECT region_code, sign, arrayJoin(${termsOf(stream)}) AS term FROM (${scoredCases(stream, part)}))
    WHERE ${isCountable('term.3')}
    GROUP BY month, slot, part, region_code
    HAVING numerator != 0 OR denominator != 0
    ORDER BY month, slot, part, region_code`;
}

/** Notes in `component_sums`, for `{refresh:String}`, what one of the queries above finds of a stream. */
export function noteSums(stream: Stream, query: string): string {
  const names = cachedSlots(stream).map(({ name }) => `'${name}'`);
  return `INSERT INTO component_sums (refresh, month, indicator, region_code, numerator, denominator)
    SELECT {refresh:String}, month, concat([${names.join(', ')}][slot + 1], if(part = '', '', concat(':', part))),
      region_code, numerator, denominator
    FROM (${query})`;
}
