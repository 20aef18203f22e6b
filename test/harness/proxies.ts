import { laneEngines } from './lane.js';
import { openPipeline } from './pipeline.js';
import { openClickHouseProxy } from './proxy-clickhouse.js';
import { openKafkaProxy } from './proxy-kafka.js';
import { openRedisProxy } from './proxy-redis.js';
import type { ServiceName } from './service.js';

/** The same login at another port. */
function elsewhere(url: string, port: number): string {
  const moved = new URL(url);
  moved.host = `127.0.0.1:${port}`;
  return moved.href.replace(/\/$/, '');
}

/** Proxies in front of all three engines. */
export async function openProxies() {
  const { endpoints } = laneEngines();
  const kafka = await openKafkaProxy(endpoints.KAFKA_BROKERS!);
  const redis = await openRedisProxy(endpoints.REDIS_URL!);
  const clickhouse = await openClickHouseProxy(endpoints.CLICKHOUSE_URL!);
  const all = [kafka, redis, clickhouse];
  return {
    kafka,
    redis,
    clickhouse,
    env: {
      KAFKA_BROKERS: `127.0.0.1:${kafka.port}`,
      REDIS_URL: elsewhere(endpoints.REDIS_URL!, redis.port),
      CLICKHOUSE_URL: elsewhere(endpoints.CLICKHOUSE_URL!, Number(new URL(clickhouse.url).port)),
    },
    /** Nothing is held any more, nothing refused. */
    clear: () => {
      for (const proxy of all) proxy.clear();
    },
    close: () => {
      for (const proxy of all) proxy.close();
    },
  };
}

export type Proxies = Awaited<ReturnType<typeof openProxies>>;

/** Sessions as short as the broker allows and short locks, so that what waits for them to run out takes seconds. */
const shortLives = { KAFKA_SESSION_MS: '6000', JOB_LOCK_MS: '1500' };

/** A pipeline in which each service reaches the engines through proxies of its own, so that a fault hits only that one. */
export async function openFaultyPipeline(
  options: {
    env?: Record<string, string>;
    only?: Partial<Record<ServiceName, Record<string, string>>>;
    /** Sessions and locks as outside of tests, where nothing waits for them to run out: a slow machine loses none. */
    usualLives?: boolean;
  } = {},
) {
  const at: Record<ServiceName, Proxies> = {
    ingestor: await openProxies(),
    aggregator: await openProxies(),
    scorer: await openProxies(),
  };
  const closeProxies = () => {
    for (const proxies of Object.values(at)) proxies.close();
  };
  try {
    const pipeline = await openPipeline({
      env: { ...(options.usualLives ? {} : shortLives), ...options.env },
      only: {
        ingestor: { ...at.ingestor.env, ...options.only?.ingestor },
        aggregator: { ...at.aggregator.env, ...options.only?.aggregator },
        scorer: { ...at.scorer.env, ...options.only?.scorer },
      },
    });
    /** Nothing is held any more, at any service. */
    const releaseAll = () => {
      for (const proxies of Object.values(at)) proxies.clear();
    };
    const close = async () => {
      releaseAll();
      await pipeline.close();
      closeProxies();
    };
    return { ...pipeline, at, releaseAll, close };
  } catch (error) {
    closeProxies();
    throw error;
  }
}

export type FaultyPipeline = Awaited<ReturnType<typeof openFaultyPipeline>>;
