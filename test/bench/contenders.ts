import { setTimeout as sleep } from 'node:timers/promises';
import { eventTopics, ingestorGroup, streams } from '@pingan/contracts';
import type { SupervisedProcess } from '@pingan/local-engines';
import { listServices } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { caseTable, type Store } from '@pingan/store';
import { until } from '../harness/poll.js';
import { attachKafkaTables } from './clickhouse-kafka.js';
import { type Pace, paceOf, type Sample } from './figures.js';
import { type Usage, watch } from './process-figures.js';
import type { Site } from './site.js';

const POLL_MS = 100;
const DEADLINE_MS = 900_000;

export interface Passage extends Pace {
  usage: Record<string, Usage>;
}

/** A database with the product's tables. */
export type Database = { name: string; store: Store };

const service = (name: string) => new URL(`../../../services/${name}/dist/main.js`, import.meta.url);

/** Rows in the case tables, from the table's own books: asking costs nothing. */
async function stored(site: Site, database: string): Promise<number> {
  const [found] = await site.rows<{ n: string }>(
    `SELECT sum(total_rows) AS n FROM system.tables WHERE database = {database:String} AND name IN {tables:Array(String)}`,
    { database, tables: streams.map(caseTable) },
  );
  return Number(found?.n ?? 0);
}

/** Follows the rows until so many have come to those that were there before. */
async function follow(
  site: Site,
  database: string,
  { events, startedAt, before = 0 }: { events: number; startedAt: number; before?: number },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (;;) {
    const done = (await stored(site, database)) - before;
    samples.push({ at: performance.now() - startedAt, done });
    if (done >= events) return samples;
    if (performance.now() - startedAt > DEADLINE_MS) throw new Error(`${done} of ${events} rows after 15 minutes`);
    await sleep(POLL_MS);
  }
}

export interface ProductOptions {
  county: County;
  events: number;
  aggregators: number;
  partitions: number;
  /** Where to store; a database of its own, dropped afterwards, when absent. */
  into?: Database;
}

/** Starts the services that store; they run until stopped. */
export async function startProduct(
  site: Site,
  { database, aggregators, partitions }: { database: string; aggregators: number; partitions: number },
) {
  const env = { CLICKHOUSE_DATABASE: database, TOPIC_PARTITIONS: String(partitions) };
  const workers = Array.from({ length: aggregators }, (_, i) =>
    site.run(`aggregator ${i + 1}`, service('aggregator'), env),
  );
  await until('aggregators are ready', async () => (await listServices(site.redis)).length >= aggregators);
  return { workers, startIngestor: () => site.run('ingestor', service('ingestor'), env) };
}

export const startScorer = (site: Site, database: string): SupervisedProcess =>
  site.run('scorer', service('scorer'), { CLICKHOUSE_DATABASE: database });

/** The whole path, until the last offset is committed. The scorer does not run: the others have nothing like it. */
export async function product(site: Site, options: ProductOptions): Promise<Passage> {
  await site.forget();
  const database = options.into ?? (await site.database(options.county));
  const { workers, startIngestor } = await startProduct(site, { database: database.name, ...options });
  const before = await stored(site, database.name);
  const engines = watch(site.engines.pids);
  const services = watch(Object.fromEntries(workers.map(({ name, pid }) => [name, pid])));
  const startedAt = performance.now();
  const ingestor = startIngestor();
  const intake = watch({ ingestor: ingestor.pid });
  const samples = await follow(site, database.name, { events: options.events, startedAt, before });
  await until('the last offset is committed', async () => {
    const lags = await site.logAdmin.lags(ingestorGroup);
    return lags.every(({ topic, lag }) => !eventTopics.includes(topic) || lag === 0n);
  });
  const pace = paceOf(samples, performance.now() - startedAt);
  const usage = { ...intake(), ...services(), ...engines() };
  await site.stop([ingestor, ...workers]);
  if (!options.into) await site.drop(database);
  return { ...pace, usage };
}

/** ClickHouse reads the topics itself and fills the same tables through materialized views. */
export async function clickhouseKafka(site: Site, { county, events }: { county: County; events: number }) {
  await site.forget();
  const database = await site.database(county);
  const engines = watch(site.engines.pids);
  const startedAt = performance.now();
  const detach = await attachKafkaTables(site, database.name);
  const samples = await follow(site, database.name, { events, startedAt });
  const pace = paceOf(samples, performance.now() - startedAt);
  const usage = engines();
  await detach();
  await site.drop(database);
  return { ...pace, usage };
}

/** One Node process: see `sink-main.ts`. */
export async function minimalSink(site: Site, { county, events }: { county: County; events: number }) {
  await site.forget();
  const database = await site.database(county);
  const engines = watch(site.engines.pids);
  const startedAt = performance.now();
  const sink = site.run('sink', new URL('./sink-main.js', import.meta.url), {
    CLICKHOUSE_DATABASE: database.name,
    SINK_GROUP: database.name,
  });
  const own = watch({ sink: sink.pid });
  const samples = await follow(site, database.name, { events, startedAt });
  const pace = paceOf(samples, performance.now() - startedAt);
  const usage = { ...own(), ...engines() };
  await site.stop([sink]);
  await site.drop(database);
  return { ...pace, usage };
}
