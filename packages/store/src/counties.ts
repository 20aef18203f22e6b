import type { ClickHouseClient } from '@clickhouse/client';
import type { County } from '@pingan/regions';
import { insertRows, rows } from './client.js';

export async function listCounties(client: ClickHouseClient): Promise<County[]> {
  const found = await rows<{ document: string }>(client, 'SELECT document FROM counties FINAL ORDER BY code');
  return found.map(({ document }) => JSON.parse(document) as County);
}

export async function getCounty(client: ClickHouseClient, code: string): Promise<County | undefined> {
  const [found] = await rows<{ document: string }>(
    client,
    'SELECT document FROM counties FINAL WHERE code = {code:String}',
    { code },
  );
  return found && (JSON.parse(found.document) as County);
}

/** Adds a county or replaces its configuration; runs keep the version of the region table they were computed with. */
export async function saveCounty(client: ClickHouseClient, county: County): Promise<void> {
  await insertRows(client, {
    table: 'counties',
    columns: ['code', 'document'],
    values: [[county.code, JSON.stringify(county)]],
  });
}

export interface StoredScheme {
  /** First month it counts for, `YYYY-MM`. */
  fromMonth: string;
  hash: string;
  /** The scheme document as JSON. */
  document: string;
}

/** The scheme in force for a month: the one with the latest first month not after it. */
export async function schemeFor(
  client: ClickHouseClient,
  county: string,
  month: string,
): Promise<StoredScheme | undefined> {
  const [found] = await rows<{ from_month: string; hash: string; document: string }>(
    client,
    `SELECT from_month, hash, document FROM schemes
    WHERE county = {county:String} AND from_month <= {month:Date}
    ORDER BY from_month DESC, activated_at DESC LIMIT 1`,
    { county, month: `${month}-01` },
  );
  return found && { fromMonth: found.from_month.slice(0, 7), hash: found.hash, document: found.document };
}

export async function activateScheme(client: ClickHouseClient, county: string, scheme: StoredScheme): Promise<void> {
  await insertRows(client, {
    table: 'schemes',
    columns: ['county', 'from_month', 'hash', 'document'],
    values: [[county, `${scheme.fromMonth}-01`, scheme.hash, scheme.document]],
  });
}
