import { type Stream, streams } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { type Params, rows, type Statements } from './client.js';
import { type ComponentScope, offsetsOf, paramsOf, type Watermark } from './component-scope.js';

/** What came into a stream's table between two watermarks. */
export interface Arrivals {
  /** A query of source and case_id of the cases with a new row. */
  touched: string;
  params: Params;
}

/** Parameters that say which rows are new. */
const bounds = ['watermark', 'since', 'lowest_new'] as const;

/** Rows of the county between two watermarks; `prefix` tells the bounds of several streams apart. */
const newRows = (prefix = '') => `county = {county:String}
        AND kafka_offset < arrayElement({${prefix}watermark:Array(UInt64)}, kafka_partition + 1)
        AND kafka_offset >= {${prefix}lowest_new:UInt64}
        AND kafka_offset >= arrayElement({${prefix}since:Array(UInt64)}, kafka_partition + 1)`;

/**
 * Undefined when no partition of the stream has moved. Rows are found by their offsets: the lowest one that can be new
 * lets the table's index on offsets pass over everything older.
 */
function arrivals(scope: ComponentScope, stream: Stream, before: Watermark): Arrivals | undefined {
  const now = offsetsOf(scope.watermark, stream);
  const known = offsetsOf(before, stream);
  const since = now.map((_, partition) => known[partition] ?? 0n);
  // Offsets stay below 2^53.
  const moved = since.filter((offset, partition) => offset < now[partition]!).map(Number);
  if (moved.length === 0) return undefined;
  return {
    touched: `SELECT source, case_id FROM ${caseTable(stream)} WHERE ${newRows()}`,
    params: { ...paramsOf(scope, stream), since, lowest_new: Math.min(...moved) },
  };
}

/**
 * Streams of which the county itself has new rows. The watermark is that of all counties: most of what it has passed is not of this
 * one, and what a refresh does for a stream is dear even where it finds nothing. One statement, which the index on offsets answers.
 */
export async function arrivedStreams(
  client: Statements,
  scope: ComponentScope,
  before: Watermark,
): Promise<ReadonlyMap<Stream, Arrivals>> {
  const moved = new Map<Stream, Arrivals>();
  for (const stream of streams) {
    const arrived = arrivals(scope, stream, before);
    if (arrived) moved.set(stream, arrived);
  }
  if (moved.size === 0) return moved;
  const params: Params = { county: scope.county.code };
  const parts = [...moved].map(([stream, { params: own }]) => {
    for (const name of bounds) params[`${stream}_${name}`] = own[name];
    return `SELECT '${stream}' AS stream FROM (SELECT 1 FROM ${caseTable(stream)} WHERE ${newRows(`${stream}_`)} LIMIT 1)`;
  });
  const found = await rows<{ stream: Stream }>(client, parts.join(' UNION ALL '), params);
  const own = new Set(found.map(({ stream }) => stream));
  return new Map([...moved].filter(([stream]) => own.has(stream)));
}
