import type { ClickHouseClient } from '@clickhouse/client';
import { catalogue, defaultScheme, schemeHash } from '@pingan/indicators';
import { insertRows, rows } from './client.js';
import { newestTime } from './newest-time.js';

/** A scheme stored without a month counts from the first there can be. */
export const ALWAYS = '1970-01';

export interface StoredScheme {
  /** First month it counts for, `YYYY-MM`. */
  fromMonth: string;
  hash: string;
  /** The scheme document as JSON. */
  document: string;
  /** Codes that the catalogue had when the scheme was stored; empty where that is not known. */
  catalogue: string[];
}

/** `catalogue` is today's where it is absent. */
export type NewScheme = Omit<StoredScheme, 'catalogue'> & { catalogue?: readonly string[]; note?: string };

/** One decision about the scheme of a county. */
export interface SchemeDecision extends StoredScheme {
  /** UTC. */
  activatedAt: string;
  /** Who and why; empty where nobody said. */
  note: string;
}

const codesNow = catalogue.map(({ code }) => code);

interface SchemeRow {
  from_month: string;
  hash: string;
  document: string;
  catalogue: string[];
}

/** Every scheme a county has had, in the order in which they come into force. */
export async function listSchemes(client: ClickHouseClient, county: string): Promise<StoredScheme[]> {
  const found = await rows<SchemeRow>(
    client,
    `SELECT from_month, hash, document, catalogue FROM schemes WHERE county = {county:String}
    ORDER BY from_month, activated_at`,
    { county },
  );
  return found.map(({ from_month, ...scheme }) => ({ fromMonth: from_month.slice(0, 7), ...scheme }));
}

/** The same with when each was decided, and why. */
export async function listDecisions(client: ClickHouseClient, county: string): Promise<SchemeDecision[]> {
  const found = await rows<SchemeRow & { at: string; note: string }>(
    client,
    `SELECT from_month, hash, document, catalogue, note, formatDateTime(activated_at, '%Y-%m-%dT%H:%i:%SZ') AS at
    FROM schemes WHERE county = {county:String} ORDER BY from_month, activated_at`,
    { county },
  );
  return found.map(({ from_month, at, ...scheme }) => ({
    fromMonth: from_month.slice(0, 7),
    activatedAt: at,
    ...scheme,
  }));
}

/** The scheme in force for a month: the one with the latest first month not after it; of two, the later activated. */
export function schemeInForce(schemes: readonly StoredScheme[], month: string): StoredScheme | undefined {
  return schemes.filter(({ fromMonth }) => fromMonth <= month).at(-1);
}

export async function activateScheme(client: ClickHouseClient, county: string, scheme: NewScheme): Promise<void> {
  const { column, time } = await newestTime(client, 'schemes', {
    where: 'county = {county:String}',
    params: { county },
  });
  const { fromMonth, hash, document, catalogue: codes = codesNow, note = '' } = scheme;
  await insertRows(client, {
    table: 'schemes',
    columns: ['county', 'from_month', 'hash', 'document', 'catalogue', 'note', column],
    values: [[county, `${fromMonth}-01`, hash, document, codes, note, time]],
  });
}

/** Stores the default as it is today for a county that has no scheme from the beginning. */
export async function freezeDefault(client: ClickHouseClient, county: string): Promise<void> {
  const schemes = await listSchemes(client, county);
  if (schemeInForce(schemes, ALWAYS)) return;
  const document = JSON.stringify(defaultScheme);
  await activateScheme(client, county, { fromMonth: ALWAYS, hash: schemeHash(defaultScheme), document });
}

/**
 * For counties that were registered before schemes were frozen: stores the default where there was none, and each scheme in force
 * once more with the codes of the catalogue. Scores nothing again: months see what they saw.
 */
export async function freezeSchemes(client: ClickHouseClient): Promise<void> {
  const open = await rows<{ code: string }>(
    client,
    `SELECT code FROM counties GROUP BY code HAVING code NOT IN (
      SELECT county FROM (
        SELECT county, from_month, empty(argMax(catalogue, activated_at)) AS is_open FROM schemes GROUP BY county, from_month)
      GROUP BY county HAVING NOT max(is_open) AND min(from_month) <= toDate('${ALWAYS}-01'))
    ORDER BY code`,
  );
  for (const { code } of open) {
    await freezeDefault(client, code);
    const newest = new Map((await listDecisions(client, code)).map((scheme) => [scheme.fromMonth, scheme]));
    for (const { catalogue: codes, ...scheme } of newest.values()) {
      if (codes.length === 0) await activateScheme(client, code, scheme);
    }
  }
}
