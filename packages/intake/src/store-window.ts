import {
  type DeadLetter,
  deadLetter,
  deadLetterTopic,
  type StoreJob,
  streamOfTopic,
  windowName,
} from '@pingan/contracts';

import { type EventProducer, type PackedMessage, type storeMeter, unpackMessages } from '@pingan/messaging';
import { CaseRows, type Store } from '@pingan/store';
import { dependsOnRegistry, judge } from './judge.js';
import { deadLetterOf } from './letter.js';
import type { CountyRegistry } from './registry.js';

export interface WindowContext {
  store: Store;
  registry: CountyRegistry;
  deadLetters: Pick<EventProducer, 'send'>;
  meter: ReturnType<typeof storeMeter>;
}

export interface WindowResult {
  stored: number;
  dead: number;
  /** Counties with new rows: their components are behind. */
  counties: string[];
}

/** Well below what the topic takes in one request; one letter alone may be larger. */
const REQUEST_BYTES = 1024 * 1024;

/** A whole window of bad messages is more than Kafka takes at once. */
async function sendLetters(producer: WindowContext['deadLetters'], letters: readonly DeadLetter[]): Promise<void> {
  let batch: { key: string; value: string }[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const value = JSON.stringify(letter);
    if (batch.length > 0 && bytes + value.length > REQUEST_BYTES) {
      await producer.send(deadLetterTopic, batch);
      batch = [];
      bytes = 0;
    }
    batch.push({ key: letter.id, value });
    bytes += value.length;
  }
  await producer.send(deadLetterTopic, batch);
}

/** A dead letter that cannot be read is kept as one about itself. */
function readDeadLetter(window: StoreJob, message: PackedMessage): DeadLetter {
  try {
    return deadLetter.parse(JSON.parse(message.value?.toString('utf8') ?? ''));
  } catch {
    return deadLetterOf(window, message, { kind: 'dead', reason: 'unreadable_dead_letter', detail: '' });
  }
}

/**
 * Stores one window: dead letters to their topic, then all good events in one insert whose token is the window's name.
 * Safe to repeat at any point; throws when an engine is away, and the job is tried again.
 */
export async function storeWindow(window: StoreJob, packed: Buffer, context: WindowContext): Promise<WindowResult> {
  const token = windowName(window);
  if (window.topic === deadLetterTopic) {
    const letters = Array.from(unpackMessages(packed), (message) => readDeadLetter(window, message));
    await context.store.deadLetters.insert(letters, token);
    context.meter.onStored(window.topic, letters.length);
    return { stored: letters.length, dead: 0, counties: [] };
  }
  const stream = streamOfTopic(window.topic);
  if (!stream) throw new Error(`no stream has the topic ${window.topic}`);

  const letters: DeadLetter[] = [];
  const rows = new CaseRows(stream, packed.length);
  const counties = new Set<string>();
  /** A county or region may have been added since the registry was loaded: these are judged once more. */
  const doubtful: PackedMessage[] = [];
  const sort = (message: PackedMessage, isLast: boolean): void => {
    const verdict = judge(stream, message, context.registry, window.partition);
    if (verdict.kind === 'store') {
      const { timeZone, code } = verdict.county.county;
      counties.add(code);
      rows.add(verdict.event, { partition: window.partition, offset: message.offset, timeZone });
    } else if (verdict.kind === 'left_out') return;
    else if (!isLast && dependsOnRegistry(verdict)) doubtful.push(message);
    else letters.push(deadLetterOf(window, message, verdict));
  };
  for (const message of unpackMessages(packed)) sort(message, false);
  if (doubtful.length > 0) {
    await context.registry.load();
    for (const message of doubtful) sort(message, true);
  }
  await sendLetters(context.deadLetters, letters);
  if (rows.count > 0) {
    const begunAt = performance.now();
    await context.store.cases.insertWindow(stream, rows, token);
    context.meter.onInserted(stream, (performance.now() - begunAt) / 1000);
  }
  context.meter.onStored(window.topic, rows.count);
  for (const { reason } of letters) context.meter.onDead(reason);
  return { stored: rows.count, dead: letters.length, counties: [...counties] };
}
