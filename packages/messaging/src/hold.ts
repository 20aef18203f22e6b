import type { Redis } from 'ioredis';
import { capTimes } from './key-times.js';

/** What may be asked to stand still for a while: reading the log; components and scores. */
export type Held = 'intake' | 'computing';

const keyOf = (what: Held) => `pingan:hold:${what}`;

/** A hold that is not renewed ends by itself: whoever asked for it may have died. */
const HOLD_MS = 15_000;

export async function hold(redis: Redis, what: Held): Promise<void> {
  await redis.set(keyOf(what), '1', 'PX', HOLD_MS);
}

export async function release(redis: Redis, what: Held): Promise<void> {
  await redis.del(keyOf(what));
}

export async function isHeld(redis: Redis, what: Held): Promise<boolean> {
  if ((await redis.exists(keyOf(what))) === 0) return false;
  await capTimes(redis, [keyOf(what)], HOLD_MS);
  return true;
}
