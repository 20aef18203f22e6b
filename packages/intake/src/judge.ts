import { isUtf8 } from 'node:buffer';
import {
  type DeadLetterReason,
  happenedFields,
  isClockVersion,
  jsonText,
  maxEventBytes,
  type PingAnEvent,
  parseEvent,
  type Stream,
  shortened,
  streamOfSchema,
  valueAtPath,
} from '@pingan/contracts';
import type { PackedMessage } from '@pingan/messaging';
import { findPersonalData, maskOf, personalFields } from '@pingan/privacy';
import { instantMs, occurredMs } from '@pingan/store';
import type { CountyRegistry, KnownCounty } from './registry.js';

/** What becomes of one message: it is stored, set aside with a reason, or left out, since its county starts later in the log. */
export type Verdict =
  | { kind: 'store'; event: PingAnEvent; county: KnownCounty }
  | {
      kind: 'dead';
      reason: DeadLetterReason;
      detail: string;
      /** A sound event of a known county: before there was the rule that refuses it, or while its region was known, it was stored. */
      once?: { event: PingAnEvent; county: KnownCounty };
    }
  | { kind: 'left_out' };

const dead = (reason: DeadLetterReason, detail: string): Verdict => ({ kind: 'dead', reason, detail });

const leftOut: Verdict = { kind: 'left_out' };

const DETAIL_LIMIT = 1_500;

/**
 * Most a time may lie after the moment its message was written to the log. A day, because a source may know only the day,
 * and because the clocks of two machines must not make dead letters. The message's own time is the bound, not the clock:
 * `reconcile` and `rebuild` judge the message again later and must come to the same verdict.
 */
const FUTURE_MS = 86_400_000;

/** The end of the years the contracts know: a message without a time. */
const LAST_MS = Date.UTC(2101, 0, 1);

/** The day after the last one that was asked for: most messages of a batch share it. */
let known = { day: Number.NaN, next: '' };

/** `YYYY-MM-DD` of the day after a message's day in UTC. */
function nextDay(ms: number): string {
  const day = Math.floor(ms / FUTURE_MS);
  if (day !== known.day) known = { day, next: new Date((day + 1) * FUTURE_MS).toISOString().slice(0, 10) };
  return known.next;
}

const MINUS = 45;
/** Of an offset like `-05:00`, from the end. */
const SIGN_AT = 6;

/**
 * Whether a time certainly lies within a day of the message: its calendar day is not after the message's (in UTC), and it
 * is no instant west of Greenwich, where that day goes on. No date is calculated for nearly all messages.
 */
function isCertain(text: string, next: string): boolean {
  return text < next && (text.length <= next.length || text.charCodeAt(text.length - SIGN_AT) !== MINUS);
}

/** Which field claims to be from the time after the message, and what it says. What is due may lie there, what happened may not. */
function future(event: PingAnEvent, timestamp: number, timeZone: string): string | undefined {
  const { version, occurred_at, recorded_at } = event;
  const limit = timestamp > 0 ? timestamp + FUTURE_MS : LAST_MS;
  const next = nextDay(limit - FUTURE_MS);
  if (isClockVersion(version) && version > limit) return faultOf('version', version, timestamp);
  if (!isCertain(occurred_at, next) && occurredMs(occurred_at, timeZone) > limit) {
    return faultOf('occurred_at', occurred_at, timestamp);
  }
  if (!isCertain(recorded_at, next) && instantMs(recorded_at) > limit) {
    return faultOf('recorded_at', recorded_at, timestamp);
  }
  if (event.op === 'retract') return undefined;
  const body = event.body as Record<string, unknown>;
  for (const name of happenedFields[event.schema]) {
    const value = body[name] as string | undefined;
    if (value !== undefined && !isCertain(value, next) && occurredMs(value, timeZone) > limit) {
      return faultOf(`body.${name}`, value, timestamp);
    }
  }
  return undefined;
}

function faultOf(field: string, value: string | number, timestamp: number): string {
  const written = timestamp > 0 ? new Date(timestamp).toISOString() : 'without a time';
  return `${field}: from_the_future (${value}, message ${written})`;
}

const shown = (value: unknown): string => {
  const kind = findPersonalData(typeof value === 'string' ? value : jsonText(value));
  return kind === undefined ? shortened(value) : maskOf(kind);
};

const shownAt = (input: unknown, path: string): string => shown(valueAtPath(input, path));

/** What V8 quotes of a text may be part of a number. */
const withoutExcerpt = (message: string): string =>
  message.replace(/(?:, )?(?:\.\.\.)?".*"(?:\.\.\.)? (?=is not valid JSON)/s, ' ');

/** Without the byte order mark that some senders write before a JSON text. */
const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

/**
 * Judges one message of a stream's topic. Pure apart from what the registry knows. Without `partition` the message is judged as if it
 * came now: where a county starts does not matter.
 */
export function judge(stream: Stream, message: PackedMessage, registry: CountyRegistry, partition?: number): Verdict {
  const { valueLength } = message;
  if (valueLength === null) return dead('not_json', 'empty value');
  if (valueLength > maxEventBytes) return dead('too_large', `${valueLength} bytes, limit ${maxEventBytes}`);
  const text = withoutMark(message.text());
  if (text.includes('\ufffd') && !isUtf8(message.value!)) return dead('not_json', 'not valid UTF-8');
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    return dead('not_json', withoutExcerpt((error as Error).message).slice(0, 200));
  }
  const outcome = parseEvent(input);
  if (!outcome.ok) {
    const reason = outcome.violations[0]?.rule === 'unknown_schema' ? 'unknown_schema' : 'invalid_event';
    const detail = outcome.violations.map(({ path, rule }) => `${path}: ${rule} (${shownAt(input, path)})`).join('; ');
    return dead(reason, detail.slice(0, DETAIL_LIMIT));
  }
  const { event } = outcome;
  const county = registry.get(event.county);
  const isOurs = streamOfSchema[event.schema] === stream;
  const refused = (reason: DeadLetterReason, detail: string): Verdict => ({
    ...{ kind: 'dead', reason, detail },
    ...(county && isOurs && { once: { event, county } }),
  });
  const personal = personalFields(event);
  if (personal.length > 0) {
    const detail = personal.map(({ path, kind }) => `${path}: personal_data (${maskOf(kind)})`).join('; ');
    return refused('personal_data', detail);
  }
  if (!isOurs) return dead('wrong_topic', event.schema);
  const isLeftOut =
    partition !== undefined && registry.isBeforeStart(event.county, { stream, partition, offset: message.offset });
  if (!county) return isLeftOut ? leftOut : dead('unknown_county', shown(event.county));
  if (!county.regions.has(event.region_code)) return refused('unknown_region', shown(event.region_code));
  const fault = future(event, message.timestamp, county.county.timeZone);
  if (fault !== undefined) return refused('from_the_future', fault);
  return isLeftOut ? leftOut : { kind: 'store', event, county };
}

/** Reasons that a newer registry might overturn. */
export function dependsOnRegistry(verdict: Verdict): boolean {
  return verdict.kind === 'dead' && (verdict.reason === 'unknown_county' || verdict.reason === 'unknown_region');
}
