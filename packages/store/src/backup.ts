import type { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { streams } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { caseTable } from './case-tables.js';
import { createClickHouse, execute, insertRows, rows, type StoreOptions } from './client.js';

/** What the program writes by itself, what a refresh needs for an hour, and what tells of restores themselves. */
const leftOut = new Set([
  'schema_migrations',
  'catalogue_indicators',
  'catalogue_words',
  'affected_cases',
  'component_sums',
  'restores',
]);

/**
 * Tables are frozen one after the other while everything goes on, so the order matters: what follows from other rows comes
 * first, what it rests on later. A state is then older than its components, these older than the cases they count, a current
 * run older than its rows: each is a situation that a refresh meets after a crash as well.
 */
const frozenFirst = ['component_state', 'components', 'run_current', 'run_published', 'dead_letter_replays'];
const frozenLast = [...streams.map(caseTable), 'dead_letters', 'counties', 'schemes', 'logs'];

function freezeRank(table: string): number {
  const first = frozenFirst.indexOf(table);
  if (first >= 0) return first;
  return frozenFirst.length + 1 + frozenLast.indexOf(table);
}

export const frozenPrefix = 'backup_frozen_';

/** Rows of one request. The server keeps an answer back until it is whole, beyond a megabyte on its disk. */
const PAGE_ROWS = 500_000;

/** For statements over whole tables. */
const LONG_MS = 6 * 3_600_000;

export interface FrozenTable {
  table: string;
  columns: string[];
  rows: number;
}

/** The store's part of a backup; needs connections of its own, on which statements may take hours. */
export function openStoreBackup(options: StoreOptions) {
  const client = createClickHouse({ ...options, timeoutMs: LONG_MS });
  return {
    tables: () => tablesOf(client),
    freeze: () => freeze(client),
    thaw: () => thaw(client),
    dump: (table: FrozenTable) => dump(client, table),
    /** Columns of a table that can be loaded. */
    columns: (table: string) => columnsOf(client, table),
    empty: () => empty(client),
    load: (table: string, columns: readonly string[], native: Readable) => load(client, { table, columns, native }),
    close: () => client.close(),
  };
}

export type StoreBackup = ReturnType<typeof openStoreBackup>;

/** Names of tables and columns cannot be parameters everywhere. They are those of the database itself. */
const quoted = (name: string) => `\`${name.replace(/[\\`]/g, '\\$&')}\``;
const columnList = (columns: readonly string[]) => columns.map(quoted).join(', ');

/** Tables whose rows a backup holds, in the order in which they are frozen. */
async function tablesOf(client: ClickHouseClient): Promise<string[]> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`,
  );
  return found
    .map(({ name }) => name)
    .filter((name) => !leftOut.has(name) && !name.startsWith(frozenPrefix) && !name.startsWith('.inner'))
    .sort((a, b) => freezeRank(a) - freezeRank(b));
}

async function columnsOf(client: ClickHouseClient, table: string): Promise<string[]> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {table:String}
      AND default_kind NOT IN ('MATERIALIZED', 'ALIAS') ORDER BY position`,
    { table },
  );
  return found.map(({ name }) => name);
}

/**
 * Links the parts of every table into one beside it that nobody writes and nothing merges: within a second or so, at no cost of
 * space, and whatever happens to the tables afterwards. Removes what a backup that was cut off left.
 */
async function freeze(client: ClickHouseClient): Promise<FrozenTable[]> {
  await thaw(client);
  const frozen: FrozenTable[] = [];
  for (const table of await tablesOf(client)) {
    const columns = await columnsOf(client, table);
    const frozenName = quoted(frozenPrefix + table);
    await execute(client, `CREATE TABLE ${frozenName} AS ${quoted(table)}`, {});
    await execute(client, `SYSTEM STOP MERGES ${frozenName}`, {});
    for (const { id } of await partitionsOf(client, table)) {
      await execute(client, `ALTER TABLE ${frozenName} ATTACH PARTITION ID '${id}' FROM ${quoted(table)}`, {});
    }
    const pages = await pagesOf(client, table);
    frozen.push({ table, columns, rows: pages.reduce((sum, page) => sum + page.rows, 0) });
  }
  return frozen;
}

function partitionsOf(client: ClickHouseClient, table: string): Promise<{ id: string }[]> {
  return rows<{ id: string }>(
    client,
    `SELECT DISTINCT partition_id AS id FROM system.parts
    WHERE database = currentDatabase() AND table = {table:String} AND active ORDER BY id`,
    { table },
  );
}

interface Page {
  part: string;
  /** Place in the part of the first row that may be on it. */
  from: number;
  rows: number;
}

