import { setTimeout as sleep } from 'node:timers/promises';
import { ingestorGroup, type Stream, topicOf } from '@pingan/contracts';
import { createEventProducer, type OutgoingMessage, type Watermark } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { until } from '../harness/poll.js';
import { type Database, startProduct, startScorer } from './contenders.js';
import { percentile } from './figures.js';
import { load } from './fill.js';
import type { Site } from './site.js';

const STEP_MS = 50;
const DEADLINE_MS = 120_000;

/** Messages sent together: when, how many, and the last offset written to each partition. */
interface Sent {
  atMs: number;
  count: number;
  ends: { topic: string; partition: number; lastOffset: bigint }[];
}

interface Ranked {
  atMs: number;
  watermark: Watermark;
}

export interface Latency {
  events_per_second: number;
  seconds: number;
  /** Rankings of the month that became current meanwhile. */
  rankings: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
}

const covers = (watermark: Watermark, { ends }: Sent) =>
  ends.every(({ topic, partition, lastOffset }) => BigInt(watermark[topic]?.[partition] ?? '0') > lastOffset);

async function sendAtRate(
  site: Site,
  feed: Iterator<{ stream: Stream; key: string; value: string }>,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Sent[]> {
  const producer = await createEventProducer({
    ...site.connection,
    clientId: 'bench-live',
    giveUpMs: 30_000,
  });
  const sent: Sent[] = [];
  const startedAt = Date.now();
  let made = 0;
  for (;;) {
    const elapsed = Date.now() - startedAt;
    if (elapsed >= seconds * 1000) break;
    const byStream = new Map<Stream, OutgoingMessage[]>();
    const atMs = Date.now();
    let count = 0;
    for (; made < (elapsed / 1000) * rate; made += 1) {
      const { value: event, done } = feed.next();
      if (done) throw new Error('the feed is too short');
      byStream.set(event.stream, [...(byStream.get(event.stream) ?? []), { key: event.key, value: event.value }]);
      count += 1;
    }
    const batch: Sent = { atMs, count, ends: [] };
    for (const [stream, messages] of byStream) {
      const topic = topicOf(stream);
      for (const end of await producer.send(topic, messages)) batch.ends.push({ topic, ...end });
    }
    if (count > 0) sent.push(batch);
    await sleep(Math.max(0, STEP_MS - (Date.now() - atMs)));
  }
  await producer.close();
  return sent;
}

/**
 * From an event's being handed to the producer until a ranking that counts it is the one that readers see, at steady rates.
 * Every event belongs to the last complete month, so every refresh moves that month's ranking; the services are the three
 * that the launcher starts, on a store that is already full.
 */
export async function latencies(
  site: Site,
  options: {
    county: County;
    database: Database;
    aggregators: number;
    partitions: number;
    month: string;
    rates: readonly number[];
    seconds: number;
    seed: number;
  },
): Promise<Latency[]> {
  const { county, database, month, rates, seconds } = options;
  const { workers, startIngestor } = await startProduct(site, { ...options, database: database.name });
  const services = [...workers, startIngestor(), startScorer(site, database.name)];
  const history = async (): Promise<Ranked[]> => {
    const found = await site.rows<{ at: string; watermark: string }>(
      `SELECT toUnixTimestamp64Micro(activated_at) AS at, watermark FROM ${database.name}.run_current AS c
      INNER JOIN (SELECT run_id, any(watermark) AS watermark FROM ${database.name}.runs GROUP BY run_id) AS r USING (run_id)
      WHERE c.county = {county:String} AND c.period = {period:Date} ORDER BY at`,
      { county: county.code, period: `${month}-01` },
    );
    return found.map(({ at, watermark }) => ({
      atMs: Number(at) / 1000,
      watermark: JSON.parse(watermark) as Watermark,
    }));
  };
  const settled = async () => {
    const lags = await site.logAdmin.lags(ingestorGroup);
    const [ranked, state] = await Promise.all([history(), database.store.components.state(county.code)]);
    const end = lags.every(({ lag }) => lag === 0n);
    const refreshed = lags.every(
      ({ topic, partition, end }) => BigInt(state?.watermark[topic]?.[partition] ?? '0') >= end,
    );
    return end && refreshed && ranked.length > 0;
  };
  const feed = load({
    county,
    count: Math.ceil(rates.reduce((sum, rate) => sum + rate * seconds, 0) * 1.1) + 1_000,
    months: { from: month, count: 1 },
    seed: options.seed,
  });
  /** Cases of their own, not versions of those that are stored. */
  const own = (function* () {
    for (const { stream, key, value } of feed) {
      yield { stream, key: `${key}-live`, value: value.replace(/("case_id":"[^"]*)"/, '$1-live"') };
    }
  })();
  const results: Latency[] = [];
  await until('the store is ranked', settled, { deadlineMs: DEADLINE_MS, everyMs: 500 });
  for (const rate of rates) {
    const before = (await history()).length;
    const sent = await sendAtRate(site, own, { rate, seconds });
    const ranked = await until(
      'all events are ranked',
      async () => {
        const rankings = (await history()).slice(before);
        // The newest batch has no event in some partitions; in those an older one is the last.
        const covered = (batch: Sent) => rankings.some(({ watermark }) => covers(watermark, batch));
        return sent.every(covered) ? rankings : undefined;
      },
      { deadlineMs: DEADLINE_MS, everyMs: 500 },
    );
    const values = sent.map((batch) => {
      const seen = ranked.find(({ watermark }) => covers(watermark, batch))!;
      return { value: seen.atMs - batch.atMs, weight: batch.count };
    });
    const at = (share: number) => Math.round(percentile(values, share));
    const events = sent.reduce((sum, { count }) => sum + count, 0);
    results.push({
      events_per_second: Math.round(events / seconds),
      seconds,
      rankings: ranked.length,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
    });
  }
  await site.stop(services);
  return results;
}
