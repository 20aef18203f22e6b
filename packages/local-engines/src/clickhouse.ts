import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { type EngineSpec, STOP_DEADLINES_MS } from './engine.js';
import { EngineError } from './errors.js';
import { clickhouseModule } from './keeper.js';

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

export function clickhouseSpec(options: { dataDir: string; port: number }): EngineSpec {
  mkdirSync(options.dataDir, { recursive: true });
  const dataDir = realpathSync(options.dataDir);
  const config = join(dataDir, 'config.xml');
  writeFileSync(config, clickhouseConfig(Math.floor(totalmem() / 2)));
  const url = `http://127.0.0.1:${options.port}`;
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
      String(options.port),
      `--query=${STATEMENTS}`,
    ],
  };
  return {
    engine: 'clickhouse',
    command: process.execPath,
    args: [clickhouseModule, JSON.stringify(job)],
    cwd: dataDir,
    startTimeoutMs: 60_000,
    stopDeadlineMs: STOP_DEADLINES_MS.clickhouse,
    ready: () => servesFrom(url, path),
  };
}

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

/** Caches are bounded because the machine is shared with Kafka, Redis and the services. */
export function clickhouseConfig(memoryBytes: number): string {
  return `<clickhouse>
  <max_server_memory_usage>${memoryBytes}</max_server_memory_usage>
  <mark_cache_size>${256 * MIB}</mark_cache_size>
  <primary_index_cache_size>${256 * MIB}</primary_index_cache_size>
  <index_mark_cache_size>${64 * MIB}</index_mark_cache_size>
</clickhouse>
`;
}

/** Asks for the data directory as well: another ClickHouse may be listening on the same port. */
async function servesFrom(url: string, path: string): Promise<void> {
  const client = createClient({ url, request_timeout: 2000, log: { level: ClickHouseLogLevel.OFF } });
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