/** Where the rows of a frozen table are. Runs that were pruned leave places in a part at which there is no row any more. */
async function pagesOf(client: ClickHouseClient, table: string): Promise<Page[]> {
  const found = await rows<{ part: string; page: string; rows: string }>(
    client,
    `SELECT _part AS part, intDiv(_part_offset, {size:UInt64}) AS page, count() AS rows
    FROM ${quoted(frozenPrefix + table)} GROUP BY part, page ORDER BY part, page`,
    { size: PAGE_ROWS },
  );
  return found.map(({ part, page, rows: count }) => ({ part, from: Number(page) * PAGE_ROWS, rows: Number(count) }));
}

async function thaw(client: ClickHouseClient): Promise<void> {
  const found = await rows<{ name: string }>(
    client,
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {prefix:String})`,
    { prefix: frozenPrefix },
  );
  for (const { name } of found) {
    await execute(client, `DROP TABLE ${quoted(name)} SYNC SETTINGS max_table_size_to_drop = 0`, {});
  }
}

/**
 * The rows of a frozen table as blocks in ClickHouse's Native form, which any number of may follow each other. Only one request's
 * rows are on their way at a time.
 * @throws when the server gave fewer or more rows than there are.
 */
async function* dump(client: ClickHouseClient, { table, columns }: FrozenTable): AsyncGenerator<Buffer> {
  for (const page of await pagesOf(client, table)) {
    const { stream, summary } = await client.exec({
      query: `SELECT ${columnList(columns)} FROM ${quoted(frozenPrefix + table)}
        WHERE _part = {part:String} AND _part_offset >= {from:UInt64} AND _part_offset < {to:UInt64} FORMAT Native`,
      query_params: { part: page.part, from: page.from, to: page.from + PAGE_ROWS },
    });
    yield* stream as AsyncIterable<Buffer>;
    if (Number(summary?.result_rows) !== page.rows) {
      throw new Error(`table ${table}: ${summary?.result_rows} of ${page.rows} rows of a part came`);
    }
  }
}

async function empty(client: ClickHouseClient): Promise<void> {
  for (const table of await tablesOf(client)) {
    await execute(client, `TRUNCATE TABLE ${quoted(table)} SETTINGS max_table_size_to_drop = 0`, {});
  }
}

/**
 * Columns that are not given take their defaults. Blocks must not be taken for repetitions of others. The views that count intake
 * count these rows as well, which changes nothing: what they hold are maxima and numbers of different things.
 */
async function load(
  client: ClickHouseClient,
  { table, columns, native }: { table: string; columns: readonly string[]; native: Readable },
): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${quoted(table)} (${columnList(columns)}) FORMAT Native`,
    values: native,
    clickhouse_settings: { insert_deduplicate: 0, max_execution_time: 0 },
  });
  for await (const _ of stream) {
    // The response is empty; a stream left unread keeps its socket.
  }
}

/** Names of the migrations that made the tables as they are. */
export async function appliedMigrations(client: ClickHouseClient): Promise<string[]> {
  const found = await rows<{ name: string }>(client, 'SELECT DISTINCT name FROM schema_migrations ORDER BY name');
  return found.map(({ name }) => name);
}

/** Space that the tables take on the server's disk. */
export async function storedBytes(client: ClickHouseClient): Promise<number> {
  const [found] = await rows<{ bytes: string }>(
    client,
    `SELECT sum(bytes_on_disk) AS bytes FROM system.parts
    WHERE database = currentDatabase() AND active AND NOT startsWith(table, {prefix:String})`,
    { prefix: frozenPrefix },
  );
  return Number(found?.bytes ?? 0);
}

/** Codes of counties that have cases. */
export async function countiesWithCases(client: ClickHouseClient): Promise<string[]> {
  const query = streams.map((stream) => `SELECT DISTINCT county FROM ${caseTable(stream)}`).join(' UNION DISTINCT ');
  const found = await rows<{ county: string }>(client, `SELECT county FROM (${query}) ORDER BY county`);
  return found.map(({ county }) => county);
}

export interface RestoreNote {
  backup: string;
  state: 'begun' | 'done';
  /** Made-up counties that were registered when the first attempt began. */
  demoCounties: County[];
}

/** The last thing noted about restores; undefined where nothing was ever restored. */
export async function lastRestore(client: ClickHouseClient): Promise<RestoreNote | undefined> {
  const [found] = await rows<{ backup: string; state: RestoreNote['state']; demo_counties: string }>(
    client,
    'SELECT backup, state, demo_counties FROM restores ORDER BY noted_at DESC LIMIT 1',
  );
  return found && { backup: found.backup, state: found.state, demoCounties: JSON.parse(found.demo_counties) };
}

export async function noteRestore(client: ClickHouseClient, note: RestoreNote): Promise<void> {
  await insertRows(client, {
    table: 'restores',
    columns: ['backup', 'state', 'demo_counties'],
    values: [[note.backup, note.state, JSON.stringify(note.demoCounties)]],
  });
}
