import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { capTimes } from './key-times.js';

const PREFIX = 'pingan:service:';
const INTERVAL_MS = 3_000;
const TTL_MS = 10_000;

export interface ServiceBeat {
  service: string;
  instance: string;
  pid: number;
  started_at: string;
  /** Resident memory in bytes. */
  rss: number;
  /** Where `/healthz`, `/readyz` and `/metrics` are answered. */
  health: string;
  details: Record<string, unknown>;
}

/** Tells `pingan status` that this process lives and works; gone ten seconds after the process is. */
export function startHeartbeat(
  redis: Redis,
  options: { service: string; health: { url: string }; details: () => Record<string, unknown> },
): { stop: () => Promise<void> } {
  const instance = `${hostname()}-${process.pid}`;
  const key = `${PREFIX}${options.service}:${instance}`;
  const startedAt = new Date().toISOString();
  const beat = async (): Promise<void> => {
    const value: ServiceBeat = {
      service: options.service,
      instance,
      pid: process.pid,
      started_at: startedAt,
      rss: process.memoryUsage.rss(),
      health: options.health.url,
      details: options.details(),
    };
    await redis.set(key, JSON.stringify(value), 'PX', TTL_MS).catch(() => undefined);
  };
  void beat();
  const timer = setInterval(() => void beat(), INTERVAL_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await redis.del(key).catch(() => undefined);
    },
  };
}

/** The services that gave a sign of life within the last ten seconds. */
export async function listServices(redis: Redis): Promise<ServiceBeat[]> {
  const keys: string[] = [];
  for await (const batch of redis.scanStream({ match: `${PREFIX}*`, count: 200 })) keys.push(...(batch as string[]));
  if (keys.length === 0) return [];
  // A Redis that refuses writes still tells who lives.
  await capTimes(redis, keys, TTL_MS).catch(() => undefined);
  const values = await redis.mget(keys);
  return values
    .filter((value): value is string => value !== null)
    .map((value) => JSON.parse(value) as ServiceBeat)
    .sort((a, b) => `${a.service}${a.instance}`.localeCompare(`${b.service}${b.instance}`));
}
