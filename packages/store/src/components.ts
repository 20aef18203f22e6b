import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, streamOfTopic, streams, topicOf } from '@pingan/contracts';
import { catalogue, type Indicator } from '@pingan/indicators';
import { caseTable } from './case-tables.js';
import { insertRows, type Params, rows } from './client.js';
import { belowWatermark, scoredCases } from './current-cases.js';

/** Next offset per partition, by topic. */
export type Watermark = Record<string, string[]>;

/** One number of one region, month and indicator; sums are exact to six decimals. */
export interface Component {
  /** `YYYY-MM`. */
  month: string;
  /** Indicator code, or `cases:<record type>` for the number of cases that occurred. */
  indicator: string;
  region_code: string;
  numerator: number;
  denominator: number;
}

/** Components are computed for the scale of what they add up: counts, and terms rounded to six decimals. */
const SCALE = 6;

/** Prefix of the pseudo-indicators that say whether a record type has any data in a month. */
export const coveragePrefix = 'cases:';

function indicatorsOf(stream: Stream): Indicator[] {
  return catalogue.filter((indicator) => indicator.dimension === stream);
}

function cohortOf({ recordType, query }: Indicator): string {
  const condition = query.where
    ? `record_type = '${recordType}' AND ifNull(${query.where}, 0)`
    : `record_type = '${recordType}'`;
  return `if(${condition}, toNullable(toDate(${query.cohort})), NULL)`;
}

const occurredDay = 'toDate(occurred_at, {tz:String})';

/** (indicator, cohort day, numerator, denominator) of one case, for every indicator of the stream and its coverage. */
function termsOf(stream: Stream): string {
  const decimal = (sql: string) => `toDecimal64(ifNull(${sql}, 0), ${SCALE})`;
  const terms = indicatorsOf(stream).map((indicator) => {
    const { numerator, denominator } = indicator.query;
    return `tuple('${indicator.code}', ${cohortOf(indicator)}, ${decimal(numerator)}, ${decimal(denominator ?? '0')})`;
  });
  terms.push(
    `tuple(concat('${coveragePrefix}', record_type), toNullable(${occurredDay}), ${decimal('1')}, ${decimal('0')})`,
  );
  return `[${terms.join(',\n      ')}]`;
}

interface SumRow {
  month: string;
  indicator: string;
  region_code: string;
  numerator: string;
  denominator: string;
}

function toComponent(row: SumRow): Component {
  return {
    month: row.month.slice(0, 7),
    indicator: row.indicator,
    region_code: row.region_code,
    numerator: Number(row.numerator),
    denominator: Number(row.denominator),
  };
}

/** Offsets of one topic as a query parameter. */
function offsetsOf(watermark: Watermark, stream: Stream): bigint[] {
  return Array.from(watermark[topicOf(stream)] ?? [], (offset) => BigInt(offset ?? '0'));
}

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

export function paramsOf({ county, watermark, without }: ComponentScope, stream: Stream): Params {
  return {
    county: county.code,
    tz: county.timeZone,
    watermark: offsetsOf(watermark, stream),
    without_source: without?.source ?? '',
    without_case: without?.case_id ?? '',
  };
}

/** Components of the given months (all when absent) computed from the stored versions below the watermark. */
export async function computeComponents(
  client: ClickHouseClient,
  scope: ComponentScope,
  months?: readonly string[],
): Promise<Component[]> {
  const inMonths = months ? 'AND has({months:Array(Date)}, month)' : '';
  const parts = await Promise.all(
    streams.map((stream) =>
      rows<SumRow>(
        client,
        `SELECT toStartOfMonth(assumeNotNull(term.2)) AS month, term.1 AS indicator, region_code,
          sum(term.3) AS numerator, sum(term.4) AS denominator
        FROM (SELECT region_code, arrayJoin(${termsOf(stream)}) AS term FROM (${scoredCases(stream)}))
        WHERE term.2 IS NOT NULL ${inMonths}
        GROUP BY month, indicator, region_code
        HAVING numerator != 0 OR denominator != 0
        ORDER BY month, indicator, region_code`,
        { ...paramsOf(scope, stream), months: months?.map((month) => `${month}-01`) ?? [] },
      ),
    ),
  );
  return parts.flat().map(toComponent);
}

/**
 * Months touched by what arrived between two watermarks: every month that any version, old or new, of a touched case
 * belongs to by any cohort rule; also the months of cases that name a touched case as the one they repeat.
 */
