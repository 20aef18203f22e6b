import { isUtf8 } from 'node:buffer';
import {
  type DeadLetterReason,
  isClockVersion,
  maxEventBytes,
  type PingAnEvent,
  parseEvent,
  type Stream,
  streamOfSchema,
} from '@pingan/contracts';
import type { PackedMessage } from '@pingan/messaging';
import { instantMs, occurredMs } from '@pingan/store';
import type { CountyRegistry, KnownCounty } from './registry.js';

/** What becomes of one message: it is stored, or set aside with a reason. */
export type Verdict =
  | { kind: 'store'; event: PingAnEvent; county: KnownCounty }
  | { kind: 'dead'; reason: DeadLetterReason; detail: string };

const dead = (reason: DeadLetterReason, detail: string): Verdict => ({ kind: 'dead', reason, detail });

const DETAIL_LIMIT = 1_500;

/**
 * Most a time may lie after the moment its message was written to the log. A day, because a source may know only the day,
 * and because the clocks of two machines must not make dead letters. The message's own time is the bound, not the clock:
 * `reconcile` and `rebuild` judge the message again later and must come to the same verdict.
 */
const FUTURE_MS = 86_400_000;

/** The end of the years the contracts know: a message without a time. */
const LAST_MS = Date.UTC(2101, 0, 1);

/** The last day that was asked for: most messages of a batch share it. */
let boundDay = { day: Number.NaN, text: '' };

/** `YYYY-MM-DD` of a message's day in UTC; what sorts before it is certainly not a day later than the message. */
function dayText(ms: number): string {
  const day = Math.floor(ms / FUTURE_MS);
  if (day !== boundDay.day) boundDay = { day, text: new Date(day * FUTURE_MS).toISOString().slice(0, 10) };
  return boundDay.text;
}

/** Which field claims to be from the time after the message, and what it says. */
function future(event: PingAnEvent, timestamp: number, timeZone: string): string | undefined {
  const known = timestamp > 0;
  const limit = known ? timestamp + FUTURE_MS : LAST_MS;
  const { version, occurred_at, recorded_at } = event;
  const written = known ? new Date(timestamp).toISOString() : 'without a time';
  const fault = (field: string, value: string | number) => `${field}: from_the_future (${value}, message ${written})`;
  if (isClockVersion(version) && version > limit) return fault('version', version);
  const today = dayText(known ? timestamp : LAST_MS);
  if (occurred_at >= today && occurredMs(occurred_at, timeZone) > limit) return fault('occurred_at', occurred_at);
  if (recorded_at >= today && instantMs(recorded_at) > limit) return fault('recorded_at', recorded_at);
  return undefined;
}

/** Judges one message of a stream's topic. Pure apart from what the registry knows. */
export function judge(stream: Stream, message: PackedMessage, registry: CountyRegistry): Verdict {
  const { valueLength } = message;
  if (valueLength === null) return dead('not_json', 'empty value');
  if (valueLength > maxEventBytes) return dead('too_large', `${valueLength} bytes, limit ${maxEventBytes}`);
  const text = message.text();
  if (text.includes('\ufffd') && !isUtf8(message.value!)) return dead('not_json', 'not valid UTF-8');
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    return dead('not_json', (error as Error).message.slice(0, 200));
  }
  const outcome = parseEvent(input);
  if (!outcome.ok) {
    const reason = outcome.violations[0]?.rule === 'unknown_schema' ? 'unknown_schema' : 'invalid_event';
    const detail = outcome.violations.map(({ path, rule, value }) => `${path}: ${rule} (${value})`).join('; ');
    return dead(reason, detail.slice(0, DETAIL_LIMIT));
  }
  const { event } = outcome;
  if (streamOfSchema[event.schema] !== stream) return dead('wrong_topic', event.schema);
  const county = registry.get(event.county);
  if (!county) return dead('unknown_county', event.county);
  if (!county.regions.has(event.region_code)) return dead('unknown_region', event.region_code);
  const fault = future(event, message.timestamp, county.county.timeZone);
  if (fault !== undefined) return dead('from_the_future', fault);
  return { kind: 'store', event, county };
}

/** Reasons that a newer registry might overturn. */
export function dependsOnRegistry(verdict: Verdict): boolean {
  return verdict.kind === 'dead' && (verdict.reason === 'unknown_county' || verdict.reason === 'unknown_region');
}
