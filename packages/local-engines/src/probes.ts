import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import {
  accessConfig,
  type ClickHouseAccess,
  clickhouseAccess,
  type KafkaAccess,
  PATIENCE_MS,
  readConfig,
} from '@pingan/runtime';
import type { Redis } from 'ioredis';
import { kafkaAccessOf } from './endpoints.js';
import { withRedis } from './redis.js';
import type { Endpoints, EngineName, Environment } from './types.js';

export interface EngineCheck {
  ok: boolean;
  /** Chinese, one line: what answered, or why nothing did. */
  detail: string;
}

export type EngineChecks = Record<EngineName, EngineCheck>;

/** Asks each engine one small question. Takes about `patienceMs` at most and never throws. */
export async function checkEngines(
  endpoints: Endpoints,
  env: Environment = {},
  patienceMs = PATIENCE_MS,
): Promise<EngineChecks> {
  const [kafka, redis, clickhouse] = await Promise.all([
    checkEngine('kafka', endpoints, env, patienceMs),
    checkEngine('redis', endpoints, env, patienceMs),
    checkEngine('clickhouse', endpoints, env, patienceMs),
  ]);
  return { kafka, redis, clickhouse };
}

/**
 * Asks one engine; `env` says how to log in to it, `patienceMs` how long a busy one may take. One that is away refuses the
 * connection at once, however patient the caller.
 */
export function checkEngine(
  engine: EngineName,
  endpoints: Partial<Endpoints>,
  env: Environment,
  patienceMs = PATIENCE_MS,
): Promise<EngineCheck> {
  const { kafkaBrokers = [], redisUrl = '', clickhouseUrl = '' } = endpoints;
  const probes: Record<EngineName, () => Promise<string>> = {
    kafka: () => probeKafka(kafkaBrokers, kafkaAccessOf(endpoints, env), patienceMs),
    redis: () => probeRedis(redisUrl, patienceMs),
    clickhouse: () => probeClickHouse(clickhouseUrl, clickhouseAccess(readConfig(accessConfig, env)), patienceMs),
  };
  return checked(probes[engine], patienceMs);
}

/** An engine that is there, or a network that swallows everything: no refusal came. */
class SilentError extends Error {
  constructor(ms: number) {
    super(`没有回应：等了 ${ms / 1000} 秒`);
  }
}

async function checked(probe: () => Promise<string>, patienceMs: number): Promise<EngineCheck> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SilentError(patienceMs)), patienceMs);
  });
  try {
    return { ok: true, detail: await Promise.race([probe(), late]) };
  } catch (error) {
    return { ok: false, detail: reasonOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SilentError) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const text = error instanceof Error ? error.message || error.name : String(error);
  return `无法连接：${text.split('\n')[0]}`;
}

async function probeKafka(brokers: string[], access: KafkaAccess, ms: number): Promise<string> {
  // Loaded where it is needed: most commands never ask Kafka.
  const { describeCluster } = await import('@pingan/messaging/probe');
  const cluster = await describeCluster({ brokers, access, ms });
  return `${cluster.brokers} 个节点`;
}

async function probeRedis(url: string, ms: number): Promise<string> {
  const probe = async (redis: Redis) => {
    const info = await redis.info('server');
    return `版本 ${/redis_version:(\S+)/.exec(info)?.[1] ?? '未知'}`;
  };
  return withRedis(url, probe, ms);
}

async function probeClickHouse(url: string, login: ClickHouseAccess, ms: number): Promise<string> {
  const client = createClient({ url, ...login, request_timeout: ms, log: { level: ClickHouseLogLevel.OFF } });
  try {
    const result = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
    const [row] = await result.json<{ version: string }>();
    return `版本 ${row?.version ?? '未知'}`;
  } finally {
    await client.close();
  }
}
