import { setTimeout as sleep } from 'node:timers/promises';
import { ingestorGroup, type QueueName } from '@pingan/contracts';
import { createRedis, type Held, hold, isHeld, openQueue, redisReady, release } from '@pingan/messaging';
import { withAdmin } from './brokers.js';
import type { Context } from './context.js';
import { unavailable } from './failure.js';

const POLL_MS = 250;
const RENEW_MS = 3_000;

/** Windows in flight end within seconds, a county's scores within a minute. */
const QUIET_MS = 180_000;

export interface Standstill {
  /** Asks intake and computing to stand still, and waits until they do. */
  begin: () => Promise<void>;
  letGo: (what: Held) => Promise<void>;
}

/** For commands that replace tables. Ends with the command; a command that dies is noticed within seconds. */
export async function withStandstill<T>(context: Context, use: (still: Standstill) => Promise<T>): Promise<T> {
  const redis = createRedis(context.endpoints.redisUrl, 'work', context.log);
  await redisReady(redis);
  const held = new Set<Held>();
  const renewAll = () => Promise.all([...held].map((what) => hold(redis, what)));
  const letGo = async (what: Held) => {
    held.delete(what);
    await release(redis, what);
  };
  const renew = setInterval(() => void renewAll().catch(() => undefined), RENEW_MS);
  const begin = async () => {
    if ((await isHeld(redis, 'intake')) || (await isHeld(redis, 'computing'))) {
      throw unavailable('另一个 rebuild 或 restore 正在进行；如果它刚刚中断，15 秒后再试。');
    }
    held.add('intake').add('computing');
    await renewAll();
    await quiet(context, redis);
  };
  try {
    return await use({ begin, letGo });
  } finally {
    clearInterval(renew);
    await Promise.all([...held].map(letGo)).catch(() => undefined);
    redis.disconnect();
  }
}

/** Waits until the ingestor has left its group and no job runs that reads or writes the log's data. */
async function quiet(context: Context, redis: ReturnType<typeof createRedis>): Promise<void> {
  const names: QueueName[] = ['store', 'components', 'score'];
  const queues = names.map((name) => openQueue(name, redis));
  try {
    await withAdmin(context, async (admin) => {
      for (let waited = 0; ; waited += POLL_MS) {
        const { groups } = await admin.describeGroups([ingestorGroup]);
        const active = await Promise.all(queues.map((queue) => queue.getActiveCount()));
        if (groups[0]?.members.length === 0 && active.every((count) => count === 0)) return;
        if (waited > QUIET_MS) throw unavailable('三分钟内 ingestor 没有停下，或任务没有做完。没有清空任何数据。');
        await sleep(POLL_MS);
      }
    });
  } finally {
    await Promise.all(queues.map((queue) => queue.close()));
  }
}
