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
