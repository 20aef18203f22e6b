import { hash } from 'node:crypto';
import { type PingAnEvent, recordTypeOf, type Stream } from '@pingan/contracts';
import { localDayEnd, localDayStart, localMonthStart } from '@pingan/regions';
import { type BodyColumn, bodyColumns } from './case-columns.js';
import { instantMs } from './instants.js';
import { RowBuffer } from './row-buffer.js';

export interface CaseOrigin {
  partition: number;
  offset: number;
  /** The county's time zone. */
  timeZone: string;
}

/** Length of `YYYY-MM-DD`; anything longer is a full instant, anything shorter a month. */
const DAY_LENGTH = 10;

/** Most deadlines are days, and the same days come again and again. */
const dayEnds = new Map<string, number>();
const DAY_ENDS_LIMIT = 100_000;

function dayEnd(day: string, timeZone: string): number {
  const key = day + timeZone;
  let ms = dayEnds.get(key);
  if (ms === undefined) {
    ms = localDayEnd(day, timeZone);
    if (dayEnds.size >= DAY_ENDS_LIMIT) dayEnds.clear();
    dayEnds.set(key, ms);
  }
  return ms;
}

function momentMs(text: string, isDeadline: boolean, timeZone: string): number {
  if (text.length > DAY_LENGTH) return instantMs(text);
  return isDeadline ? dayEnd(text, timeZone) : localDayStart(text, timeZone);
}

/** Milliseconds of `occurred_at`, which may be an instant, a day or a month of the county's calendar. */
export function occurredMs(text: string, timeZone: string): number {
  return text.length < DAY_LENGTH ? localMonthStart(text, timeZone) : momentMs(text, false, timeZone);
}

const DIGEST_BYTES = 8;

/**
 * One insert block of a stream's case table, in RowBinary: `envelopeColumns`, then `bodyColumns`.
 *
 * The digest is 64 bits over everything a row says beside its identity and its place in the log, up to its last value: a
 * column added behind the others does not change rows without it. Two rows of one version with the same digest are one
 * event; with different ones they are a conflict, which the readers' fixed order settles.
 */
export class CaseRows {
  count = 0;
  private readonly rows: RowBuffer;
  private readonly columns: readonly BodyColumn[];

  constructor(stream: Stream, initialBytes: number) {
    this.rows = new RowBuffer(initialBytes);
    this.columns = bodyColumns[stream];
  }

  /** Returns the row's digest: its first eight code units are the bytes of the column. */
  add(event: PingAnEvent, { partition, offset, timeZone }: CaseOrigin): string {
    const { rows } = this;
    rows.text(event.county);
    rows.text(event.source);
    rows.text(event.case_id);
    rows.int64(event.version);
    const digestAt = rows.skip(DIGEST_BYTES);
    rows.uint32(partition);
    rows.int64(offset);
    const contentFrom = rows.length;
    rows.text(recordTypeOf(event.schema));
    rows.text(event.op);
    rows.text(event.region_code);
    rows.int64(occurredMs(event.occurred_at, timeZone));
    rows.text(event.precision ?? 'time');
    rows.int64(instantMs(event.recorded_at));
    const body = event.body as Record<string, unknown>;
    let contentTo = rows.length;
    for (let i = 0; i < this.columns.length; i += 1) {
      const { name, kind } = this.columns[i]!;
      const value = body[name];
      this.field(kind, value, timeZone);
      if (value !== undefined) contentTo = rows.length;
    }
    const digest = hash('sha256', rows.slice(contentFrom, contentTo), 'binary');
    rows.overwrite(digestAt, digest, DIGEST_BYTES);
    this.count += 1;
    return digest;
  }

  bytes(): Buffer {
    return this.rows.bytes();
  }

  /** Every body column is nullable: a byte says whether a value follows. */
  private field(kind: BodyColumn['kind'], value: unknown, timeZone: string): void {
    const { rows } = this;
    if (value === undefined) {
      rows.byte(1);
      return;
    }
    rows.byte(0);
    switch (kind) {
      case 'text':
        rows.text(value as string);
        break;
      case 'flag':
        rows.byte(value ? 1 : 0);
        break;
      case 'byte':
        rows.byte(value as number);
        break;
      case 'count':
        rows.uint32(value as number);
        break;
      case 'number':
        rows.float64(value as number);
        break;
      default:
        rows.int64(momentMs(value as string, kind === 'deadline', timeZone));
    }
  }
}
