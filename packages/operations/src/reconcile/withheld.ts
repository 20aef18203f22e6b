import { createHash } from 'node:crypto';
import { epochOf, ingestorGroup, offsetOf, positionOf, withheldMessage } from '@pingan/contracts';
import { type RawMessage, readLog } from '@pingan/messaging';
import type { StoredDeadLetter } from '@pingan/store';
import { kafkaOf, withAdmin } from '../brokers.js';
import type { Installation } from '../installation.js';

const placeOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic} ${partition}`;

/**
 * The messages of letters, by the letter's id: their own bytes, or, where those are withheld because of personal data, what
 * the log has at their place. Absent is one that the log no longer has there. A letter does not say when its message was written: it
 * was set aside a moment later, and what is judged by that time must not be judged by today's.
 */
export async function messagesOf(
  installation: Installation,
  letters: readonly StoredDeadLetter[],
): Promise<Map<string, RawMessage>> {
  const messages = new Map<string, RawMessage>();
  const wanted = new Map<string, { letter: StoredDeadLetter; sha256: string }[]>();
  for (const letter of letters) {
    const value = Buffer.from(letter.bytes, 'base64');
    const withheld = withheldMessage(value.toString('utf8'));
    if (withheld === undefined) {
      const key = letter.key === null ? null : Buffer.from(letter.key);
      messages.set(letter.id, { offset: Number(letter.offset), timestamp: Date.parse(letter.failed_at), key, value });
      continue;
    }
    const place = placeOf(letter);
    wanted.set(place, [...(wanted.get(place) ?? []), { letter, sha256: withheld.sha256 }]);
  }
  const found = await readPlaces(
    installation,
    [...wanted.values()].map((one) => one.map(({ letter }) => letter)),
  );
  for (const { letter, sha256 } of [...wanted.values()].flat()) {
    const message = found.get(`${placeOf(letter)} ${letter.offset}`);
    const isSame = message?.value && createHash('sha256').update(message.value).digest('hex') === sha256;
    if (isSame) messages.set(letter.id, message);
  }
  return messages;
}

/**
 * Messages of the log at the places of letters, by topic, partition and position; one pass over each partition. Places that lie in
 * an earlier log, or that Kafka has deleted, have none.
 */
async function readPlaces(
  installation: Installation,
  places: readonly StoredDeadLetter[][],
): Promise<Map<string, RawMessage>> {
  const found = new Map<string, RawMessage>();
  if (places.length === 0) return found;
  const state = await withAdmin(installation, (admin) => admin.state(ingestorGroup));
  const epochs = new Map((await installation.store.logs.known()).map(({ topic, epoch }) => [topic, epoch]));
  const epochIn = (topic: string) => epochs.get(topic) ?? 0;
  const asked = new Set(places.flat().map((letter) => `${placeOf(letter)} ${letter.offset}`));
  const ranges = places.flatMap((letters) => {
    const { topic, partition } = letters[0]!;
    const held = state.topics.find((one) => one.topic === topic)?.partitions.find((one) => one.partition === partition);
    const offsets = letters
      .filter(({ offset }) => epochOf(offset) === epochIn(topic))
      .map(({ offset }) => BigInt(offsetOf(offset)))
      .filter((offset) => held !== undefined && offset >= held.low && offset < held.end)
      .sort((a, b) => (a < b ? -1 : 1));
    return offsets.length === 0 ? [] : [{ topic, partition, from: offsets[0]!, to: offsets.at(-1)! + 1n }];
  });
  await readLog({
    kafka: kafkaOf(installation),
    ranges,
    onMessages: async (place, messages) => {
      for (const message of messages) {
        const offset = positionOf(epochIn(place.topic), message.offset);
        const key = `${placeOf(place)} ${offset}`;
        if (!asked.has(key)) continue;
        const [ownKey, value] = [message.key, message.value].map((part) => part && Buffer.from(part));
        found.set(key, { offset, timestamp: message.timestamp, key: ownKey ?? null, value: value ?? null });
      }
    },
  });
  return found;
}
