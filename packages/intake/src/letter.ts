import { createHash } from 'node:crypto';
import { type DeadLetter, originId, type WithheldMessage } from '@pingan/contracts';
import type { PackedMessage } from '@pingan/messaging';
import { maskedMessage } from '@pingan/privacy';
import type { Verdict } from './judge.js';

/** Enough to recognise a message; a letter is no second copy of it. */
const MASKED_CHARS = 8_192;

/** What a letter keeps of a message with personal data. */
function withheld(value: Buffer, masked: string): Buffer {
  const kept: WithheldMessage = {
    withheld: 'personal_data',
    sha256: createHash('sha256').update(value).digest('hex'),
    bytes: value.length,
    masked: masked.slice(0, MASKED_CHARS),
  };
  return Buffer.from(JSON.stringify(kept));
}

/** The dead letter about a message: no personal data in any of its parts. */
export function deadLetterOf(
  place: { topic: string; partition: number },
  message: PackedMessage,
  verdict: Verdict & { kind: 'dead' },
): DeadLetter {
  const { topic, partition } = place;
  const offset = String(message.offset);
  const value = message.value ?? Buffer.alloc(0);
  const masked = maskedMessage(value.toString('utf8'), message.key?.toString('utf8') ?? null);
  return {
    id: originId(topic, partition, offset),
    reason: verdict.reason,
    detail: verdict.detail,
    topic,
    partition,
    offset,
    key: masked.key,
    bytes: (masked.text === undefined ? value : withheld(value, masked.text)).toString('base64'),
    failed_at: new Date().toISOString(),
  };
}
