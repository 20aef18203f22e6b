import { setTimeout as sleep } from 'node:timers/promises';
import { adviceFor } from '@pingan/local-engines';
import { createKafka, createRedis, listServices } from '@pingan/messaging';
import { kafkaAccess } from '@pingan/runtime';
import { cliConfig } from './config.js';
import type { Context } from './context.js';
import { unavailable } from './failure.js';
import { redisRefusal } from './status/redis-writes.js';

export function kafkaOf({ endpoints, log }: Pick<Context, 'endpoints' | 'log'>): ReturnType<typeof createKafka> {
  return createKafka({
    brokers: endpoints.kafkaBrokers,
    access: kafkaAccess(cliConfig()),
    clientId: 'pingan-cli',
    log,
  });
}

/** Kafka's admin client for the time of `use`. */
export async function withAdmin<T>(
  context: Pick<Context, 'endpoints' | 'log'>,
  use: (admin: ReturnType<ReturnType<typeof createKafka>['admin']>) => Promise<T>,
): Promise<T> {
  const admin = kafkaOf(context).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

export async function withRedis<T>(
  context: Pick<Context, 'endpoints' | 'log'>,
  use: (redis: ReturnType<typeof createRedis>) => Promise<T>,
): Promise<T> {
  const redis = createRedis(context.endpoints.redisUrl, 'work', context.log);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** Signs of life come every three seconds; right after Redis came back there are none yet. */
const LOOKS = 9;
const LOOK_MS = 500;

/** @throws CommandFailure 3 naming the services that give no sign of life. */
export async function requireServices(context: Context, names: readonly string[]): Promise<void> {
  let missing: string[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(LOOK_MS);
    const alive = new Set((await withRedis(context, listServices)).map(({ service }) => service));
    missing = names.filter((name) => !alive.has(name));
    if (missing.length === 0) return;
  }
  const refusal = await redisRefusal(context.endpoints.redisUrl);
  if (refusal !== undefined) throw unavailable(`Redis 不接受写入：${refusal}。服务是否运行无法得知，请先恢复 Redis。`);
  const advice = adviceFor({ home: context.home, env: process.env, engines: [] });
  throw unavailable(`服务没有运行：${missing.join('、')}。${advice}`);
}
