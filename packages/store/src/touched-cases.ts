import type { Stream } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import type { Params } from './client.js';
import { type ComponentScope, offsetsOf, paramsOf, type Watermark } from './component-scope.js';
import { belowWatermark } from './current-cases.js';

/** What came into a stream's table between two watermarks. */
export interface Arrivals {
  /** A query of source and case_id of the cases with a new row. */
  touched: string;
  params: Params;
}

/**
 * Undefined when no partition of the stream has moved. Rows are found by their offsets: the lowest one that can be new
 * lets the table's index on offsets pass over everything older.
 */
export function arrivals(scope: ComponentScope, stream: Stream, before: Watermark): Arrivals | undefined {
  const now = offsetsOf(scope.watermark, stream);
  const known = offsetsOf(before, stream);
  const since = now.map((_, partition) => known[partition] ?? 0n);
  // Offsets stay below 2^53.
  const moved = since.filter((offset, partition) => offset < now[partition]!).map(Number);
  if (moved.length === 0) return undefined;
  return {
    touched: `SELECT source, case_id FROM ${caseTable(stream)}
      WHERE county = {county:String} AND ${belowWatermark} AND kafka_offset >= {lowest_new:UInt64}
        AND kafka_offset >= arrayElement({since:Array(UInt64)}, kafka_partition + 1)`,
    params: { ...paramsOf(scope, stream), since, lowest_new: Math.min(...moved) },
  };
}
