import { epochOf, offsetOf, streamOfTopic } from '@pingan/contracts';
import { execute, insertRows, rows, type Statements } from './client.js';
import { type ComponentScope, paramsOf, streamsBelow, type Watermark } from './component-scope.js';
import { componentName, componentQuery, noteSums } from './component-sql.js';

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

const daysOfMonths = (months: readonly string[] | undefined) => months?.map((month) => `${month}-01`) ?? [];

/** Notes the components of the given months (all when absent), computed as by `computeComponents`, in `component_sums`. */
export async function noteComponents(
  client: Statements,
  scope: ComponentScope,
  { months, refresh }: { months: readonly string[] | undefined; refresh: string },
): Promise<void> {
  await Promise.all(
    streamsBelow(scope.watermark).map((stream) =>
      execute(client, noteSums(stream, componentQuery(stream, months !== undefined)), {
        ...paramsOf(scope, stream),
        months: daysOfMonths(months),
        refresh,
      }),
    ),
  );
}

/** Components of the given months (all when absent) computed from the stored versions below the watermark. */
export async function computeComponents(
  client: Statements,
  scope: ComponentScope,
  months?: readonly string[],
): Promise<Component[]> {
  const parts = await Promise.all(
    streamsBelow(scope.watermark).map((stream) =>
      rows<Omit<SumRow, 'indicator'> & { slot: number; part: string }>(
        client,
        componentQuery(stream, months !== undefined),
        { ...paramsOf(scope, stream), months: daysOfMonths(months) },
      ).then((found) =>
        found.map(({ slot, part, ...sum }) => toComponent({ ...sum, indicator: componentName(stream, slot, part) })),
      ),
    ),
  );
  return parts.flat();
}

