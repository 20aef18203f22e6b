import { componentsJob, type QueueName, scoreJob, storeJob } from '@pingan/contracts';
import { type Job, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import { onNewRedis } from './answers.js';
import { openQueue } from './queues.js';

/** What a handler throws when no further try can succeed: the job is set aside with the reason, kept for a day. */
export const impossible = (reason: string): Error => new UnrecoverableError(reason);

/** A job that was given up. */
export interface SetAside {
  queue: QueueName;
  reason: string;
  /** As handed in. */
  payload: unknown;
  /** The payload is none of this queue: nobody of this product has handed it in. */
  isForeign: boolean;
  /** Milliseconds. */
  at: number;
}

const payloads = { store: storeJob, components: componentsJob, score: scoreJob };

/** As many as are shown and counted; Redis keeps more. */
const READ = 200;

/** Jobs of a queue that were given up, newest first. @throws when Redis does not answer within `ms` */
export function jobsSetAside(redisUrl: string, name: QueueName, ms?: number): Promise<SetAside[]> {
  const use = async (redis: Redis): Promise<SetAside[]> => {
    const queue = openQueue(name, redis);
    try {
      const jobs = (await queue.getFailed(0, READ - 1)) as (Job | undefined)[];
      return jobs.flatMap((job) =>
        job === undefined
          ? []
          : [
              {
                queue: name,
                reason: job.failedReason,
                payload: job.data as unknown,
                isForeign: !payloads[name].safeParse(job.data).success,
                at: job.finishedOn ?? job.timestamp,
              },
            ],
      );
    } finally {
      await queue.close();
    }
  };
  return onNewRedis(redisUrl, use, ms);
}
