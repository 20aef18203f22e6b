import { bodySchemas, type SchemaId, type Stream, streamOfSchema, streams } from '@pingan/contracts';

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

function bodyFieldsOf(stream: Stream): string[] {
  const fields = new Set<string>();
  for (const schema of Object.keys(bodySchemas) as SchemaId[]) {
    if (streamOfSchema[schema] === stream)
      for (const field of Object.keys(bodySchemas[schema].shape)) fields.add(field);
  }
  return [...fields];
}

/** Body fields of all record types of a stream; each is a nullable column of the stream's table. */
export const bodyColumns = Object.fromEntries(streams.map((stream) => [stream, bodyFieldsOf(stream)])) as Record<
  Stream,
  string[]
>;

export function caseTable(stream: Stream): string {
  return `${stream}_cases`;
}
