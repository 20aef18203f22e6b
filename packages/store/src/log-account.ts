import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, topicOf } from '@pingan/contracts';
import { fingerprintSql } from './case-facts.js';
import { caseTable } from './case-tables.js';
import { rows } from './client.js';
import { offsetsOf, type Watermark } from './component-scope.js';
import { belowWatermark } from './current-cases.js';

/** How much of one block of offsets of one partition is held: how many, and the sum (mod 2^64) of what tells them apart. */
export interface BlockSum {
  partition: number;
  block: number;
  count: number;
  sum: bigint;
}

export interface BlockScope {
  /** First position per partition, by topic; nothing below it is looked at. */
  from: Watermark;
  /** Next position per partition, by topic; nothing at or beyond it is looked at. */
  watermark: Watermark;
  /** Offsets per block. */
  blockSize: number;
  /** One county only. */
  county?: string | undefined;
}

const fromExtent = 'kafka_offset >= arrayElement({from:Array(UInt64)}, kafka_partition + 1)';

const ofCounty = `({county:String} = '' OR county = {county:String})`;

const sumsOf = (found: { partition: number; block: string; count: string; sum: string }[]): BlockSum[] =>
  found.map(({ partition, block, count, sum }) => ({
    partition,
    block: Number(block),
    count: Number(count),
    sum: BigInt(sum),
  }));

/** Stored versions by block of offsets; the sum is of fingerprints. */
export async function storedBlocks(
  client: ClickHouseClient,
  stream: Stream,
  { from, watermark, blockSize, county = '' }: BlockScope,
): Promise<BlockSum[]> {
  return sumsOf(
    await rows(
      client,
      `SELECT kafka_partition AS partition, intDiv(kafka_offset, {size:UInt64}) AS block, count() AS count,
        sum(${fingerprintSql}) AS sum
      FROM ${caseTable(stream)} FINAL WHERE ${fromExtent} AND ${belowWatermark} AND ${ofCounty} GROUP BY partition, block`,
      { size: blockSize, from: offsetsOf(from, stream), watermark: offsetsOf(watermark, stream), county },
    ),
  );
}

/** Dead letters of a stream's topic by block of offsets; the sum is of offsets. */
export async function letterBlocks(
  client: ClickHouseClient,
  stream: Stream,
  { from, watermark, blockSize }: BlockScope,
): Promise<BlockSum[]> {
  return sumsOf(
    await rows(
      client,
      `SELECT kafka_partition AS partition, intDiv(kafka_offset, {size:UInt64}) AS block, count() AS count,
        sum(kafka_offset) AS sum
      FROM dead_letters FINAL WHERE topic = {topic:String} AND ${fromExtent} AND ${belowWatermark} GROUP BY partition, block`,
      {
        size: blockSize,
        from: offsetsOf(from, stream),
        watermark: offsetsOf(watermark, stream),
        topic: topicOf(stream),
      },
    ),
  );
}

/** Offsets `from` up to, and without, `to` of one partition. */
export interface OffsetRange {
  partition: number;
  from: number;
  to: number;
}

export interface StoredPlace {
  offset: number;
  fingerprint: bigint;
  county: string;
  source: string;
  case_id: string;
  region_code: string;
  occurred_ms: number;
}

const inRange = `kafka_partition = {partition:UInt32} AND kafka_offset >= {from:UInt64} AND kafka_offset < {to:UInt64}`;

/** The stored versions of a range, by offset. */
export async function storedPlaces(
  client: ClickHouseClient,
  stream: Stream,
  range: OffsetRange,
  county = '',
): Promise<Map<number, StoredPlace>> {
  const found = await rows<Omit<StoredPlace, 'offset' | 'fingerprint' | 'occurred_ms'> & Record<string, string>>(
    client,
    `SELECT kafka_offset AS offset, ${fingerprintSql} AS fingerprint, county, source, case_id, region_code,
      toUnixTimestamp64Milli(occurred_at) AS occurred_ms
    FROM ${caseTable(stream)} FINAL WHERE ${inRange} AND ${ofCounty} ORDER BY offset`,
    { ...range, county },
  );
  return new Map(
    found.map(({ offset, fingerprint, occurred_ms, ...row }) => [
      Number(offset),
      { ...row, offset: Number(offset), fingerprint: BigInt(fingerprint!), occurred_ms: Number(occurred_ms) },
    ]),
  );
}

/** Offsets of a range that have a dead letter. */
export async function letterPlaces(client: ClickHouseClient, topic: string, range: OffsetRange): Promise<Set<number>> {
  const found = await rows<{ offset: string }>(
    client,
    `SELECT DISTINCT kafka_offset AS offset FROM dead_letters WHERE topic = {topic:String} AND ${inRange}`,
    { ...range, topic },
  );
  return new Set(found.map(({ offset }) => Number(offset)));
}

/** A version as it is told apart from all others. */
export interface VersionKey {
  county: string;
  source: string;
  case_id: string;
  version: number;
  digest: bigint;
}

export const versionText = ({ county, source, case_id, version, digest }: VersionKey): string =>
  [county, source, case_id, version, digest].join('\0');

/** Parameters travel in the URL, which the server limits to a megabyte. */
const KEYS_PER_QUERY = 200;

/** Which of the versions are stored, at whatever offset, as `versionText`. */
export async function storedVersions(
  client: ClickHouseClient,
  stream: Stream,
  keys: readonly VersionKey[],
): Promise<Set<string>> {
  const known = new Set<string>();
  for (let at = 0; at < keys.length; at += KEYS_PER_QUERY) {
    const part = keys.slice(at, at + KEYS_PER_QUERY);
    const found = await rows<Omit<VersionKey, 'digest' | 'version'> & { digest: string; version: string }>(
      client,
      `SELECT DISTINCT county, source, case_id, version, digest FROM ${caseTable(stream)}
      WHERE (county, source, case_id, version) IN (
        SELECT arrayJoin(arrayZip({counties:Array(String)}, {sources:Array(String)}, {cases:Array(String)},
          {versions:Array(UInt64)})) AS k SETTINGS enable_named_columns_in_function_tuple = 0)`,
      {
        counties: part.map(({ county }) => county),
        sources: part.map(({ source }) => source),
        cases: part.map(({ case_id }) => case_id),
        versions: part.map(({ version }) => version),
      },
    );
    for (const row of found)
      known.add(versionText({ ...row, version: Number(row.version), digest: BigInt(row.digest) }));
  }
  return known;
}

/**
 * The smallest offset per partition that has a row or a dead letter; partitions with neither are absent. The first message of a
 * log is one of both, since of two equal ones the earlier row is kept.
 */
export async function firstPlaces(client: ClickHouseClient, stream: Stream): Promise<Map<number, bigint>> {
  const found = await rows<{ partition: number; first: string }>(
    client,
    `SELECT partition, min(first) AS first FROM (
      SELECT kafka_partition AS partition, min(kafka_offset) AS first FROM ${caseTable(stream)} GROUP BY partition
      UNION ALL
      SELECT kafka_partition AS partition, min(kafka_offset) AS first FROM dead_letters
      WHERE topic = {topic:String} GROUP BY partition) GROUP BY partition`,
    { topic: topicOf(stream) },
  );
  return new Map(found.map(({ partition, first }) => [partition, BigInt(first)]));
}
