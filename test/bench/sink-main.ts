/**
 * The sink that one would write by hand: every batch that kafkajs hands over is parsed, mapped and inserted, then its
 * offset counts as done. No check of any value, no queue, no dead letters (one bad message stops it for ever), no fixed
 * windows and no token (a crash in the wrong moment leaves rows twice), no digest of contents.
 */
import { createClient } from '@clickhouse/client';
import { eventTopics, type Stream, streamOfTopic } from '@pingan/contracts';
import { caseTable } from '@pingan/store';
import { Kafka, logLevel } from 'kafkajs';
import { loginToKafka } from '../harness/kafka.js';

interface SourceEvent {
  schema: string;
  occurred_at: string;
  precision?: string;
  body: Record<string, unknown>;
  [field: string]: unknown;
}

/** A month stands for its first day; everything else ClickHouse can read as it is. */
const dayOf = (text: string) => (text.length === 7 ? `${text}-01` : text);

const kafka = new Kafka({
  clientId: 'sink',
  brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
  ...loginToKafka(process.env),
  logLevel: logLevel.NOTHING,
});
const clickhouse = createClient({
  url: process.env.CLICKHOUSE_URL ?? '',
  database: process.env.CLICKHOUSE_DATABASE ?? '',
  clickhouse_settings: { async_insert: 0, date_time_input_format: 'best_effort' },
});
const consumer = kafka.consumer({
  groupId: process.env.SINK_GROUP ?? '',
  maxBytesPerPartition: 4 * 1024 * 1024,
  maxBytes: 16 * 1024 * 1024,
});

process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));

await consumer.connect();
await consumer.subscribe({ topics: [...eventTopics], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 4,
  eachBatch: async ({ batch }) => {
    const stream = streamOfTopic(batch.topic) as Stream;
    const values = batch.messages.map(({ value, offset }) => {
      const { schema, body, occurred_at, precision, ...event } = JSON.parse(value!.toString()) as SourceEvent;
      return {
        ...event,
        ...body,
        record_type: schema.slice(0, schema.indexOf('/')),
        occurred_at: dayOf(occurred_at),
        occurred_precision: precision ?? 'time',
        kafka_partition: batch.partition,
        kafka_offset: offset,
      };
    });
    await clickhouse.insert({ table: caseTable(stream), values, format: 'JSONEachRow' });
  },
});
