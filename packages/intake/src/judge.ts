import { isUtf8 } from 'node:buffer';
import {
  type DeadLetterReason,
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
import type { CountyRegistry, KnownCounty } from './registry.js';

/** What becomes of one message: it is stored, or set aside with a reason. */
export type Verdict =
  | { kind: 'store'; event: PingAnEvent; county: KnownCounty }
  | { kind: 'dead'; reason: DeadLetterReason; detail: string };

const dead = (reason: DeadLetterReason, detail: string): Verdict => ({ kind: 'dead', reason, detail });

const DETAIL_LIMIT = 1_500;

const shown = (value: unknown): string => {
  const kind = findPersonalData(typeof value === 'string' ? value : jsonText(value));
  return kind === undefined ? shortened(value) : maskOf(kind);
};

const shownAt = (input: unknown, path: string): string => shown(valueAtPath(input, path));

/** What V8 quotes of a text may be part of a number. */
const withoutExcerpt = (message: string): string =>
  message.replace(/(?:, )?(?:\.\.\.)?".*"(?:\.\.\.)? (?=is not valid JSON)/s, ' ');

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
    return dead('not_json', withoutExcerpt((error as Error).message).slice(0, 200));
  }
  const outcome = parseEvent(input);
  if (!outcome.ok) {
    const reason = outcome.violations[0]?.rule === 'unknown_schema' ? 'unknown_schema' : 'invalid_event';
    const detail = outcome.violations.map(({ path, rule }) => `${path}: ${rule} (${shownAt(input, path)})`).join('; ');
    return dead(reason, detail.slice(0, DETAIL_LIMIT));
  }
  const { event } = outcome;
  const personal = personalFields(event);
  if (personal.length > 0) {
    return dead(
      'personal_data',
      personal.map(({ path, kind }) => `${path}: personal_data (${maskOf(kind)})`).join('; '),
    );
  }
  if (streamOfSchema[event.schema] !== stream) return dead('wrong_topic', event.schema);
  const county = registry.get(event.county);
  if (!county) return dead('unknown_county', shown(event.county));
  if (!county.regions.has(event.region_code)) return dead('unknown_region', shown(event.region_code));
  return { kind: 'store', event, county };
}

/** Reasons that a newer registry might overturn. */
export function dependsOnRegistry(verdict: Verdict): boolean {
  return verdict.kind === 'dead' && (verdict.reason === 'unknown_county' || verdict.reason === 'unknown_region');
}
