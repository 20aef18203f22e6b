import { join } from 'node:path';
import { unavailable } from '@pingan/contracts';
import {
  adviceFor,
  checkEngine,
  type Endpoints,
  type EngineName,
  readEndpoints,
  resolveHome,
} from '@pingan/local-engines';
import type { Installation } from '@pingan/operations';
import { clickhouseAccess, createLogger, kafkaAccess, PATIENCE_MS } from '@pingan/runtime';
import { createStore } from '@pingan/store';
import type { Paint } from './colour.js';
import { cliConfig } from './config.js';

export interface Output {
  out: (text: string) => void;
  /** Progress and remarks, apart from the result. */
  note: (text: string) => void;
  /** Only where a person looks at a terminal with colours: prints what is escaped already, as a table's cells are. */
  coloured?: (render: (paint: Paint) => string) => void;
}

/** What a command works on, and where it prints. */
export interface Context extends Output, Installation {}

const engineNames: Record<EngineName, string> = { kafka: 'Kafka', redis: 'Redis', clickhouse: 'ClickHouse' };

/** The installation at these endpoints, as the environment says how to log in. Nothing is connected to. */
export function openInstallation(home: string, endpoints: Endpoints): Installation {
  const config = cliConfig();
  const clickhouse = { database: config.CLICKHOUSE_DATABASE, ...clickhouseAccess(config) };
  return {
    home,
    inbox: config.INBOX_DIR ?? join(home, 'inbox'),
    endpoints,
    kafka: kafkaAccess(config),
    clickhouse,
    store: createStore({ ...clickhouse, url: endpoints.clickhouseUrl }),
    howToStart: () => adviceFor({ home, env: process.env, engines: [] }),
    log: createLogger('pingan', 'silent'),
  };
}

/** @throws Refusal (unavailable) naming every needed engine that does not answer. */
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
  const installation = openInstallation(home, endpoints);
  await installation.store.migrate();
  return { ...output, ...installation };
}

export async function closeContext({ store }: Pick<Context, 'store'>): Promise<void> {
  await store.close();
}
