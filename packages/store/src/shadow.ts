import type { ClickHouseClient } from '@clickhouse/client';
import { type Stream, streams } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { execute, rows } from './client.js';

/** Tables that the log alone explains: a rebuild makes them beside the old ones and puts them in their place. */
const rebuilt = [...streams.map(caseTable), 'intake'];

/** ALTER … FROM takes no parameter for a name; those used here are made of the configured one. */
function quoted(database: string): string {
  if (!/^\w+$/.test(database)) throw new Error(`not a name of a database: ${database}`);
  return `\`${database}\``;
}

const versionKey = 'sipHash128(county, source, case_id, version, digest)';

export async function dropDatabase(client: ClickHouseClient, name: string): Promise<void> {
  await execute(client, 'DROP DATABASE IF EXISTS {name:Identifier} SYNC', { name });
}

/** Versions of a stream that are stored here and not in the other database. */
export async function versionsMissingIn(client: ClickHouseClient, stream: Stream, database: string): Promise<number> {
  const [found] = await rows<{ n: string }>(
    client,
    `SELECT uniqExact(key) AS n FROM (SELECT ${versionKey} AS key FROM ${caseTable(stream)})
    WHERE key NOT IN (SELECT ${versionKey} FROM {database:Identifier}.${caseTable(stream)})`,
    { database },
  );
  return Number(found?.n ?? 0);
}

/** Puts a second name on the rows of every table that is rebuilt: their parts are linked, not copied. */
export async function keepCopy(client: ClickHouseClient, database: string): Promise<void> {
  const copy = quoted(database);
  await execute(client, `CREATE DATABASE ${copy} ENGINE = Atomic`, {});
  for (const table of rebuilt) {
    await execute(client, `CREATE TABLE ${copy}.${table} AS ${table}`, {});
    await execute(client, `ALTER TABLE ${copy}.${table} ATTACH PARTITION tuple() FROM ${table}`, {});
  }
}

/** What was noted about rows at their places: of no use for those that take their place. */
const notes = ['block_sums', 'version_conflicts', 'conflict_searches'];

/** The rows of the other database take the place of these, each table at once; dead letters are added to those that are here. */
export async function takeOver(client: ClickHouseClient, database: string): Promise<void> {
  const beside = quoted(database);
  const filled = await rows<{ table: string }>(
    client,
    'SELECT DISTINCT table FROM system.parts WHERE database = {database:String} AND active',
    { database },
  );
  const hasRows = new Set(filled.map(({ table }) => table));
  for (const table of rebuilt) {
    // ClickHouse does not replace rows by none.
    if (hasRows.has(table)) {
      await execute(client, `ALTER TABLE ${table} REPLACE PARTITION tuple() FROM ${beside}.${table}`, {});
    } else await execute(client, `TRUNCATE TABLE ${table} SETTINGS max_table_size_to_drop = 0`, {});
  }
  for (const table of notes) await execute(client, `TRUNCATE TABLE ${table}`, {});
  await execute(client, `INSERT INTO dead_letters SELECT * FROM ${beside}.dead_letters`, {});
}
