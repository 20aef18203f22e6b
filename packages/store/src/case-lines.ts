import { hash } from 'node:crypto';
import {
  bodySchemas,
  endOfDayFields,
  type PingAnEvent,
  recordTypeOf,
  type SchemaId,
  schemaIds,
} from '@pingan/contracts';
import { localDayEnd, localDayStart, localMonthStart } from '@pingan/regions';
import { utcText } from './client.js';

export interface CaseOrigin {
  partition: number;
  offset: bigint;
  /** The county's time zone. */
  timeZone: string;
}

const momentField = /_at$|^extended_to$/;

/** Moments of each record type's body. */
const momentFields = Object.fromEntries(
  schemaIds.map((schema) => [
    schema,
    Object.keys(bodySchemas[schema].shape).filter((field) => momentField.test(field)),
  ]),
) as Record<SchemaId, string[]>;

/** Length of `YYYY-MM-DD`; anything longer is a full instant, which ClickHouse reads as it stands. */
const DAY_LENGTH = 10;

/** Days recur in every window; their texts are made once. */
const dayTexts = new Map<string, string>();
const DAY_TEXTS_LIMIT = 100_000;

function dayText(value: string, isDeadline: boolean, timeZone: string): string {
  const key = `${isDeadline ? '<' : '>'}${value}${timeZone}`;
  let text = dayTexts.get(key);
  if (text === undefined) {
    text = utcText(isDeadline ? localDayEnd(value, timeZone) : localDayStart(value, timeZone));
    if (dayTexts.size >= DAY_TEXTS_LIMIT) dayTexts.clear();
    dayTexts.set(key, text);
  }
  return text;
}

function occurredText(value: string, timeZone: string): string {
  if (value.length > DAY_LENGTH) return value;
  return value.length === DAY_LENGTH ? dayText(value, false, timeZone) : utcText(localMonthStart(value, timeZone));
}

/** The body with moments known only to the day as the day's beginning, deadlines as its end. */
function withInstants(body: Record<string, unknown>, days: readonly string[], timeZone: string): object {
  const copy = { ...body };
  for (const field of days) copy[field] = dayText(copy[field] as string, endOfDayFields.has(field), timeZone);
  return copy;
}

/**
 * 64 bits over everything an event says beside its identity. Two events of one version with the same digest are one
 * event; with different ones they are a conflict, which the readers' fixed order settles. The body is hashed as the
 * contract parsed it, so a field added to the contract later does not change the digests of events without it.
 */
function digestOf(event: PingAnEvent, bodyJson: string): string {
  const { schema, op, region_code, occurred_at, precision = 'time', recorded_at } = event;
  const content = `${schema}\n${op}\n${region_code}\n${occurred_at}\n${precision}\n${recorded_at}\n${bodyJson}`;
  return BigInt(`0x${hash('sha1', content, 'hex').slice(0, 16)}`).toString();
}

/**
 * One line of JSONEachRow for the stream's case table: the envelope's columns and the body's fields, those that are
 * there. Built from text, since one event is written for every event that is read.
 */
export function caseLine(event: PingAnEvent, origin: CaseOrigin): string {
  const body = event.body as Record<string, unknown>;
  const { timeZone } = origin;
  const bodyJson = JSON.stringify(body);
  const days = momentFields[event.schema].filter((field) => (body[field] as string | undefined)?.length === DAY_LENGTH);
  const stored = days.length === 0 ? bodyJson : JSON.stringify(withInstants(body, days, timeZone));
  const fields = stored.slice(1, -1);
  return (
    // The contract allows no character in these that JSON would escape, except in the last two.
    `{"county":"${event.county}","source":"${event.source}","version":${event.version},"digest":"${digestOf(event, bodyJson)}"` +
    `,"kafka_partition":${origin.partition},"kafka_offset":"${origin.offset}","record_type":"${recordTypeOf(event.schema)}"` +
    `,"op":"${event.op}","occurred_at":"${occurredText(event.occurred_at, timeZone)}","occurred_precision":"${event.precision ?? 'time'}"` +
    `,"recorded_at":"${event.recorded_at}","case_id":${JSON.stringify(event.case_id)},"region_code":${JSON.stringify(event.region_code)}` +
    `${fields === '' ? '' : ','}${fields}}\n`
  );
}
