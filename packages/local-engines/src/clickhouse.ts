import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { PATIENCE_MS } from '@pingan/runtime';
import { type EngineSpec, STOP_DEADLINES_MS } from './engine.js';
import { EngineError } from './errors.js';
import { type Owner, writeFileAtomic } from './files.js';
import { AUTHORIZATION_VARIABLE, clickhouseModule } from './keeper.js';
import { ENGINE_USER } from './types.js';

export interface ClickHouseJob {
  library: string;
  /** Where the engine will listen. */
  url: string;
  args: string[];
}

/** Serves HTTP for as long as the last statement runs. */
const STATEMENTS =
  'SYSTEM START LISTEN HTTP; SELECT sleepEachRow(1) FROM system.numbers FORMAT Null SETTINGS max_block_size=1';
const MIB = 1024 * 1024;

export const clickhouseUrl = (port: number, password: string) => `http://${ENGINE_USER}:${password}@127.0.0.1:${port}`;

export function clickhouseSpec(options: {
  dataDir: string;
  port: number;
  password: string;
  runAs?: Owner | undefined;
}): EngineSpec {
  const { port, password, runAs } = options;
  const dataDir = realpathSync(options.dataDir);
  const config = join(dataDir, 'config.xml');
  const users = join(dataDir, 'users.xml');
  writeFileAtomic(users, clickhouseUsers(password), runAs);
  writeFileAtomic(config, clickhouseConfig({ memoryBytes: Math.floor(totalmem() / 2), users }), runAs);
  const url = `http://127.0.0.1:${port}`;
  const path = join(dataDir, 'data');
  const job: ClickHouseJob = {
    library: clickhouseLibrary(),
    url,
    args: [
      'clickhouse',
      `--config-file=${config}`,
      `--path=${path}`,
      '--listen_host',
      '127.0.0.1',
      '--http_port',
      String(port),
      `--query=${STATEMENTS}`,
    ],
  };
  return {
    engine: 'clickhouse',
    command: process.execPath,
    args: [clickhouseModule, JSON.stringify(job)],
    cwd: dataDir,
    env: {
      [AUTHORIZATION_VARIABLE]: `Basic ${Buffer.from(`${ENGINE_USER}:${password}`).toString('base64')}`,
    },
    runAs,
    startTimeoutMs: 180_000,
    stopDeadlineMs: STOP_DEADLINES_MS.clickhouse,
    ready: () => servesFrom({ url, password, path }),
  };
}

/** What the engine's user must be able to read. */
export const clickhousePrograms = (): string[] => [
  process.execPath,
  clickhouseModule,
  createRequire(import.meta.url).resolve('ffi-rs'),
  clickhouseLibrary(),
];

/** The engine inside chdb's package for this platform. */
export function clickhouseLibrary(): string {
  const chdb = createRequire(createRequire(import.meta.url).resolve('chdb'));
  const platform = `@chdb/lib-${process.platform}-${process.arch}`;
  for (const name of [`${platform}-gnu`, platform]) {
    try {
      return chdb.resolve(`${name}/libchdb.so`);
    } catch {
      // The other name is tried next.
    }
  }
  throw new EngineError({
    code: 'prerequisite-missing',
    engine: 'clickhouse',
    message: `没有适合本机的 ClickHouse 引擎包（${platform}）。`,
    hint: '支持 Linux（glibc）与 macOS 的 x64、arm64。请重新执行 pnpm install，或用 CLICKHOUSE_URL 指向已有的 ClickHouse。',
  });
}

/**
 * Caches are bounded because the machine is shared with Kafka, Redis and the services. A request without the header is
 * answered with 404 before anything of it is looked at, whether it comes from another user or from a web page.
 */
function clickhouseConfig(options: { memoryBytes: number; users: string }): string {
  const closed = (handler: string, url = '') =>
    `<rule>${url}<headers><Authorization from_env="${AUTHORIZATION_VARIABLE}"/></headers><handler>${handler}</handler></rule>`;
  return `<clickhouse>
  <max_server_memory_usage>${options.memoryBytes}</max_server_memory_usage>
  <asynchronous_metrics_update_period_s>60</asynchronous_metrics_update_period_s>
  <mark_cache_size>${256 * MIB}</mark_cache_size>
  <primary_index_cache_size>${256 * MIB}</primary_index_cache_size>
  <index_mark_cache_size>${64 * MIB}</index_mark_cache_size>
  <users_config>${xmlText(options.users)}</users_config>
  <http_handlers>
    ${closed('<type>ping</type>', '<url>/ping</url>')}
    ${closed('<type>dynamic_query_handler</type><query_param_name>query</query_param_name>')}
  </http_handlers>
</clickhouse>
`;
}

const xmlText = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Table engines that reach nothing but the data directory, and Kafka's, which the benchmark compares with. */
const TABLE_ENGINES = ['Atomic', 'MergeTree', 'ReplacingMergeTree', 'AggregatingMergeTree', 'Memory', 'Kafka'];

/**
 * `pingan` may do what the product and its tests need. READ and WRITE on FILE, URL and other sources are not among it, so
 * that table functions and engines reach no file and no other machine. `default` is the session that holds the engine
 * and opens the port; over HTTP nobody gets as far as its empty password. In homes of former versions views run with its
 * rights, so it keeps them. Dashboards do not ask through the product's client, which turns compilation off for itself
 * (see `client.ts` of the store): the profile does it for them.
 */
function clickhouseUsers(password: string): string {
  const grants = [
    `GRANT SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE TEMPORARY TABLE, DROP DATABASE, DROP TABLE,
      DROP VIEW, TRUNCATE, OPTIMIZE, SHOW, BACKUP, KILL QUERY, SYSTEM MERGES, SYSTEM FLUSH ON *.*`,
    ...TABLE_ENGINES.map((engine) => `GRANT TABLE ENGINE ON ${engine}`),
    'GRANT READ ON KAFKA',
  ];
  const rights = (list: readonly string[]) =>
    `<grants>${list.map((grant) => `<query>${grant}</query>`).join('')}</grants>`;
  const user = (login: string, list: readonly string[]) =>
    `${login}<networks><ip>::1</ip><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>${rights(list)}`;
  const hash = createHash('sha256').update(password).digest('hex');
  return `<clickhouse>
  <profiles><default>
    <compile_expressions>0</compile_expressions>
    <compile_aggregate_expressions>0</compile_aggregate_expressions>
    <compile_sort_description>0</compile_sort_description>
  </default></profiles>
  <quotas><default/></quotas>
  <users>
    <default>${user('<password/>', [...grants, 'GRANT SYSTEM LISTEN ON *.*'])}</default>
    <${ENGINE_USER}>${user(`<password_sha256_hex>${hash}</password_sha256_hex>`, grants)}</${ENGINE_USER}>
  </users>
</clickhouse>
`;
}

/** Asks for the data directory as well: another ClickHouse may be listening on the same port. */
async function servesFrom(options: { url: string; password: string; path: string }): Promise<void> {
  const { url, password, path } = options;
  const client = createClient({
    url,
    username: ENGINE_USER,
    password,
    request_timeout: PATIENCE_MS,
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    const result = await client.query({
      query: `SELECT path FROM system.disks WHERE name = 'default'`,
      format: 'JSONEachRow',
    });
    const [row] = await result.json<{ path: string }>();
    if (row?.path !== `${path}/`) throw new Error(`served from ${row?.path ?? 'an unknown directory'}`);
  } finally {
    await client.close();
  }
}
