import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '@pingan/local-engines';
import { createStore } from '@pingan/store';
import { Redis } from 'ioredis';
import { openCommands } from './cli.js';
import { clickhouseFetch } from './clickhouse-http.js';
import { openKafka } from './kafka.js';
import { laneEngines } from './lane.js';
import { createService, type FurtherName, type Service, type ServiceName } from './service.js';

const names: readonly ServiceName[] = ['ingestor', 'aggregator', 'scorer'];

async function control(verb: 'stop' | 'start' | 'kill', engine: EngineName): Promise<void> {
  const response = await fetch(`${laneEngines().control}/${verb}/${engine}`, { method: 'POST' });
  if (!response.ok) throw new Error(`${verb} ${engine}: ${await response.text()}`);
}

export const stopEngine = (engine: EngineName) => control('stop', engine);
export const startEngine = (engine: EngineName) => control('start', engine);
/** kill -9. */
export const killEngine = (engine: EngineName) => control('kill', engine);

export type Pipeline = Awaited<ReturnType<typeof openPipeline>>;

const withoutKafka = (endpoints: Record<string, string>) =>
  Object.fromEntries(Object.entries(endpoints).filter(([name]) => !name.startsWith('KAFKA_')));

/** An empty log, an empty Redis, a database of its own and fresh service processes. Close it in any case. */
export async function openPipeline(
  options: {
    env?: Record<string, string>;
    /** Engines other than those of the whole run. */
    engines?: Record<string, string>;
    /** What only one service is told, e.g. that an engine is at the place of a proxy. */
    only?: Partial<Record<ServiceName, Record<string, string>>>;
  } = {},
) {
  await Promise.all((['kafka', 'redis', 'clickhouse'] as const).map(startEngine));
  const home = mkdtempSync(join(laneEngines().home, 'pipeline-'));
  const logs = join(home, 'logs');
  mkdirSync(logs, { recursive: true });
  const database = `test_${home
    .slice(-6)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '_')}_${Date.now()}`;
  const { endpoints: own } = laneEngines();
  // A Kafka of the suite's own does not know the login of the run's.
  const endpoints = { ...(options.engines?.KAFKA_BROKERS ? withoutKafka(own) : own), ...options.engines };
  const env: Record<string, string | undefined> = {
    ...process.env,
    ...endpoints,
    PINGAN_HOME: home,
    CLICKHOUSE_DATABASE: database,
    // By itself only where that is what is tried.
    RECONCILE_AT: 'off',
    ...options.env,
  };

  const redis = new Redis(endpoints.REDIS_URL!);
  redis.on('error', () => undefined);
  await redis.flushall();
  const kafka = openKafka(endpoints.KAFKA_BROKERS!, endpoints);
  await kafka.reset();
  const store = createStore({ url: endpoints.CLICKHOUSE_URL!, database });
  await store.migrate();
  const services = Object.fromEntries(
    names.map((name) => [
      name,
      createService(name, { env: () => ({ ...env, ...options.only?.[name] }), logFile: join(logs, `${name}.log`) }),
    ]),
  ) as Record<ServiceName, Service>;
  const further: Service[] = [];
  const commands = openCommands(env, laneEngines().home);

  /** One statement, past the product's own client. */
  const ask = async (statement: string, to = database): Promise<string> => {
    const settings = { database: to, output_format_json_quote_64bit_integers: '0' };
    const response = await clickhouseFetch(endpoints.CLICKHOUSE_URL!, settings, { body: statement });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text;
  };

  const close = async (): Promise<void> => {
    await Promise.allSettled([...Object.values(services), ...further].map((service) => service.stop()));
    commands.close();
    // What is left behind would go on being merged and cleaned while other files are tried. The engine may be away.
    await ask(`DROP DATABASE IF EXISTS ${database}`, 'system').catch(() => undefined);
    await store.close();
    redis.disconnect();
  };

  try {
    // The ingestor makes the topics that the others ask about.
    await services.ingestor.start();
    await Promise.all([services.aggregator.start(), services.scorer.start()]);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    home,
    env,
    kafka,
    redis,
    store,
    services,
    /** One more process of a service, which nobody has started yet. */
    another: (name: FurtherName): Service => {
      further.push(createService(name, { env: () => env, logFile: join(logs, `${name}-${further.length + 2}.log`) }));
      return further.at(-1)!;
    },
    close,
    cli: (...args: string[]) => commands.run(args),
    /** @throws unless the command succeeds. */
    ok: async (...args: string[]) => {
      const result = await commands.run(args);
      if (result.status !== 0) throw new Error(`pingan ${args.join(' ')}: ${result.status}\n${result.stderr}`);
      return result.stdout;
    },
    command: ask,
    sql: async <T>(query: string): Promise<T[]> => {
      const text = await ask(`${query} FORMAT JSONEachRow`);
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as T);
    },
  };
}
