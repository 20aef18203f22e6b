import type { Redis } from 'ioredis';

/**
 * Cuts the life of keys that have more of it left than anybody gave them. Redis counts by its own clock: set back by two hours,
 * a lock of 30 seconds has two hours to live, and the job of a dead worker waits for as long. Returns how many were cut.
 */
export async function capTimes(redis: Redis, keys: readonly string[], limitMs: number): Promise<number> {
  if (keys.length === 0) return 0;
  const asked = redis.pipeline();
  for (const key of keys) asked.pttl(key);
  const answers = (await asked.exec()) ?? [];
  const tooLong = keys.filter((_, i) => Number(answers[i]?.[1] ?? -2) > limitMs);
  if (tooLong.length === 0) return 0;
  // A lock that was renewed or taken meanwhile gets the full time of a fresh one.
  const cuts = redis.pipeline();
  for (const key of tooLong) cuts.pexpire(key, limitMs);
  await cuts.exec();
  return tooLong.length;
}
