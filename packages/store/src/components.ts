import type { ClickHouseClient } from '@clickhouse/client';
import { streamOfTopic, streams } from '@pingan/contracts';
import { insertRows, rows } from './client.js';
import { type ComponentScope, paramsOf, type Watermark } from './component-scope.js';
import { componentName, componentQuery, SCALE } from './component-sql.js';

/** One number of one region, month and indicator; sums are exact to six decimals. */
export interface Component {
  /** `YYYY-MM`. */
  month: string;
  /** Indicator code, `<code>:<part>`, or `cases:<record type>` for the number of cases that occurred. */
  indicator: string;
  region_code: string;
  numerator: number;
  denominator: number;
}

export interface SumRow {
  month: string;
  indicator: string;
  region_code: string;
  numerator: string;
  denominator: string;
}

export function toComponent(row: SumRow): Component {
  return {
    month: row.month.slice(0, 7),
    indicator: row.indicator,
    region_code: row.region_code,
    numerator: Number(row.numerator),
    denominator: Number(row.denominator),
  };
}

/** Components of the given months (all when absent) computed from the stored versions below the watermark. */
export async function computeComponents(
  client: ClickHouseClient,
  scope: ComponentScope,
  months?: readonly string[],
): Promise<Component[]> {
  const parts = await Promise.all(
    streams.map((stream) =>
      rows<Omit<SumRow, 'indicator'> & { slot: number; part: string }>(
        client,
        componentQuery(stream, months !== undefined),
        { ...paramsOf(scope, stream), months: months?.map((month) => `${month}-01`) ?? [] },
      ).then((found) =>
        found.map(({ slot, part, ...sum }) => toComponent({ ...sum, indicator: componentName(stream, slot, part) })),
      ),
    ),
  );
  return parts.flat();
}

/** The newest components of a county, optionally of some months or regions only. */
export async function readComponents(
  client: ClickHouseClient,
  county: string,
  months?: { from: string; to: string },
  regions: readonly string[] = [],
): Promise<Component[]> {
  const found = await rows<SumRow>(
    client,
    `SELECT month, indicator, region_code, numerator, denominator FROM components FINAL
    WHERE county = {county:String} AND month BETWEEN {from:Date} AND {to:Date}
      AND (numerator != 0 OR denominator != 0) AND (empty({regions:Array(String)}) OR has({regions:Array(String)}, region_code))
    ORDER BY month, indicator, region_code`,
    { county, regions, from: `${months?.from ?? '1970-01'}-01`, to: `${months?.to ?? '2148-12'}-01` },
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

/** The greatest generation any component of a county was written in; 0 without components. */
export async function newestGeneration(client: ClickHouseClient, county: string): Promise<bigint> {
  const [found] = await rows<{ newest: string }>(
    client,
    'SELECT max(generation) AS newest FROM components WHERE county = {county:String}',
    { county },
  );
  return BigInt(found?.newest ?? '0');
}

/** Months (`YYYY-MM`) with components written in a generation between two others. */
export async function monthsWrittenBetween(
  client: ClickHouseClient,
  county: string,
  { after, before }: { after: bigint; before: bigint },
): Promise<string[]> {
  const found = await rows<{ month: string }>(
    client,
    `SELECT DISTINCT month FROM components
    WHERE county = {county:String} AND generation > {after:UInt64} AND generation < {before:UInt64}`,
    { county, after, before },
  );
  return found.map(({ month }) => month.slice(0, 7));
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

/** The components that changes lead to; `stored` has at least those that they change. */
export function addChanges(stored: readonly Component[], changes: readonly Component[]): Component[] {
  const before = new Map(stored.map((component) => [keyOf(component), component]));
  return changes.map((change) => {
    const old = before.get(keyOf(change));
    return {
      ...change,
      numerator: (old?.numerator ?? 0) + change.numerator,
      denominator: (old?.denominator ?? 0) + change.denominator,
    };
  });
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

/** No catalogue has this digest. */
const MARKED = 'marked';

/**
 * Has every month of a county computed anew from the case tables: for rows that were stored behind the watermark, which
 * nothing else would notice. Nothing happens to a county that has no components yet.
 */
export async function markComponents(client: ClickHouseClient, county: string): Promise<void> {
  const state = await readComponentState(client, county);
  if (state) await writeComponentState(client, county, { watermark: state.watermark, catalogue: MARKED });
}
