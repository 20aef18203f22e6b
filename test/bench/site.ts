import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { deadLetterTopic, eventTopics, ingestorGroup } from '@pingan/contracts';
import { serviceEnv } from '@pingan/launcher';
import { kafkaAccessOf, type SupervisedProcess, startEngines, superviseProcess } from '@pingan/local-engines';
import { createKafka, createRedis, ensureTopics } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { createLogger } from '@pingan/runtime';
import { createStore, type Store } from '@pingan/store';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { until } from '../harness/poll.js';

export const quiet = createLogger('bench', 'silent');

/** Engines of the benchmark alone, in a home that is deleted afterwards, and what every measurement needs of them. */
export type Site = Awaited<ReturnType<typeof openSite>>;

export async function openSite() {
  const home = mkdtempSync(join(tmpdir(), 'pingan-bench-'));
  mkdirSync(join(home, 'logs'));
  const engines = await startEngines({
    home,
    env: { ...process.env, KAFKA_BROKERS: '', REDIS_URL: '', CLICKHOUSE_URL: '' },
  });
  const { endpoints } = engines;
  const connection = { brokers: endpoints.kafkaBrokers, access: kafkaAccessOf(endpoints, {}), log: quiet };
  const client = createKafka({ ...connection, clientId: 'bench' });
  const kafka = new Kafka({
    clientId: 'bench',
    brokers: endpoints.kafkaBrokers,
    sasl: connection.access.sasl as SASLOptions,
    logLevel: logLevel.NOTHING,
  });
  const redis = createRedis(endpoints.redisUrl, 'work', quiet);
  const clickhouse = createClient({
    url: endpoints.clickhouseUrl,
    request_timeout: 600_000,
    log: { level: ClickHouseLogLevel.OFF },
  });
  const admin = kafka.admin();
  const logAdmin = client.admin();
  await Promise.all([admin.connect(), logAdmin.connect()]);
  const open = new Set<Store>();
  const running = new Set<SupervisedProcess>();
  let databases = 0;

  const rows = async <T>(query: string, params: Record<string, unknown> = {}): Promise<T[]> =>
    (await clickhouse.query({ query, query_params: params, format: 'JSONEachRow' })).json<T>();
  const command = (query: string) => clickhouse.command({ query });

  return {
    home,
    engines,
    endpoints,
    /** How the product's own producers get to Kafka. */
    connection,
    kafka,
    logAdmin,
    redis,
    rows,
    command,

    /** Empty topics with so many partitions each. */
    async topics(partitions: number): Promise<void> {
      const wanted = [...eventTopics, deadLetterTopic];
      const ours = async () => (await admin.listTopics()).filter((topic) => wanted.includes(topic));
      const old = await ours();
      if (old.length > 0) await admin.deleteTopics({ topics: old });
      await until('topics are gone', async () => (await ours()).length === 0);
      await ensureTopics(client, { partitions, replicas: 1 });
    },

    /** As if nobody had ever read the topics: no committed offsets, nothing in Redis. */
    async forget(): Promise<void> {
      await until('the group is gone', async () => {
        const { groups } = await admin.listGroups();
        if (!groups.some(({ groupId }) => groupId === ingestorGroup)) return true;
        await admin.deleteGroups([ingestorGroup]);
        return true;
      });
      await redis.flushall();
    },

    /** A database of its own with the product's tables and the county. */
    async database(county: County): Promise<{ name: string; store: Store }> {
      databases += 1;
      const name = `bench_${databases}`;
      const store = createStore({ url: endpoints.clickhouseUrl, database: name });
      open.add(store);
      await store.migrate();
      await store.counties.save(county);
      return { name, store };
    },

    async drop({ name, store }: { name: string; store: Store }): Promise<void> {
      open.delete(store);
      await store.close();
      await command(`DROP DATABASE ${name} SYNC`);
    },

    /** A compiled module as a process of its own, with the settings the launcher gives the services. */
    run(name: string, module: URL, env: Record<string, string>): SupervisedProcess {
      const child = superviseProcess({
        name,
        modulePath: module.pathname,
        env: { ...serviceEnv(home, endpoints), ...env },
        logFile: join(home, 'logs', `${name}.log`),
      });
      running.add(child);
      return child;
    },

    async stop(children: readonly SupervisedProcess[]): Promise<void> {
      await Promise.all(children.map((child) => child.stop(20_000)));
      for (const child of children) running.delete(child);
    },

    async close(): Promise<void> {
      await Promise.all([...running].map((child) => child.stop(5_000)));
      await Promise.allSettled([...open].map((store) => store.close()));
      await Promise.allSettled([clickhouse.close(), admin.disconnect(), logAdmin.disconnect()]);
      redis.disconnect();
      await engines.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
