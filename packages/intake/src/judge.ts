import { isUtf8 } from 'node:buffer';
import {
  type DeadLetterReason,
  maxEventBytes,
  type PingAnEvent,
  parseEvent,
  type Stream,
  streamOfSchema,
} from '@pingan/contracts';
import type { PackedMessage } from '@pingan/messaging';
import type { CountyRegistry, KnownCounty } from './registry.js';

/** What becomes of one message: it is stored, or set aside with a reason. */
export type Verdict =
  | { kind: 'store'; event: PingAnEvent; county: KnownCounty }
  | { kind: 'dead'; reason: DeadLetterReason; detail: string };

const dead = (reason: DeadLetterReason, detail: string): Verdict => ({ kind: 'dead', reason, detail });

const DETAIL_LIMIT = 1_500;

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
  return { kind: 'store', event, county };
}

/** Reasons that a newer registry might overturn. */
export function dependsOnRegistry(verdict: Verdict): boolean {
  return verdict.kind === 'dead' && (verdict.reason === 'unknown_county' || verdict.reason === 'unknown_region');
}