/** The newest components of a county, optionally of some months only. */
export async function readComponents(
  client: Statements,
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

/** Places of the event topics that lie below a watermark, in the logs it stands in. */
export function offsetsIn(watermark: Watermark): number {
  let sum = 0;
  for (const [topic, positions] of Object.entries(watermark)) {
    if (streamOfTopic(topic)) for (const position of positions) sum += offsetOf(position ?? '0');
  }
  return sum;
}

/** Places of the event topics between two watermarks; of a log that was begun since then all. */
export function arrivedSince(before: Watermark, now: Watermark): number {
  let sum = 0;
  for (const [topic, positions] of Object.entries(now)) {
    if (!streamOfTopic(topic)) continue;
    for (const [partition, position] of positions.entries()) {
      const since = before[topic]?.[partition] ?? '0';
      const sameLog = epochOf(since) === epochOf(position ?? '0');
      sum += offsetOf(position ?? '0') - (sameLog ? offsetOf(since) : 0);
    }
  }
  return sum;
}

/** Later data, greater generation: positions only grow. */
export function generationOf(watermark: Watermark): bigint {
  let sum = 0n;
  for (const [topic, offsets] of Object.entries(watermark)) {
    if (streamOfTopic(topic)) for (const offset of offsets) sum += BigInt(offset ?? '0');
  }
  return sum;
}

/** The greatest generation any component of a county was written in; 0 without components. */
export async function newestGeneration(client: Statements, county: string): Promise<bigint> {
  const [found] = await rows<{ newest: string }>(
    client,
    'SELECT max(generation) AS newest FROM components WHERE county = {county:String}',
    { county },
  );
  return BigInt(found?.newest ?? '0');
}

/** Months (`YYYY-MM`) with components written in a generation between two others. */
export async function monthsWrittenBetween(
  client: Statements,
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

/** Months (`YYYY-MM`) with components written after those of a watermark, in order. */
export async function monthsWrittenAfter(client: Statements, county: string, watermark: Watermark): Promise<string[]> {
  const found = await rows<{ month: string }>(
    client,
    `SELECT DISTINCT month FROM components WHERE county = {county:String} AND generation > {after:UInt64} ORDER BY month`,
    { county, after: generationOf(watermark) },
  );
  return found.map(({ month }) => month.slice(0, 7));
}

/** Months (`YYYY-MM`) with components written in a generation. */
export async function monthsWrittenIn(client: Statements, county: string, generation: bigint): Promise<string[]> {
  const found = await rows<{ month: string }>(
    client,
    `SELECT DISTINCT month FROM components WHERE county = {county:String} AND generation = {generation:UInt64}
    ORDER BY month`,
    { county, generation },
  );
  return found.map(({ month }) => month.slice(0, 7));
}

const noted = `SELECT month, indicator, region_code, numerator, denominator, 1 AS is_noted, 0 AS written_in
    FROM component_sums WHERE refresh = {refresh:String}`;

/** Stored components of a county, where they meet a condition. */
const storedWhere = (condition: string) =>
  `SELECT month, indicator, region_code, numerator, denominator, 0 AS is_noted, generation AS written_in
    FROM components FINAL WHERE county = {county:String} AND ${condition}`;

const intoComponents = `INSERT INTO components (county, month, indicator, region_code, numerator, denominator, generation)
  SELECT {county:String}, month, indicator, region_code`;

/** What a refresh has noted, and where it goes. */
export interface Noted {
  county: string;
  refresh: string;
  watermark: Watermark;
}

const paramsOfNoted = ({ county, refresh, watermark }: Noted) => ({
  county,
  refresh,
  generation: generationOf(watermark),
});

/**
 * The sums a refresh has noted are added to what was stored at the earlier watermark. What another refresh has written since is
 * left alone, since it may hold a part of them: it stands out by its generation.
 */
export async function addToComponents(client: Statements, sums: Noted, before: Watermark): Promise<void> {
  const touched = `(month, indicator, region_code) IN
    (SELECT month, indicator, region_code FROM component_sums WHERE refresh = {refresh:String})`;
  await execute(
    client,
    `${intoComponents}, sum(n.numerator), sum(n.denominator), {generation:UInt64}
    FROM (${noted} UNION ALL ${storedWhere(touched)}) AS n GROUP BY month, indicator, region_code
    HAVING max(written_in) <= {before:UInt64}`,
    { ...paramsOfNoted(sums), before: generationOf(before) },
  );
}

/** The sums a refresh has noted take the place of those that are stored, of some months or of all; of what vanished, zero. */
export async function replaceComponents(
  client: Statements,
  sums: Noted,
  months: readonly string[] | undefined,
): Promise<void> {
  const wanted = months === undefined ? '1' : 'has({months:Array(Date)}, month)';
  await execute(
    client,
    `${intoComponents}, sumIf(n.numerator, is_noted), sumIf(n.denominator, is_noted), {generation:UInt64}
    FROM (${noted} UNION ALL ${storedWhere(wanted)}) AS n GROUP BY month, indicator, region_code
    HAVING sumIf(n.numerator, is_noted) != sumIf(n.numerator, NOT is_noted)
      OR sumIf(n.denominator, is_noted) != sumIf(n.denominator, NOT is_noted)`,
    { ...paramsOfNoted(sums), months: daysOfMonths(months) },
  );
}

export interface ComponentState {
  watermark: Watermark;
  /** Digest of the indicator definitions the components were computed with. */
  catalogue: string;
}

export async function readComponentState(client: Statements, county: string): Promise<ComponentState | undefined> {
  const [state] = await rows<{ watermark: string; catalogue: string }>(
    client,
    'SELECT watermark, catalogue FROM component_state FINAL WHERE county = {county:String}',
    { county },
  );
  return state && { watermark: JSON.parse(state.watermark) as Watermark, catalogue: state.catalogue };
}

export async function writeComponentState(client: Statements, county: string, state: ComponentState): Promise<void> {
  await insertRows(client, {
    table: 'component_state',
    columns: ['county', 'generation', 'watermark', 'catalogue'],
    values: [[county, String(generationOf(state.watermark)), JSON.stringify(state.watermark), state.catalogue]],
  });
}

/** No catalogue has this digest: every month is to be computed anew. */
export const markedCatalogue = 'marked';

/**
 * Has every month of a county computed anew from the case tables: for rows that were stored behind the watermark, which
 * nothing else would notice. Nothing happens to a county that has no components yet.
 */
export async function markComponents(client: Statements, county: string): Promise<void> {
  const state = await readComponentState(client, county);
  if (state) await writeComponentState(client, county, { watermark: state.watermark, catalogue: markedCatalogue });
}
