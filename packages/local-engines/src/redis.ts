import { join } from 'node:path';
import { PATIENCE_MS } from '@pingan/runtime';
import type { Redis } from 'ioredis';
import { type EngineSpec, STOP_DEADLINES_MS } from './engine.js';
import { type Owner, writeFileAtomic } from './files.js';

export const redisUrl = (port: number, password: string) => `redis://default:${password}@127.0.0.1:${port}`;

export function redisSpec(options: {
  dataDir: string;
  port: number;
  password: string;
  executable: string;
  runAs?: Owner | undefined;
}): EngineSpec {
  const { dataDir, port, password, executable, runAs } = options;
  // Not an argument, which any user could see.
  writeFileAtomic(join(dataDir, 'redis.conf'), `requirepass ${password}\n`, runAs);
  const url = redisUrl(port, password);
  return {
    engine: 'redis',
    command: executable,
    args: [
      ['redis.conf'],
      ['--bind', '127.0.0.1'],
      ['--port', String(port)],
      ['--dir', '.'],
      ['--appendonly', 'yes'],
      ['--save', ''],
      // BullMQ's jobs must never be evicted.
      ['--maxmemory-policy', 'noeviction'],
      ['--daemonize', 'no'],
      ['--always-show-logo', 'no'],
    ].flat(),
    cwd: dataDir,
    runAs,
    startTimeoutMs: 120_000,
    stopDeadlineMs: STOP_DEADLINES_MS.redis,
    ready: (pid) => servesAs(url, pid),
  };
}

/** A client that tries once and gives up, for probing. */
export async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>, ms = PATIENCE_MS): Promise<T> {
  // Loaded where it is needed: most commands never ask Redis.
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ms,
    commandTimeout: ms,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  });
  // The rejected call tells the same; without a listener ioredis prints it.
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Compares the process as well: another Redis may be listening on the same port. */
async function servesAs(url: string, pid: number): Promise<void> {
  await withRedis(url, async (redis) => {
    const info = await redis.info();
    if (!info.includes(`process_id:${pid}\r\n`)) throw new Error('another Redis answers on this port');
    if (!info.includes('loading:0\r\n')) throw new Error('loading its data');
  });
}
