import { type QueueName, queueNames } from '@pingan/contracts';
import type { Redis } from 'ioredis';
import { until } from './poll.js';

const queues = Object.keys(queueNames) as QueueName[];

/** The parts of a job that BullMQ or its scripts parse, and what cannot be. */
const broken = { data: 'no json at all', opts: '{"cut', progress: 'half', parent: 'null' };

export const unreadableParts = Object.keys(broken) as (keyof typeof broken)[];

/** Leaves a job in each queue for each part that cannot be read, as anyone may who reaches Redis. */
export async function leaveUnreadableJobs(redis: Redis): Promise<void> {
  for (const name of queues) {
    for (const part of unreadableParts) {
      const job = { name: 'run', data: '{}', parentKey: 'pingan:store:x', [part]: broken[part] };
      await redis.hset(`pingan:${name}:junk-${part}`, job);
      await redis.lpush(`pingan:${name}:wait`, `junk-${part}`);
    }
    // The marker is what wakes a worker.
    await redis.zadd(`pingan:${name}:marker`, 0, '0');
  }
}

/** Waits until none of them is left where it would hold up others. */
export const unreadableJobsSetAside = (redis: Redis): Promise<unknown> =>
  until('all unreadable jobs are set aside', async () => {
    const jobs = queues.flatMap((name) => unreadableParts.map((part) => [name, part] as const));
    const scores = await Promise.all(jobs.map(([name, part]) => redis.zscore(`pingan:${name}:failed`, `junk-${part}`)));
    return scores.every((score) => score !== null);
  });
