import { setTimeout as sleep } from 'node:timers/promises';
import { ingestorGroup, type QueueName, unavailable } from '@pingan/contracts';
import { createRedis, type Held, hold, isHeld, openQueue, redisReady, release } from '@pingan/messaging';
import { withAdmin } from '../brokers.js';
import type { Installation } from '../installation.js';

const POLL_MS = 250;
const RENEW_MS = 3_000;

/** Windows in flight end within seconds, a county's scores within a minute. */
const QUIET_MS = 180_000;

export interface Standstill {
  /** Asks for one more thing to stand still and waits until it does. */
  also: (what: Held) => Promise<void>;
  letGo: (what: Held) => Promise<void>;
}

/** Jobs that must have ended for each thing to stand still. */
const jobsOf: Record<Held, QueueName[]> = { intake: ['store'], computing: ['components', 'score'] };

/**
 * Has intake stand still, and what else is asked for, as long as `use` runs. Windows that were read before are stored first.
 * A hold that is not renewed ends by itself, should this process die. @throws Refusal (unavailable) when another command holds it.
 */
export async function withStandstill<T>(
  installation: Installation,
  use: (standstill: Standstill) => Promise<T>,
): Promise<T> {
  const redis = createRedis(installation.endpoints.redisUrl, 'work', installation.log);
  await redisReady(redis);
  const held = new Set<Held>();
  const renewAll = () => Promise.all([...held].map((what) => hold(redis, what)));
  const renew = setInterval(() => void renewAll().catch(() => undefined), RENEW_MS);
  const letGo = async (what: Held) => {
    held.delete(what);
    await release(redis, what);
  };
  const also = async (what: Held) => {
    held.add(what);
    await renewAll();
    await quiet(installation, redis, what);
  };
  try {
    if ((await isHeld(redis, 'intake')) || (await isHeld(redis, 'computing'))) {
      throw unavailable('另一个 rebuild、adopt-log 或 restore 正在进行；如果它刚刚中断，15 秒后再试。');
    }
    await also('intake');
    return await use({ also, letGo });
  } finally {
    clearInterval(renew);
    await Promise.all([...held].map(letGo)).catch(() => undefined);
    redis.disconnect();
  }
}

async function quiet(installation: Installation, redis: ReturnType<typeof createRedis>, what: Held): Promise<void> {
  const queues = jobsOf[what].map((name) => openQueue(name, redis));
  // What waits to be stored was read from the log and must not be lost; what waits to be computed can be asked for again.
  const states = what === 'intake' ? (['active', 'waiting', 'delayed'] as const) : (['active'] as const);
  try {
    await withAdmin(installation, async (admin) => {
      for (let waited = 0; ; waited += POLL_MS) {
        const { groups } = await admin.describeGroups([ingestorGroup]);
        const counts = await Promise.all(queues.map((queue) => queue.getJobCounts(...states)));
        const left = counts.flatMap((count) => Object.values(count)).reduce((sum, count) => sum + count, 0);
        if ((groups[0]?.members.length ?? 0) === 0 && left === 0) return;
        if (waited > QUIET_MS) throw unavailable('三分钟内 ingestor 没有停下，或任务没有做完。没有改动任何数据。');
        await sleep(POLL_MS);
      }
    });
  } finally {
    await Promise.all(queues.map((queue) => queue.close()));
  }
}
