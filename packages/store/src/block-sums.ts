import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, topicOf } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { insertRows, rows } from './client.js';
import { offsetsOf, type Watermark } from './component-scope.js';
import { belowWatermark } from './current-cases.js';

/** What is stored of one block of places of a partition, dead letters included: how many, and a sum that tells them apart. */
export interface BlockMark {
  partition: number;
  block: number;
  count: number;
  /** Mod 2^64. */
  sum: bigint;
}

export interface NotedBlock extends BlockMark {
  stream: Stream;
  /** Place up to which, and without which, the log was compared. */
  covered_to: number;
  /** False while it differs from the log. */
  good: boolean;
}

/** Counties per statement: the table is ordered by them, so each reads only its own part, in bounded time. */
const COUNTIES_PER_QUERY = 20;

type Found = { partition: number; block: string; count: string; sum: string };

/** Marks of all blocks below the watermark. The log is not asked, and no body is read. */
export async function blockMarks(
  client: ClickHouseClient,
  stream: Stream,
  { watermark, blockSize }: { watermark: Watermark; blockSize: number },
): Promise<BlockMark[]> {
  const params = { size: blockSize, watermark: offsetsOf(watermark, stream) };
  const marks = new Map<string, BlockMark>();
  const add = (found: readonly Found[]) => {
    for (const { partition, block, count, sum } of found) {
      const key = `${partition}/${block}`;
      const mark = marks.get(key) ?? { partition, block: Number(block), count: 0, sum: 0n };
      mark.count += Number(count);
      mark.sum = BigInt.asUintN(64, mark.sum + BigInt(sum));
      marks.set(key, mark);
    }
  };
  const counties = await rows<{ county: string }>(
    client,
    `SELECT DISTINCT county FROM ${caseTable(stream)} ORDER BY county`,
  );
  for (let at = 0; at < counties.length; at += COUNTIES_PER_QUERY) {
    const part = counties.slice(at, at + COUNTIES_PER_QUERY).map(({ county }) => county);
    add(
      await rows<Found>(
        client,
        `SELECT kafka_partition AS partition, intDiv(kafka_offset, {size:UInt64}) AS block, count() AS count,
          sum(kafka_offset) + sum(digest) AS sum
        FROM ${caseTable(stream)} FINAL
        WHERE county IN {counties:Array(String)} AND ${belowWatermark} GROUP BY partition, block`,
        { ...params, counties: part },
      ),
    );
  }
  add(
    await rows<Found>(
      client,
      `SELECT kafka_partition AS partition, intDiv(kafka_offset, {size:UInt64}) AS block, count() AS count,
        sum(kafka_offset) AS sum
      FROM dead_letters FINAL WHERE topic = {topic:String} AND ${belowWatermark} GROUP BY partition, block`,
      { ...params, topic: topicOf(stream) },
    ),
  );
  return [...marks.values()];
}

export async function notedBlocks(client: ClickHouseClient): Promise<NotedBlock[]> {
  const found = await rows<Found & { stream: Stream; covered_to: string; good: number }>(
    client,
    'SELECT stream, kafka_partition AS partition, block, count, sum, covered_to, good FROM block_sums FINAL',
  );
  return found.map(({ stream, partition, block, count, sum, covered_to, good }) => ({
    stream,
    partition,
    block: Number(block),
    count: Number(count),
    sum: BigInt(sum),
    covered_to: Number(covered_to),
    good: good === 1,
  }));
}

/** Of two notes of a block the one of the later pass counts, whatever the clock says. */
export async function noteBlocks(client: ClickHouseClient, blocks: readonly NotedBlock[]): Promise<void> {
  const [last] = await rows<{ pass: string }>(client, 'SELECT max(pass) AS pass FROM block_sums');
  const pass = Number(last?.pass ?? 0) + 1;
  await insertRows(client, {
    table: 'block_sums',
    columns: ['stream', 'kafka_partition', 'block', 'count', 'sum', 'covered_to', 'good', 'pass'],
    values: blocks.map(({ stream, partition, block, count, sum, covered_to, good }) => [
      stream,
      partition,
      block,
      count,
      String(sum),
      covered_to,
      good ? 1 : 0,
      pass,
    ]),
  });
}
