import { createHash } from 'node:crypto';
import { endOfDayFields, type PingAnEvent, recordTypeOf, type Stream } from '@pingan/contracts';
import { localDayEnd, localDayStart, localMonthStart } from '@pingan/regions';
import { bodyColumns } from './case-columns.js';
import { utcText } from './client.js';

export interface CaseOrigin {
  partition: number;
  offset: bigint;
  /** The county's time zone. */
  timeZone: string;
}

const momentField = /_at$|^extended_to$/;

/** A moment known only to the day is the day's beginning, a deadline its end. */
function momentText(field: string, value: string, timeZone: string): string {
  if (value.length > 10) return utcText(Date.parse(value));
  return utcText(endOfDayFields.has(field) ? localDayEnd(value, timeZone) : localDayStart(value, timeZone));
}

function occurredText(value: string, timeZone: string): string {
  if (value.length > 10) return utcText(Date.parse(value));
  return utcText(value.length === 10 ? localDayStart(value, timeZone) : localMonthStart(value, timeZone));
}

/**
 * 64 bits over everything an event says beside its identity. Two events of one version with the same digest are one
 * event; with different ones they are a conflict, which the readers' fixed order settles.
 */
function digestOf(event: PingAnEvent): string {
  const { schema, op, region_code, occurred_at, precision, recorded_at, body } = event;
  const content = JSON.stringify([schema, op, region_code, occurred_at, precision ?? 'time', recorded_at, body]);
  return createHash('md5').update(content).digest().readBigUInt64LE(0).toString();
}

/** One line of JSONCompactEachRow for the stream's case table: `envelopeColumns`, then `bodyColumns`. */
export function caseLine(stream: Stream, event: PingAnEvent, origin: CaseOrigin): string {
  const body = event.body as Record<string, unknown>;
  const { timeZone } = origin;
  const values: unknown[] = [
    event.county,
    event.source,
    event.case_id,
    event.version,
    digestOf(event),
    origin.partition,
    String(origin.offset),
    recordTypeOf(event.schema),
    event.op,
    event.region_code,
    occurredText(event.occurred_at, timeZone),
    event.precision ?? 'time',
    utcText(Date.parse(event.recorded_at)),
  ];
  for (const field of bodyColumns[stream]) {
    const value = body[field];
    if (value === undefined) values.push(null);
    else values.push(momentField.test(field) ? momentText(field, value as string, timeZone) : value);
  }
  return `${JSON.stringify(values)}\n`;
}
