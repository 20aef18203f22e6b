import { within } from '@pingan/runtime';
import { Redis } from 'ioredis';
import type { Admin } from 'kafkajs';
import { KafkaClient } from './kafka.js';
import { LogAdmin, type PartitionLag } from './log-admin.js';

const ANSWER_MS = 3_000;

/** Uses a connection of its own, so that the answer says nothing about those in use. @throws when Redis does not answer in time. */
export async function onNewRedis<T>(url: string, use: (redis: Redis) => Promise<T>, ms = ANSWER_MS): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ms,
    commandTimeout: ms,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** @throws unless Redis takes a write: one that is full answers a PING. */
export function redisTakesWrites(url: string): Promise<unknown> {
  return onNewRedis(url, (redis) => redis.set(`pingan:probe:${process.pid}`, '1', 'PX', 1_000));
}

/** Redis' clock, milliseconds since 1970. */
export async function redisClock(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

/** Uses a connection of its own. @throws when Kafka does not answer within `ms`. */
async function onNewConnection<T>(client: KafkaClient, use: (admin: Admin) => Promise<T>, ms = ANSWER_MS): Promise<T> {
  const admin = KafkaClient.kafkajs(client).admin({ retry: { retries: 1 } });
  try {
    return await within(ms, async () => {
      await admin.connect();
      return use(admin);
    });
  } finally {
    // Not waited for: a broker that is frozen does not answer that either.
    void admin.disconnect().catch(() => undefined);
  }
}

/** An admin with a connection of its own, for the time of `use`. @throws when Kafka does not answer within `ms`. */
export const onNewAdmin = <T>(kafka: KafkaClient, use: (admin: LogAdmin) => Promise<T>, ms?: number): Promise<T> =>
  onNewConnection(kafka, (admin) => use(new LogAdmin(admin)), ms);

/** Committed and end offsets of the group over a new connection. @throws when Kafka does not answer in time. */
export function freshLags(kafka: KafkaClient, groupId: string): Promise<PartitionLag[]> {
  return onNewAdmin(kafka, (admin) => admin.lags(groupId));
}

/** @throws when Kafka does not answer in time on a new connection. */
export async function kafkaAnswers(kafka: KafkaClient): Promise<void> {
  await onNewConnection(kafka, (admin) => admin.describeCluster());
}

/** Asks for the lag again and again; what is not known now is undefined, never 0. */
export class LagWatch {
  private known: { lags: PartitionLag[]; at: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: { kafka: KafkaClient; groupId: string; everyMs: number }) {
    void this.ask();
  }

  get lags(): PartitionLag[] | undefined {
    const { known } = this;
    return known && performance.now() - known.at < 3 * this.options.everyMs ? known.lags : undefined;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const { kafka, groupId, everyMs } = this.options;
    await freshLags(kafka, groupId).then(
      (lags) => {
        this.known = { lags, at: performance.now() };
      },
      () => {
        this.known = undefined;
      },
    );
    if (!this.closed) this.timer = setTimeout(() => void this.ask(), everyMs).unref();
  }
}
