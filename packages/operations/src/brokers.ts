import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal, unavailable } from '@pingan/contracts';
import {
  createKafka,
  createRedis,
  isKafkaMoving,
  type KafkaClient,
  kafkaMovingText,
  type LogAdmin,
  listServices,
} from '@pingan/messaging';
import type { Installation } from './installation.js';
import { redisRefusal } from './status/redis-writes.js';

type ToKafka = Pick<Installation, 'endpoints' | 'kafka' | 'log'>;

export function kafkaOf({ endpoints, kafka, log }: ToKafka): KafkaClient {
  return createKafka({
    brokers: endpoints.kafkaBrokers,
    access: kafka,
    clientId: 'pingan-cli',
    log,
  });
}

/** Kafka is there and will answer in a moment. */
export class KafkaMoving extends Refusal {
  constructor(consequence = '片刻后即可。请稍候再试。') {
    super('unavailable', `${kafkaMovingText}，${consequence}`);
  }
}

/** What may be asked of the log, for the time of `use`. @throws KafkaMoving */
export async function withAdmin<T>(installation: ToKafka, use: (admin: LogAdmin) => Promise<T>): Promise<T> {
  const admin = kafkaOf(installation).admin();
  await admin.connect();
  try {
    return await use(admin);
  } catch (error) {
    throw isKafkaMoving(error) ? new KafkaMoving() : error;
  } finally {
    await admin.disconnect();
  }
}

export async function withRedis<T>(
  installation: Pick<Installation, 'endpoints' | 'log'>,
  use: (redis: ReturnType<typeof createRedis>) => Promise<T>,
): Promise<T> {
  const redis = createRedis(installation.endpoints.redisUrl, 'work', installation.log);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** Signs of life come every three seconds; right after Redis came back there are none yet. */
const LOOKS = 9;
const LOOK_MS = 500;

/** @throws Refusal (unavailable) naming the services that give no sign of life. */
export async function requireServices(installation: Installation, names: readonly string[]): Promise<void> {
  let missing: string[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(LOOK_MS);
    const alive = new Set((await withRedis(installation, listServices)).map(({ service }) => service));
    missing = names.filter((name) => !alive.has(name));
    if (missing.length === 0) return;
  }
  const refusal = await redisRefusal(installation.endpoints.redisUrl);
  if (refusal !== undefined) throw unavailable(`Redis 不接受写入：${refusal}。服务是否运行无法得知，请先恢复 Redis。`);
  throw unavailable(`服务没有运行：${missing.join('、')}。${installation.howToStart()}`);
}
