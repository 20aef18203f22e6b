import { type Stream, streams, topicOf } from '@pingan/contracts';
import { caseTable } from '@pingan/store';
import type { Site } from './site.js';

/** Columns that are not fields of an event's body. */
const own = new Set(
  (
    'county source case_id version digest kafka_partition kafka_offset keep_rank record_type op region_code occurred_at ' +
    'occurred_precision recorded_at stored_at'
  ).split(' '),
);

interface Column {
  name: string;
  type: string;
}

/** Columns of a stream's body with their types, as the tables have them. */
async function bodyOf(site: Site, database: string, stream: Stream): Promise<Column[]> {
  const columns = await site.rows<Column>(
    `SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}
      AND default_kind NOT IN ('ALIAS', 'MATERIALIZED')`,
    { database, table: caseTable(stream) },
  );
  return columns.filter(({ name }) => !own.has(name));
}

const isMoment = ({ type }: Column) => type.includes('DateTime64');

/**
 * ClickHouse's own way: a Kafka table per topic and a materialized view that takes the JSON apart into the columns of the
 * case table, in one pass over it. It stores what it can parse: no check of any value, no county or region looked up, days
 * in UTC whatever the county's zone, no digest of contents, no dead letters (what cannot be parsed becomes NULL or stops the
 * topic), and after a crash a block may be there twice. Returns what takes the tables away again.
 */
export async function attachKafkaTables(site: Site, database: string): Promise<() => Promise<void>> {
  for (const stream of streams) {
    const body = await bodyOf(site, database, stream);
    const fields = body.map((column) => `${column.name} ${isMoment(column) ? 'Nullable(String)' : column.type}`);
    const values = body.map((column) => {
      const field = `e.body.${column.name}`;
      return `${isMoment(column) ? `parseDateTime64BestEffortOrNull(${field}, 3, 'UTC')` : field} AS ${column.name}`;
    });
    const { kafkaPassword = '' } = site.endpoints;
    await site.command(`CREATE TABLE ${database}.${stream}_kafka (message String) ENGINE = Kafka
      SETTINGS kafka_broker_list = '${site.endpoints.kafkaBrokers.join(',')}', kafka_topic_list = '${topicOf(stream)}',
        kafka_security_protocol = 'sasl_plaintext', kafka_sasl_mechanism = 'PLAIN', kafka_sasl_username = 'pingan',
        kafka_sasl_password = '${kafkaPassword}',
        kafka_group_name = '${database}_${stream}', kafka_format = 'RawBLOB', kafka_num_consumers = 1, kafka_flush_interval_ms = 1000`);
    await site.command(`CREATE MATERIALIZED VIEW ${database}.${stream}_arrivals TO ${database}.${caseTable(stream)} AS
      WITH JSONExtract(message, 'Tuple(schema String, county String, source String, case_id String, version UInt64, op String,
        region_code String, occurred_at String, precision String, recorded_at String, body Tuple(${fields.join(', ')}))') AS e
      SELECT e.county AS county, e.source AS source, e.case_id AS case_id, e.version AS version,
        toUInt32(_partition) AS kafka_partition, _offset AS kafka_offset,
        substring(e.schema, 1, position(e.schema, '/') - 1) AS record_type, e.op AS op, e.region_code AS region_code,
        parseDateTime64BestEffort(if(length(e.occurred_at) = 7, concat(e.occurred_at, '-01'), e.occurred_at), 3, 'UTC')
          AS occurred_at,
        if(e.precision = '', 'time', e.precision) AS occurred_precision,
        parseDateTime64BestEffort(e.recorded_at, 3, 'UTC') AS recorded_at, ${values.join(', ')}
      FROM ${database}.${stream}_kafka`);
  }
  return async () => {
    for (const stream of streams) {
      await site.command(`DROP VIEW ${database}.${stream}_arrivals SYNC`);
      await site.command(`DROP TABLE ${database}.${stream}_kafka SYNC`);
    }
  };
}
