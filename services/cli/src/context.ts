import { setTimeout as sleep } from 'node:timers/promises';
import { checkEngines, type Endpoints, type EngineName, readEndpoints, resolveHome } from '@pingan/local-engines';
import { createKafka, createRedis, listServices } from '@pingan/messaging';
import { clickhouseAccess, createLogger, kafkaAccess, type Logger } from '@pingan/runtime';
import { createStore, type Store } from '@pingan/store';
import { cliConfig } from './config.js';
import { unavailable } from './failure.js';

export interface Output {
  out: (text: string) => void;
  /** Progress and remarks, apart from the result. */
  note: (text: string) => void;
}

export interface Context extends Output {
  home: string;
  endpoints: Endpoints;
  store: Store;
  log: Logger;
}

const engineNames: Record<EngineName, string> = { kafka: 'Kafka', redis: 'Redis', clickhouse: 'ClickHouse' };

const howToStart = '请先在另一个终端运行 npm start,或设置 KAFKA_BROKERS、REDIS_URL、CLICKHOUSE_URL。';

export function openStore(endpoints: Endpoints): Store {
  const config = cliConfig();
  const database = config.CLICKHOUSE_DATABASE;
  return createStore({ url: endpoints.clickhouseUrl, database, ...clickhouseAccess(config) });
}

/** @throws CommandFailure 3 naming every needed engine that does not answer. */
export async function openContext(output: Output, needed: readonly EngineName[]): Promise<Context> {
  const home = resolveHome(process.env);
  const endpoints = readEndpoints({ home, env: process.env });
  if (!endpoints) throw unavailable(`没有找到正在运行的 Kafka、Redis、ClickHouse。${howToStart}`);
  const checks = await checkEngines(endpoints, process.env);
  const down = needed.filter((engine) => !checks[engine].ok);
  if (down.length > 0) {
    const list = down.map((engine) => `${engineNames[engine]}(${checks[engine].detail})`).join('、');
    throw unavailable(`无法连接 ${list}。${howToStart}`);
  }
  const store = openStore(endpoints);
  await store.migrate();
  return { ...output, home, endpoints, store, log: createLogger('pingan', 'silent') };
}

export async function closeContext(context: Context): Promise<void> {
  await context.store.close();
}

export function kafkaOf({ endpoints, log }: Pick<Context, 'endpoints' | 'log'>): ReturnType<typeof createKafka> {
  return createKafka({
    brokers: endpoints.kafkaBrokers,
    access: kafkaAccess(cliConfig()),
    clientId: 'pingan-cli',
    log,
  });
}

/** Kafka's admin client for the time of `use`. */
export async function withAdmin<T>(
  context: Pick<Context, 'endpoints' | 'log'>,
  use: (admin: ReturnType<ReturnType<typeof createKafka>['admin']>) => Promise<T>,
): Promise<T> {
  const admin = kafkaOf(context).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function withRedis<T>(
  context: Pick<Context, 'endpoints' | 'log'>,
  use: (redis: ReturnType<typeof createRedis>) => Promise<T>,
): Promise<T> {
  const redis = createRedis(context.endpoints.redisUrl, 'work', context.log);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** Signs of life come every three seconds; right after Redis came back there are none yet. */
const LOOKS = 9;
const LOOK_MS = 500;

/** @throws CommandFailure 3 naming the services that give no sign of life. */
export async function requireServices(context: Context, names: readonly string[]): Promise<void> {
  let missing: string[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(LOOK_MS);
    const alive = new Set((await withRedis(context, listServices)).map(({ service }) => service));
    missing = names.filter((name) => !alive.has(name));
    if (missing.length === 0) return;
  }
  throw unavailable(`服务没有运行:${missing.join('、')}。请先在另一个终端运行 npm start。`);
}
