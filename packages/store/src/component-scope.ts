import { type Stream, streams, topicOf } from '@pingan/contracts';
import { workCalendar } from '@pingan/indicators';
import type { Params } from './client.js';

/** Next offset per partition, by topic. */
export type Watermark = Record<string, string[]>;

export interface CaseKey {
  source: string;
  case_id: string;
}

export interface ComponentScope {
  county: { code: string; timeZone: string };
  watermark: Watermark;
  /** Left out, as if it had never been delivered. */
  without?: CaseKey | undefined;
}

/** Offsets of one topic as a query parameter. */
export function offsetsOf(watermark: Watermark, stream: Stream): bigint[] {
  return Array.from(watermark[topicOf(stream)] ?? [], (offset) => BigInt(offset ?? '0'));
}

/** Streams of which anything lies below the watermark: of the others no statement can find a row, and to ask is not cheap. */
export const streamsBelow = (watermark: Watermark): Stream[] =>
  streams.filter((stream) => offsetsOf(watermark, stream).some((offset) => offset > 0n));

/** What the expressions of the catalogue and the statements over cases may name. */
export function paramsOf({ county, watermark, without }: ComponentScope, stream: Stream): Params {
  return {
    county: county.code,
    tz: county.timeZone,
    rest_days: workCalendar.restDays,
    work_days: workCalendar.workDays,
    watermark: offsetsOf(watermark, stream),
    without_source: without?.source ?? '',
    without_case: without?.case_id ?? '',
  };
}
