import { createHash } from 'node:crypto';
import { withheldMessage } from '@pingan/contracts';
import { type RawMessage, readLog } from '@pingan/messaging';
import type { StoredDeadLetter } from '@pingan/store';
import { kafkaOf } from '../brokers.js';
import type { Context } from '../context.js';

const placeOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic} ${partition}`;

/**
 * The messages of letters, by the letter's id: their own bytes, or, where those are withheld because of personal data, what
 * the log has at their place. Absent is one that the log no longer has there.
 */
export async function messagesOf(
  context: Context,
  letters: readonly StoredDeadLetter[],
): Promise<Map<string, RawMessage>> {
  const messages = new Map<string, RawMessage>();
  const wanted = new Map<string, { letter: StoredDeadLetter; sha256: string }[]>();
  for (const letter of letters) {
    const value = Buffer.from(letter.bytes, 'base64');
    const withheld = withheldMessage(value.toString('utf8'));
    if (withheld === undefined) {
      const key = letter.key === null ? null : Buffer.from(letter.key);
      messages.set(letter.id, { offset: Number(letter.offset), key, value });
      continue;
    }
    const place = placeOf(letter);
    wanted.set(place, [...(wanted.get(place) ?? []), { letter, sha256: withheld.sha256 }]);
  }
  const found = await readPlaces(
    context,
    [...wanted.values()].map((one) => one.map(({ letter }) => letter)),
  );
  for (const { letter, sha256 } of [...wanted.values()].flat()) {
    const message = found.get(`${placeOf(letter)} ${letter.offset}`);
    const isSame = message?.value && createHash('sha256').update(message.value).digest('hex') === sha256;
    if (isSame) messages.set(letter.id, message);
  }
  return messages;
}

/** Messages of the log at the places of letters, by topic, partition and offset; one pass over each partition. */
async function readPlaces(context: Context, places: readonly StoredDeadLetter[][]): Promise<Map<string, RawMessage>> {
  const found = new Map<string, RawMessage>();
  const asked = new Set(places.flat().map((letter) => `${placeOf(letter)} ${letter.offset}`));
  const ranges = places.map((letters) => {
    const offsets = letters.map(({ offset }) => Number(offset));
    const { topic, partition } = letters[0]!;
    return { topic, partition, from: BigInt(Math.min(...offsets)), to: BigInt(Math.max(...offsets) + 1) };
  });
  await readLog({
    kafka: kafkaOf(context),
    ranges,
    onMessages: async (place, messages) => {
      for (const message of messages) {
        const key = `${placeOf(place)} ${message.offset}`;
        if (!asked.has(key)) continue;
        const [ownKey, value] = [message.key, message.value].map((part) => part && Buffer.from(part));
        found.set(key, { offset: message.offset, key: ownKey ?? null, value: value ?? null });
      }
    },
  });
  return found;
}
