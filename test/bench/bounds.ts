import { eventTopics, parseEvent, type Stream, storeJob, streams, topicOf, windowName } from '@pingan/contracts';
import {
  createRedis,
  dropWindowBytes,
  fetchWindowBytes,
  openHeardQueue,
  startWorker,
  WindowCutter,
  WindowStorer,
} from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { CaseRows } from '@pingan/store';
import { type FillOptions, load } from './fill.js';
import { quiet, type Site } from './site.js';

const WINDOW = 8_000;
const IN_FLIGHT = 6;
const WORKERS = 3;
/** Windows are prepared beforehand and handed in again and again, under other names: their content is not looked at. */
const DISTINCT_WINDOWS = 16;

const rate = (events: number, startedAt: number) => (events / (performance.now() - startedAt)) * 1000;

/** Bound: reading the filled topics and nothing else. Events per second. */
export async function consumeOnly(site: Site, events: number): Promise<number> {
  const consumer = site.kafka.consumer({ groupId: `bench-consume-${Date.now()}`, maxBytesPerPartition: 512 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...eventTopics], fromBeginning: true });
  let first = 0;
  let startedAt = 0;
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    void consumer
      .run({
        autoCommit: false,
        partitionsConsumedConcurrently: 8,
        eachBatch: async ({ batch }) => {
          seen += batch.messages.length;
          if (startedAt === 0) {
            startedAt = performance.now();
            first = seen;
          }
          if (seen >= events) resolve();
        },
      })
      .catch(reject);
  });
  const result = rate(events - first, startedAt);
  await consumer.disconnect();
  return result;
}

/** Runs tasks 0…count − 1, so many at a time. */
async function inFlight(count: number, width: number, task: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const i = next;
      next += 1;
      await task(i);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Bound: windows of packed messages through Redis and the queue, in one process, as the services hand them over. */
export async function hopOnly(site: Site, options: FillOptions): Promise<number> {
  await site.forget();
  const place = { topic: topicOf('police'), partition: 0 };
  const cutter = new WindowCutter(place, { messages: WINDOW, bytes: Number.MAX_SAFE_INTEGER });
  const packs: Buffer[] = [];
  let offset = 0;
  for (const { key, value } of load({ ...options, count: WINDOW * DISTINCT_WINDOWS })) {
    const window = cutter.add({ offset, timestamp: Date.now(), key: Buffer.from(key), value: Buffer.from(value) }, 0);
    if (window) packs.push(window.packed);
    offset += 1;
  }
  const { queue, events, enqueue, close } = await openHeardQueue('store', {
    redisUrl: site.endpoints.redisUrl,
    log: quiet,
  });
  const work = createRedis(site.endpoints.redisUrl, 'work', quiet);
  const worker = startWorker('store', {
    connection: work,
    queue,
    concurrency: WORKERS,
    lockMs: 30_000,
    payload: storeJob,
    log: quiet,
    handle: async (window) => {
      await fetchWindowBytes(enqueue, windowName(window));
      await dropWindowBytes(enqueue, windowName(window));
    },
  });
  const storer = new WindowStorer({ redis: enqueue, queue, events, log: quiet, signal: new AbortController().signal });
  const windows = Math.max(DISTINCT_WINDOWS, Math.round(options.count / WINDOW));
  const startedAt = performance.now();
  await inFlight(windows, IN_FLIGHT, async (i) => {
    const first = String(i * WINDOW);
    const packed = packs[i % packs.length]!;
    const last = String((i + 1) * WINDOW - 1);
    await storer.store({ ...place, first, last, count: WINDOW, since: 0, packed, release: () => undefined });
  });
  const result = rate(windows * WINDOW, startedAt);
  await worker.close();
  work.disconnect();
  await close();
  return result;
}

/** Bound: blocks of all streams, made beforehand, into the case tables. */
export async function insertOnly(site: Site, options: FillOptions & { county: County }): Promise<number> {
  const database = await site.database(options.county);
  const blocks: { stream: Stream; rows: CaseRows }[] = [];
  const open = Object.fromEntries(streams.map((stream) => [stream, new CaseRows(stream, 1 << 20)])) as Record<
    Stream,
    CaseRows
  >;
  let offset = 0;
  for (const { stream, value } of load(options)) {
    const outcome = parseEvent(JSON.parse(value));
    if (!outcome.ok) throw new Error('the load has an unsound event');
    open[stream].add(outcome.event, { partition: 0, offset, timeZone: options.county.timeZone });
    offset += 1;
    if (open[stream].count === WINDOW) {
      blocks.push({ stream, rows: open[stream] });
      open[stream] = new CaseRows(stream, 1 << 20);
    }
  }
  const events = blocks.length * WINDOW;
  const startedAt = performance.now();
  await inFlight(blocks.length, WORKERS, async (i) => {
    const { stream, rows } = blocks[i]!;
    await database.store.cases.insertWindow(stream, rows, `insert-only-${i}`);
  });
  const result = rate(events, startedAt);
  await site.drop(database);
  return result;
}
