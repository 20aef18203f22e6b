import { redisTakesWrites } from '@pingan/messaging';
import type { FindConcerns } from './concern.js';

/** Redis' own words for: read only (a replica, or a failed disk), out of memory, its own disk full. */
const refusals: Readonly<Record<string, string>> = {
  READONLY: '它是只读副本',
  OOM: '内存已满',
  MISCONF: '它无法写盘',
  NOPERM: '账号没有写权限',
};

/** Why Redis answers and does not take a write; undefined while it does, and when it does not answer at all. */
export async function redisRefusal(url: string): Promise<string | undefined> {
  try {
    await redisTakesWrites(url);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    const word = /^([A-Z]{3,}) /.exec(message)?.[1];
    return word === undefined ? undefined : `${refusals[word] ?? '原因见后'}（${message.split('\n')[0]}）`;
  }
}

/** A Redis that answers and takes nothing: queues stand still, and services cannot give a sign of life. */
export const redisWriteConcerns: FindConcerns = async ({ endpoints, engines }) => {
  if (!engines.redis.ok) return [];
  const why = await redisRefusal(endpoints.redisUrl);
  if (why === undefined) return [];
  const text = `Redis 不接受写入：${why}。任务队列停住，新数据留在 Kafka 里不会丢；恢复后自动继续。`;
  return [{ code: 'redis_refuses_writes', level: 'error', text }];
};
