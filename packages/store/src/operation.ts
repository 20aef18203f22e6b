import type { ClickHouseClient } from '@clickhouse/client';
import type { Stream } from '@pingan/contracts';
import { execute, rows } from './client.js';

export interface StreamRhythm {
  county: string;
  stream: Stream;
  /** Since the beginning of the hour of the last arrival. */
  silentSeconds: number;
  /** The second longest pause of half a year; null where too little has come to tell. */
  usualSeconds: number | null;
}

/** Notes the hours in which streams delivered, from their newest rows. To be called more than once an hour. */
export async function noteArrivals(client: ClickHouseClient): Promise<void> {
  await execute(
    client,
    `INSERT INTO arrivals
    SELECT county, stream, hour FROM (
      SELECT county, stream, toStartOfHour(max(last_stored_at), 'UTC') AS hour FROM intake GROUP BY county, stream)
    WHERE (county, stream, hour) NOT IN (SELECT county, stream, hour FROM arrivals)`,
    {},
  );
}

export async function streamRhythms(client: ClickHouseClient): Promise<StreamRhythm[]> {
  const found = await rows<{ county: string; stream: Stream; silent_seconds: string; usual_seconds: string | null }>(
    client,
    'SELECT county, stream, silent_seconds, usual_seconds FROM v_rhythm ORDER BY county, stream',
  );
  return found.map(({ county, stream, silent_seconds, usual_seconds }) => ({
    county,
    stream,
    silentSeconds: Number(silent_seconds),
    usualSeconds: usual_seconds === null ? null : Number(usual_seconds),
  }));
}

export interface StoreDisk {
  name: string;
  freeBytes: number;
  sizeBytes: number;
}

/** The disks of the server that answers. */
export async function storeDisks(client: ClickHouseClient): Promise<StoreDisk[]> {
  const found = await rows<{ name: string; free: string; size: string }>(
    client,
    `SELECT name, unreserved_space AS free, total_space AS size FROM system.disks WHERE type = 'Local' ORDER BY name`,
  );
  return found.map(({ name, free, size }) => ({ name, freeBytes: Number(free), sizeBytes: Number(size) }));
}

/** The server's clock, milliseconds since 1970. */
export async function storeClock(client: ClickHouseClient): Promise<number> {
  const [found] = await rows<{ ms: string }>(client, 'SELECT toUnixTimestamp64Milli(now64(3)) AS ms');
  return Number(found?.ms);
}

/** When this database was made, milliseconds since 1970. */
export async function firstUse(client: ClickHouseClient): Promise<number> {
  const [found] = await rows<{ ms: string }>(
    client,
    'SELECT toUnixTimestamp64Milli(min(applied_at)) AS ms FROM schema_migrations',
  );
  return Number(found?.ms);
}

export interface DetachedParts {
  table: string;
  /** ClickHouse's own word, such as `broken-on-start`; empty for parts that were detached by hand. */
  reason: string;
  parts: number;
}

/** Parts of our tables that ClickHouse has put aside: their rows are in no answer. What it merely left behind is not counted. */
export async function detachedParts(client: ClickHouseClient): Promise<DetachedParts[]> {
  const found = await rows<{ table: string; reason: string; parts: string }>(
    client,
    `SELECT table, ifNull(reason, '') AS reason, count() AS parts FROM system.detached_parts
    WHERE database = currentDatabase() AND reason NOT IN ('ignored', 'clone', 'attaching', 'deleting', 'tmp-fetch')
    GROUP BY table, reason ORDER BY table, reason`,
  );
  return found.map((row) => ({ ...row, parts: Number(row.parts) }));
}
