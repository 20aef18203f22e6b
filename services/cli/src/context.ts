import {
  adviceFor,
  checkEngine,
  type Endpoints,
  type EngineName,
  readEndpoints,
  resolveHome,
} from '@pingan/local-engines';
import { clickhouseAccess, createLogger, type Logger } from '@pingan/runtime';
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

export function openStore(endpoints: Endpoints): Store {
  const config = cliConfig();
  const database = config.CLICKHOUSE_DATABASE;
  return createStore({ url: endpoints.clickhouseUrl, database, ...clickhouseAccess(config) });
}

/** On a machine under load an engine that runs takes seconds to answer; one that does not run refuses at once. */
const PATIENCE_MS = 15_000;

/** @throws CommandFailure 3 naming every needed engine that does not answer. */
export async function openContext(output: Output, needed: readonly EngineName[]): Promise<Context> {
  const home = resolveHome(process.env);
  const endpoints = readEndpoints({ home, env: process.env });
  const advice = (engines: readonly EngineName[]) => adviceFor({ home, env: process.env, engines });
  if (!endpoints) throw unavailable(`没有找到正在运行的 Kafka、Redis、ClickHouse。${advice([])}`);
  const checks = await Promise.all(
    needed.map(async (engine) => ({ engine, ...(await checkEngine(engine, endpoints, process.env, PATIENCE_MS)) })),
  );
  const down = checks.filter(({ ok }) => !ok);
  if (down.length > 0) {
    const list = down.map(({ engine, detail }) => `${engineNames[engine]}（${detail}）`).join('、');
    throw unavailable(`无法使用 ${list}。${advice(down.map(({ engine }) => engine))}`);
  }
  const store = openStore(endpoints);
  await store.migrate();
  return { ...output, home, endpoints, store, log: createLogger('pingan', 'silent') };
}

export async function closeContext(context: Context): Promise<void> {
  await context.store.close();
}
