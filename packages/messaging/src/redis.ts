import type { Logger } from '@pingan/runtime';
import { Redis } from 'ioredis';

/**
 * `enqueue`: fails fast while Redis is away, the caller decides. `work`: waits for Redis as long as it takes, as BullMQ
 * workers and event listeners must.
 */
export type RedisRole = 'enqueue' | 'work';

const byRole = {
  enqueue: { enableOfflineQueue: false, maxRetriesPerRequest: 1 },
  work: { maxRetriesPerRequest: null },
} as const;

/** One connection. Outages are logged once when they begin and once when they are over. */
export function createRedis(url: string, role: RedisRole, log: Logger): Redis {
  const redis = new Redis(url, {
    ...byRole[role],
    connectTimeout: 3_000,
    retryStrategy: (attempt: number) => Math.min(2_000, 100 * 2 ** Math.min(attempt, 5)),
  });
  let down = false;
  redis.on('error', (error) => {
    if (!down) log.warn({ detail: error.message }, 'Redis 不可用，等待恢复');
    down = true;
  });
  redis.on('ready', () => {
    if (down) log.info('Redis 已恢复');
    down = false;
  });
  return redis;
}

export function redisReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => redis.once('ready', () => resolve()));
}
