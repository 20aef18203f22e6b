import { type Stream, streams, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { createEventProducer, type OutgoingMessage } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { createLogger } from '@pingan/runtime';

const BATCH = 5_000;

/** Fills the four topics. Returns how many events and bytes were sent. */
export async function fillTopics(options: {
  brokers: string[];
  county: County;
  count: number;
  months: { from: string; count: number };
}): Promise<{ events: number; bytes: number }> {
  const producer = await createEventProducer({
    brokers: options.brokers,
    clientId: 'bench-fill',
    log: createLogger('bench', 'silent'),
    giveUpMs: 30_000,
  });
  const batches = Object.fromEntries(streams.map((stream) => [stream, [] as OutgoingMessage[]])) as Record<
    Stream,
    OutgoingMessage[]
  >;
  let events = 0;
  let bytes = 0;
  const load = loadStream({
    county: options.county,
    seed: 1,
    count: options.count,
    from: options.months.from,
    months: options.months.count,
  });
  for (const { stream, key, value } of load) {
    batches[stream].push({ key, value });
    events += 1;
    bytes += Buffer.byteLength(value);
    if (batches[stream].length === BATCH) {
      await producer.send(topicOf(stream), batches[stream]);
      batches[stream] = [];
    }
  }
  for (const stream of streams) await producer.send(topicOf(stream), batches[stream]);
  await producer.close();
  return { events, bytes };
}
