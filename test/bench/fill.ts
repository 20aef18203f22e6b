import { addMonths, type Stream, streams, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { createEventProducer, type OutgoingMessage } from '@pingan/messaging';
import { type County, localMonthStart } from '@pingan/regions';
import type { Site } from './site.js';

const BATCH = 2_000;

export interface FillOptions {
  county: County;
  count: number;
  months: { from: string; count: number };
  seed: number;
}

export interface Filled {
  events: number;
  bytes: number;
}

/** The load of a benchmark: the same options give the same events. */
export function load({ county, count, months, seed }: FillOptions): ReturnType<typeof loadStream> {
  const knownAt = localMonthStart(addMonths(months.from, months.count), county.timeZone);
  return loadStream({ county, seed, count, from: months.from, months: months.count, knownAt });
}

/** Fills the four topics. Returns how many events and bytes were sent. */
export async function fillTopics(connection: Site['connection'], options: FillOptions): Promise<Filled> {
  const producer = await createEventProducer({ ...connection, clientId: 'bench-fill', giveUpMs: 30_000 });
  const batches = Object.fromEntries(streams.map((stream) => [stream, [] as OutgoingMessage[]])) as Record<
    Stream,
    OutgoingMessage[]
  >;
  const filled = { events: 0, bytes: 0 };
  for (const { stream, key, value } of load(options)) {
    batches[stream].push({ key, value });
    filled.events += 1;
    filled.bytes += Buffer.byteLength(value);
    if (batches[stream].length === BATCH) {
      await producer.send(topicOf(stream), batches[stream]);
      batches[stream] = [];
    }
  }
  for (const stream of streams) await producer.send(topicOf(stream), batches[stream]);
  await producer.close();
  return filled;
}
