import type { ClickHouseClient } from '@clickhouse/client';
import type { County } from '@pingan/regions';
import { insertRows, rows } from './client.js';
import { newestTime } from './newest-time.js';
import { freezeDefault } from './schemes.js';

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

/**
 * Adds a county or replaces its configuration; runs keep the version of the region table they were computed with. One without a
 * scheme from the beginning gets the default of today stored, first: a county is never scored by what the catalogue becomes.
 */
export async function saveCounty(client: ClickHouseClient, county: County): Promise<void> {
  await freezeDefault(client, county.code);
  const params = { code: county.code };
  const { column, time } = await newestTime(client, 'counties', { where: 'code = {code:String}', params });
  await insertRows(client, {
    table: 'counties',
    columns: ['code', 'document', column],
    values: [[county.code, JSON.stringify(county), time]],
  });
}