export async function dirtyMonths(
  client: ClickHouseClient,
  scope: ComponentScope,
  since: Watermark,
): Promise<string[]> {
  const parts = await Promise.all(
    streams.map((stream) => {
      const table = caseTable(stream);
      const cohorts = [...indicatorsOf(stream).map(cohortOf), `toNullable(${occurredDay})`].join(', ');
      const touched = `SELECT source, case_id FROM ${table} WHERE county = {county:String} AND ${belowWatermark}
        AND kafka_offset >= arrayElement({since:Array(UInt64)}, kafka_partition + 1)`;
      const linked = stream === 'petition' ? `OR (source, ifNull(repeat_of, '')) IN (${touched})` : '';
      const columns = stream === 'petition' ? '*, NULL AS original_closed_at' : '*';
      return rows<{ month: string }>(
        client,
        `SELECT DISTINCT toStartOfMonth(assumeNotNull(day)) AS month
        FROM (
          SELECT arrayJoin([${cohorts}]) AS day
          FROM (SELECT ${columns} FROM ${table} WHERE county = {county:String} AND ${belowWatermark}
            AND ((source, case_id) IN (${touched}) ${linked}))
        )
        WHERE day IS NOT NULL`,
        { ...paramsOf(scope, stream), since: offsetsOf(since, stream) },
      );
    }),
  );
  const months = new Set(parts.flat().map(({ month }) => month.slice(0, 7)));
  return [...months].sort();
}

/** The newest components of a county, optionally of some months only. */
export async function readComponents(
  client: ClickHouseClient,
  county: string,
  months?: { from: string; to: string },
): Promise<Component[]> {
  const found = await rows<SumRow>(
    client,
    `SELECT month, indicator, region_code, numerator, denominator FROM components FINAL
    WHERE county = {county:String} AND month BETWEEN {from:Date} AND {to:Date}
      AND (numerator != 0 OR denominator != 0)
    ORDER BY month, indicator, region_code`,
    { county, from: `${months?.from ?? '1970-01'}-01`, to: `${months?.to ?? '2148-12'}-01` },
  );
  return found.map(toComponent);
}

/** Later data, greater generation: offsets only grow. */
export function generationOf(watermark: Watermark): bigint {
  let sum = 0n;
  for (const [topic, offsets] of Object.entries(watermark)) {
    if (streamOfTopic(topic)) for (const offset of offsets) sum += BigInt(offset ?? '0');
  }
  return sum;
}

const keyOf = (c: Component) => `${c.month}|${c.indicator}|${c.region_code}`;

/** Rows to write so that the stored components of `months` become `computed`: changed ones, and zeros for vanished. */
export function changedComponents(stored: readonly Component[], computed: readonly Component[]): Component[] {
  const before = new Map(stored.map((component) => [keyOf(component), component]));
  const changed: Component[] = [];
  for (const component of computed) {
    const old = before.get(keyOf(component));
    before.delete(keyOf(component));
    if (old?.numerator !== component.numerator || old.denominator !== component.denominator) changed.push(component);
  }
  for (const gone of before.values()) changed.push({ ...gone, numerator: 0, denominator: 0 });
  return changed;
}

export async function writeComponents(
  client: ClickHouseClient,
  county: string,
  components: readonly Component[],
  watermark: Watermark,
): Promise<void> {
  const generation = String(generationOf(watermark));
  await insertRows(client, {
    table: 'components',
    columns: ['county', 'month', 'indicator', 'region_code', 'numerator', 'denominator', 'generation'],
    values: components.map((c) => [
      county,
      `${c.month}-01`,
      c.indicator,
      c.region_code,
      c.numerator.toFixed(SCALE),
      c.denominator.toFixed(SCALE),
      generation,
    ]),
  });
}

export interface ComponentState {
  watermark: Watermark;
  /** Digest of the indicator definitions the components were computed with. */
  catalogue: string;
}

export async function readComponentState(
  client: ClickHouseClient,
  county: string,
): Promise<ComponentState | undefined> {
  const [state] = await rows<{ watermark: string; catalogue: string }>(
    client,
    'SELECT watermark, catalogue FROM component_state FINAL WHERE county = {county:String}',
    { county },
  );
  return state && { watermark: JSON.parse(state.watermark) as Watermark, catalogue: state.catalogue };
}

export async function writeComponentState(
  client: ClickHouseClient,
  county: string,
  state: ComponentState,
): Promise<void> {
  await insertRows(client, {
    table: 'component_state',
    columns: ['county', 'generation', 'watermark', 'catalogue'],
    values: [[county, String(generationOf(state.watermark)), JSON.stringify(state.watermark), state.catalogue]],
  });
}
