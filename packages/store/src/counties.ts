import type { ClickHouseClient } from '@clickhouse/client';
import type { County } from '@pingan/regions';
import { insertRows, rows } from './client.js';
import { newestTime } from './newest-time.js';

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
  const params = { code: county.code };
  const { column, time } = await newestTime(client, 'counties', { where: 'code = {code:String}', params });
  await insertRows(client, {
    table: 'counties',
    columns: ['code', 'document', column],
    values: [[county.code, JSON.stringify(county), time]],
  });
}

export interface StoredScheme {
  /** First month it counts for, `YYYY-MM`. */
  fromMonth: string;
  hash: string;
  /** The scheme document as JSON. */
  document: string;
}

/** Every scheme a county has had, in the order in which they come into force. */
export async function listSchemes(client: ClickHouseClient, county: string): Promise<StoredScheme[]> {
  const found = await rows<{ from_month: string; hash: string; document: string }>(
    client,
    `SELECT from_month, hash, document FROM schemes WHERE county = {county:String} ORDER BY from_month, activated_at`,
    { county },
  );
  return found.map(({ from_month, hash, document }) => ({ fromMonth: from_month.slice(0, 7), hash, document }));
}

/** The scheme in force for a month: the one with the latest first month not after it; of two, the later activated. */
export function schemeInForce(schemes: readonly StoredScheme[], month: string): StoredScheme | undefined {
  return schemes.filter(({ fromMonth }) => fromMonth <= month).at(-1);
}

export async function activateScheme(client: ClickHouseClient, county: string, scheme: StoredScheme): Promise<void> {
  const { column, time } = await newestTime(client, 'schemes', {
    where: 'county = {county:String}',
    params: { county },
  });
  await insertRows(client, {
    table: 'schemes',
    columns: ['county', 'from_month', 'hash', 'document', column],
    values: [[county, `${scheme.fromMonth}-01`, scheme.hash, scheme.document, time]],
  });
}
