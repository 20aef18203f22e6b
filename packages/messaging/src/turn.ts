import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { capTimes } from './key-times.js';

const TURN_MS = 60_000;

/**
 * Does something in one process at a time: undefined when another is at it. A process that dies leaves its turn to others after a
 * minute, and one that lost Redis meanwhile may have company: what is done must bear that.
 */
export async function inTurn<T>(redis: Redis, what: string, work: () => Promise<T>): Promise<T | undefined> {
  const key = `pingan:turn:${what}`;
  const own = randomUUID();
  await capTimes(redis, [key], TURN_MS);
  if ((await redis.set(key, own, 'PX', TURN_MS, 'NX')) !== 'OK') return undefined;
  const renew = async (): Promise<void> => {
    if ((await redis.get(key)) === own) await redis.pexpire(key, TURN_MS);
  };
  const timer = setInterval(() => void renew().catch(() => undefined), TURN_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    const left = await redis.get(key).catch(() => undefined);
    if (left === own) await redis.del(key).catch(() => undefined);
  }
}
