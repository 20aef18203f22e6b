import { hash } from 'node:crypto';
import { type PingAnEvent, recordTypeOf, type Stream } from '@pingan/contracts';
import { type CaseOrigin, CaseRows, occurredMs } from './case-rows.js';
import { instantMs } from './instants.js';

/** What a stored row must say if it was made of this event. */
export interface CaseFact {
  /** 64 bits over everything but the body, whose digest is part of it; the same expression in SQL is `fingerprintSql`. */
  fingerprint: bigint;
  /** The `digest` column: two deliveries of one version are one event if it is equal. */
  digest: bigint;
  occurredMs: number;
}

/** Rows are written to learn their digest; so many share a buffer. */
const ROWS_PER_BUFFER = 2_000;
const BUFFER_BYTES = 1_048_576;

/** Facts of one stream's events. Rows are made exactly as for storing and thrown away. */
export class CaseFacts {
  private rows: CaseRows;

  constructor(private readonly stream: Stream) {
    this.rows = new CaseRows(stream, BUFFER_BYTES);
  }

  of(event: PingAnEvent, origin: CaseOrigin): CaseFact {
    if (this.rows.count >= ROWS_PER_BUFFER) this.rows = new CaseRows(this.stream, BUFFER_BYTES);
    const digest = Buffer.from(this.rows.add(event, origin).slice(0, 8), 'latin1').readBigUInt64LE(0);
    const occurred = occurredMs(event.occurred_at, origin.timeZone);
    const text = [
      event.county,
      event.source,
      event.case_id,
      event.version,
      digest,
      recordTypeOf(event.schema),
      event.op,
      event.region_code,
      occurred,
      event.precision ?? 'time',
      instantMs(event.recorded_at),
    ].join('\0');
    return { fingerprint: hash('sha256', text, 'buffer').readBigUInt64LE(0), digest, occurredMs: occurred };
  }
}

/** UInt64 of a row; see `CaseFact`. */
export const fingerprintSql = `reinterpretAsUInt64(SHA256(arrayStringConcat([county, source, case_id,
  toString(version), toString(digest), record_type, op, region_code, toString(toUnixTimestamp64Milli(occurred_at)),
  occurred_precision, toString(toUnixTimestamp64Milli(recorded_at))], char(0))))`;
