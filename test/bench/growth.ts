import { scoreCounty } from '@pingan/appraisal';
import { addMonths, parseEvent, type Stream, streams, topicOf } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { CaseRows, caseTable, type Watermark } from '@pingan/store';
import type { Database } from './contenders.js';
import { median } from './figures.js';
import { load } from './fill.js';
import type { Site } from './site.js';

const WINDOW = 8_000;

/** Fields that name another case of the source. */
const links: Record<Stream, string> = {
  police: 'prior_case_ref',
  petition: 'repeat_of',
  mediation: 'recurrence_of',
  opinion: 'secondary_of',
};

/** A store that is filled without the path: only its size and what is in it matter. */
export interface Loaded {
  database: Database;
  versions: number;
  /** Next offset of the only partition of each stream. */
  next: Record<Stream, number>;
}

export const watermarkOf = ({ next }: Loaded): Watermark =>
  Object.fromEntries(streams.map((stream) => [topicOf(stream), [String(next[stream])]]));

/** Adds events in the order they come, at the end of each stream's log. */
export async function addEvents(
  loaded: Loaded,
  county: County,
  events: Iterable<{ stream: Stream; value: string }>,
): Promise<void> {
  const { database, next } = loaded;
  const open = new Map<Stream, CaseRows>();
  const flush = async (stream: Stream, rows: CaseRows) => {
    await database.store.cases.insertWindow(stream, rows, `bench-${stream}-${next[stream]}`);
    open.delete(stream);
  };
  for (const { stream, value } of events) {
    const outcome = parseEvent(JSON.parse(value));
    if (!outcome.ok) throw new Error('the load has an unsound event');
    const rows = open.get(stream) ?? new CaseRows(stream, 1 << 20);
    open.set(stream, rows);
    rows.add(outcome.event, { partition: 0, offset: next[stream], timeZone: county.timeZone });
    next[stream] += 1;
    loaded.versions += 1;
    if (rows.count === WINDOW) await flush(stream, rows);
  }
  for (const [stream, rows] of open) await flush(stream, rows);
}

export async function loadStore(
  site: Site,
  options: { county: County; count: number; months: { from: string; count: number }; seed: number },
): Promise<Loaded> {
  const database = await site.database(options.county);
  const next = Object.fromEntries(streams.map((stream) => [stream, 0])) as Record<Stream, number>;
  const loaded: Loaded = { database, versions: 0, next };
  await addEvents(loaded, options.county, load(options));
  return loaded;
}

/** Makes every case into so many: the same months, denser. Copies have ids of their own and refer to each other alike. */
export async function multiply(site: Site, loaded: Loaded, times: number): Promise<void> {
  if (times === 1) return;
  const { name } = loaded.database;
  for (const stream of streams) {
    const table = `${name}.${caseTable(stream)}`;
    const step = loaded.next[stream];
    const columns = await site.rows<{ name: string; default_kind: string }>(
      'SELECT name, default_kind FROM system.columns WHERE database = {database:String} AND table = {table:String}',
      { database: name, table: caseTable(stream) },
    );
    const list = columns.filter(({ default_kind }) => default_kind === '').map((column) => column.name);
    const copied = list.map((column) => {
      if (column === 'case_id' || column === links[stream]) return `concat(${column}, '-', toString(copy))`;
      return column === 'kafka_offset' ? `kafka_offset + copy * ${step}` : column;
    });
    await site.command(`INSERT INTO ${table} (${list.join(', ')}) SELECT ${copied.join(', ')}
      FROM ${table} CROSS JOIN (SELECT number + 1 AS copy FROM numbers(${times - 1})) AS copies
      SETTINGS max_insert_threads = 2, min_insert_block_size_rows = 100000, max_threads = 2`);
    loaded.next[stream] = step * times;
  }
  loaded.versions *= times;
}

/** The same store once more, in tables of its own: the parts are shared, nothing is written. */
export async function copyOf(site: Site, { database }: Loaded, county: County): Promise<Database> {
  const copy = await site.database(county);
  const tables = await site.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = {database:String} AND endsWith(engine, 'MergeTree')",
    { database: database.name },
  );
  for (const { name } of tables) {
    await site.command(`TRUNCATE TABLE ${copy.name}.${name}`);
    await site.command(`ALTER TABLE ${copy.name}.${name} ATTACH PARTITION ALL FROM ${database.name}.${name}`);
  }
  return copy;
}

export interface Rescore {
  versions: number;
  townships: number;
  /** Seconds to compute every component from the cases. */
  all_components: number;
  /** Seconds to score all months from components. */
  all_months: number;
  /** Milliseconds after one late event, three months back: components, and then the scores of every month it reaches. */
  late_refresh: number;
  late_score: number;
}

const seconds = (from: number) => (performance.now() - from) / 1000;

/** Everything computed once, then again after each of some late events of different kinds. */
export async function rescore(
  loaded: Loaded,
  { county, month, events, seed }: { county: County; month: string; events: number; seed: number },
): Promise<Rescore> {
  const { store } = loaded.database;
  const refresh = () => store.components.refresh({ county, watermark: watermarkOf(loaded) });
  const score = () => scoreCounty(store, county, { nowMs: Date.now() });
  const componentsAt = performance.now();
  await refresh();
  const allComponents = seconds(componentsAt);
  const scoreAt = performance.now();
  await score();
  const allMonths = seconds(scoreAt);
  const late = load({ county, count: 4_000, months: { from: addMonths(month, -3), count: 1 }, seed });
  const [refreshes, scores]: [number[], number[]] = [[], []];
  let skipped = 0;
  for (const event of late) {
    if (refreshes.length === events) break;
    // Neighbours of the load are of different kinds anyway; the distance makes them differ more.
    skipped += 1;
    if (skipped % 97 !== 0) continue;
    await addEvents(loaded, county, [{ ...event, value: event.value.replace(/("case_id":"[^"]*)"/, '$1-late"') }]);
    const lateAt = performance.now();
    await refresh();
    const refreshed = performance.now();
    await score();
    refreshes.push(refreshed - lateAt);
    scores.push(performance.now() - refreshed);
  }
  return {
    versions: loaded.versions,
    townships: county.regions.regions.filter(({ ranked }) => ranked).length,
    all_components: allComponents,
    all_months: allMonths,
    late_refresh: median(refreshes),
    late_score: median(scores),
  };
}
