import type { QueueName } from '@pingan/contracts';
import { jobsSetAside, type SetAside } from '@pingan/messaging';
import { CHINA } from '@pingan/regions';
import { PATIENCE_MS } from '@pingan/runtime';
import type { Concern, FindConcerns } from './concern.js';

const queues: Record<QueueName, string> = { store: '入库', components: '月度分量', score: '计分' };

/** A county's own jobs come again every minute: one that fails no more is mended. */
const RECENT_MS = 10 * 60_000;

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: CHINA, dateStyle: 'short', timeStyle: 'short' });

const isRequest = ({ payload }: SetAside) => Array.isArray((payload as { months?: unknown } | null)?.months);

/** Jobs of one queue that nobody of this product has handed in. */
function foreign(jobs: readonly SetAside[]): Concern[] {
  const [newest, ...more] = jobs.filter(({ isForeign }) => isForeign).sort((a, b) => b.at - a.at);
  if (newest === undefined) return [];
  const others = more.length === 0 ? '' : `，同类共 ${more.length + 1} 项`;
  const text = `${newest.reason}，已搁置（${clock.format(newest.at)}${others}）。它不是本系统放入 Redis 的；其他任务照常进行，数据不受影响。请查明是谁写入的，一天后自动清除。`;
  return [{ code: 'job_set_aside', level: 'notice', text }];
}

/** Jobs that no further try could do: the rest goes on without them, and only this says so. */
export const jobsGivenUp: FindConcerns = async ({ endpoints, engines }) => {
  if (!engines.redis.ok) return [];
  const names = Object.keys(queues) as QueueName[];
  const found = await Promise.all(names.map((name) => jobsSetAside(endpoints.redisUrl, name, PATIENCE_MS)));
  const groups = new Map<string, SetAside[]>();
  const own = found.flat().filter(({ isForeign }) => !isForeign);
  for (const job of own) {
    // A window whose messages are gone is handed in again by the ingestor.
    if (job.queue === 'store') continue;
    if (!isRequest(job) && job.at < Date.now() - RECENT_MS) continue;
    const key = JSON.stringify([job.queue, job.reason, isRequest(job)]);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  const given = [...groups.values()].map((jobs): Concern => {
    const newest = jobs.reduce((a, b) => (a.at >= b.at ? a : b));
    const times = jobs.length > 1 ? `，共 ${jobs.length} 次` : '';
    const about = `${queues[newest.queue]}任务无法完成，已搁置（${clock.format(newest.at)}${times}）：${newest.reason}`;
    return isRequest(newest)
      ? {
          code: 'job_set_aside',
          level: 'notice',
          text: `${about}。其他县和月份不受影响；请核对要计算的月份和该县的登记（pingan county add）。`,
        }
      : {
          code: 'job_set_aside',
          level: 'error',
          text: `${about}。该县的结果停在此前，其他县不受影响；请核对该县的登记和方案。`,
        };
  });
  return [...given, ...found.flatMap(foreign)];
};
