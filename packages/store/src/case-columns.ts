import { bodySchemas, endOfDayFields, type SchemaId, type Stream, streamOfSchema, streams } from '@pingan/contracts';
import { z } from 'zod';

/** How a body field is written; `moment` and `deadline` differ in what a day means: its beginning, its end. */
export type FieldKind = 'text' | 'flag' | 'byte' | 'count' | 'number' | 'moment' | 'deadline';

export interface BodyColumn {
  name: string;
  kind: FieldKind;
}

/** Columns every case table begins with, in insert order. */
export const envelopeColumns = [
  'county',
  'source',
  'case_id',
  'version',
  'digest',
  'kafka_partition',
  'kafka_offset',
  'record_type',
  'op',
  'region_code',
  'occurred_at',
  'occurred_precision',
  'recorded_at',
] as const;

const momentField = /_at$|^extended_to$/;

/** Small whole numbers (levels) have a column of one byte. */
const BYTE_LIMIT = 255;

function kindOf(name: string, schema: z.ZodType): FieldKind {
  if (endOfDayFields.has(name)) return 'deadline';
  if (momentField.test(name)) return 'moment';
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (inner instanceof z.ZodBoolean) return 'flag';
  if (!(inner instanceof z.ZodNumber)) return 'text';
  if (!inner.isInt) return 'number';
  return (inner.maxValue ?? Number.POSITIVE_INFINITY) <= BYTE_LIMIT ? 'byte' : 'count';
}

function columnsOf(stream: Stream): BodyColumn[] {
  const columns = new Map<string, BodyColumn>();
  for (const schema of Object.keys(bodySchemas) as SchemaId[]) {
    if (streamOfSchema[schema] !== stream) continue;
    for (const [name, field] of Object.entries(bodySchemas[schema].shape)) {
      columns.set(name, { name, kind: kindOf(name, field as z.ZodType) });
    }
  }
  return [...columns.values()];
}

/** Body fields of all record types of a stream; each is a nullable column of the stream's table. */
export const bodyColumns = Object.fromEntries(streams.map((stream) => [stream, columnsOf(stream)])) as Record<
  Stream,
  BodyColumn[]
>;
