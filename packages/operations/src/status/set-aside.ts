import type { QueueName } from '@pingan/contracts';
import { jobsSetAside, type SetAside } from '@pingan/messaging';
import type { Concern, FindConcerns } from './concern.js';
import { CHINA } from './times.js';

/** Windows of the `store` queue are handed in again by the ingestor. */
const queues: Partial<Record<QueueName, string>> = { components: '月度分量', score: '计分' };

/** A county's own jobs come again every minute: one that fails no more is mended. */
const RECENT_MS = 10 * 60_000;

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: CHINA, dateStyle: 'short', timeStyle: 'short' });

const isRequest = ({ payload }: SetAside) => Array.isArray((payload as { months?: unknown } | null)?.months);

/** Jobs that no further try could do: the rest goes on without them, and only this says so. */
export const jobsGivenUp: FindConcerns = async ({ endpoints, engines }) => {
  if (!engines.redis.ok) return [];
  const names = Object.keys(queues) as QueueName[];
  const found = await Promise.all(names.map((name) => jobsSetAside(endpoints.redisUrl, name).catch(() => [])));
  const groups = new Map<string, SetAside[]>();
  for (const job of found.flat()) {
    if (!isRequest(job) && job.at < Date.now() - RECENT_MS) continue;
    const key = JSON.stringify([job.queue, job.reason, isRequest(job)]);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  return [...groups.values()].map((jobs): Concern => {
    const newest = jobs.reduce((a, b) => (a.at >= b.at ? a : b));
    const times = jobs.length > 1 ? `，共 ${jobs.length} 次` : '';
    const about = `${queues[newest.queue]}任务无法完成，已搁置（${clock.format(newest.at)}${times}）：${newest.reason}`;
    return isRequest(newest)
      ? {
          code: 'job_set_aside',
          level: 'notice',
          text: `${about}。其他县和月份不受影响；请用 pingan county add 核对该县的登记。`,
        }
      : {
          code: 'job_set_aside',
          level: 'error',
          text: `${about}。该县的结果停在此前，其他县不受影响；请核对该县的登记和方案。`,
        };
  });
};
