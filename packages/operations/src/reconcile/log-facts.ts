import { positionOf, type Stream, streamOfTopic, unavailable } from '@pingan/contracts';
import { type CountyRegistry, type Epochs, judge } from '@pingan/intake';
import { type LogRange, LogReadError, MessagePack, type RawMessage, readLog, unpackMessages } from '@pingan/messaging';
import { CaseFacts, type VersionKey } from '@pingan/store';
import { kafkaOf } from '../brokers.js';
import type { Installation } from '../installation.js';
import type { Differences } from './differences.js';

/** One message of the log: the version it should be stored as, or that it should be set aside. */
export type LogFact =
  /** `key`: the version it was stored as if it came before the rule that refuses it. */
  | { kind: 'dead'; message: RawMessage; key: VersionKey | undefined }
  | {
      kind: 'store';
      message: RawMessage;
      key: VersionKey;
      fingerprint: bigint;
      region: string;
      day: string;
    };

export interface LogPlace {
  stream: Stream;
  partition: number;
}

export interface CompareOptions {
  county?: string | undefined;
  differences: Differences;
  /** Is given the messages of one block that should be stored, or set aside, and are not. */
  onMissing?: ((place: LogPlace, messages: RawMessage[]) => Promise<void>) | undefined;
}

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** Local day `YYYY-MM-DD` of an instant. */
export function dayIn(ms: number, timeZone: string): string {
  let format = dayFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    dayFormats.set(timeZone, format);
  }
  return format.format(ms);
}

/**
 * Reads ranges of the event topics and judges every message with the registry as it is now. Ranges are offsets, what is handed
 * on has positions.
 * @throws Refusal (unavailable) when the log cannot be read as it is.
 */
export async function readFacts(
  installation: Installation,
  options: {
    registry: CountyRegistry;
    epochs: Epochs;
    ranges: readonly LogRange[];
    onFacts: (place: LogPlace, facts: LogFact[]) => Promise<void> | void;
  },
): Promise<void> {
  const { registry, epochs, ranges, onFacts } = options;
  const makers = new Map<Stream, CaseFacts>();
  const pack = new MessagePack();
  await readLog({
    kafka: kafkaOf(installation),
    ranges,
    onMessages: async ({ topic, partition }, read) => {
      const epoch = epochs.get(topic) ?? 0;
      const messages = read.map((message) => ({ ...message, offset: positionOf(epoch, message.offset) }));
      const stream = streamOfTopic(topic)!;
      const maker = makers.get(stream) ?? new CaseFacts(stream);
      makers.set(stream, maker);
      pack.clear();
      for (const message of messages) pack.add(message);
      let at = 0;
      const facts: LogFact[] = [];
      for (const packed of unpackMessages(pack.bytes())) {
        const message = messages[at++]!;
        const verdict = judge(stream, packed, registry, partition);
        if (verdict.kind === 'left_out') continue;
        const stored = verdict.kind === 'store' ? verdict : verdict.once;
        if (stored === undefined) {
          facts.push({ kind: 'dead', message, key: undefined });
          continue;
        }
        const { event, county } = stored;
        const { timeZone } = county.county;
        const { fingerprint, digest, occurredMs } = maker.of(event, { partition, offset: message.offset, timeZone });
        const { county: code, source, case_id, version, region_code: region } = event;
        const key = { county: code, source, case_id, version, digest };
        if (verdict.kind === 'dead') facts.push({ kind: 'dead', message, key });
        else facts.push({ kind: 'store', message, key, fingerprint, region, day: dayIn(occurredMs, timeZone) });
      }
      await onFacts({ stream, partition }, facts);
    },
  }).catch((error: unknown) => {
    throw error instanceof LogReadError ? unavailable(error.message) : error;
  });
}
