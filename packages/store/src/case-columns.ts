import { type BodyField, bodyFields, type Stream, schemaIds, streamOfSchema, streams } from '@pingan/contracts';

/** How a body field is stored. */
export type ColumnKind = 'text' | 'flag' | 'byte' | 'count' | 'number' | 'moment' | 'deadline';

export interface BodyColumn {
  name: string;
  kind: ColumnKind;
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

/** Small whole numbers (levels) have a column of one byte. */
const BYTE_LIMIT = 255;

function columnKindOf({ kind, max }: BodyField): ColumnKind {
  if (kind === 'whole') return max <= BYTE_LIMIT ? 'byte' : 'count';
  return kind === 'id' || kind === 'choice' ? 'text' : kind;
}

function columnsOf(stream: Stream): BodyColumn[] {
  const columns = new Map<string, BodyColumn>();
  for (const schema of schemaIds) {
    if (streamOfSchema[schema] !== stream) continue;
    for (const [name, field] of bodyFields[schema]) columns.set(name, { name, kind: columnKindOf(field) });
  }
  return [...columns.values()];
}

/** Body fields of all record types of a stream; each is a nullable column of the stream's table. */
export const bodyColumns = Object.fromEntries(streams.map((stream) => [stream, columnsOf(stream)])) as Record<
  Stream,
  BodyColumn[]
>;
