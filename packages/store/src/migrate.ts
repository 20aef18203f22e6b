import { readdir, readFile } from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { writeCatalogue } from './catalogue-rows.js';
import { createClickHouse, rows, type StoreOptions } from './client.js';
import { freezeSchemes } from './schemes.js';

const directory = new URL('../migrations/', import.meta.url);

/** Statements of a migration file: separated by semicolons at the end of a line; comments are dropped. */
function statementsOf(sql: string): string[] {
  const code = sql
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n');
  return code
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

async function createDatabase(options: StoreOptions): Promise<void> {
  const client = createClickHouse({ ...options, database: 'system' });
  try {
    await client.command({
      query: 'CREATE DATABASE IF NOT EXISTS {name:Identifier} ENGINE = Atomic',
      query_params: { name: options.database },
    });
  } finally {
    await client.close();
  }
}

async function applied(client: ClickHouseClient): Promise<Set<string>> {
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
      ENGINE = MergeTree ORDER BY name`,
  });
  const names = await rows<{ name: string }>(client, 'SELECT DISTINCT name FROM schema_migrations');
  return new Set(names.map(({ name }) => name));
}

/**
 * Brings the database to the newest schema. Every statement is written to be repeatable, so that two processes starting
 * at once, or one that was killed half way, do no harm. Then writes the words of the catalogue
 * and freezes the schemes of counties registered before. Returns the names of the migrations that were applied.
 */
export async function migrate(options: StoreOptions): Promise<string[]> {
  await createDatabase(options);
  const client = createClickHouse(options);
  try {
    const done = await applied(client);
    const files = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
    const pending = files.filter((name) => !done.has(name));
    for (const name of pending) {
      const sql = await readFile(new URL(name, directory), 'utf8');
      for (const query of statementsOf(sql)) await client.command({ query });
      await client.insert({ table: 'schema_migrations', values: [{ name }], format: 'JSONEachRow' });
    }
    await writeCatalogue(client);
    await freezeSchemes(client);
    return pending;
  } finally {
    await client.close();
  }
}
