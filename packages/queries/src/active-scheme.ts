import { schemesInForce } from '@pingan/appraisal';
import { defaultScheme, type Scheme, schemeHash } from '@pingan/indicators';
import { type RunHead, type Store, schemeInForce } from '@pingan/store';

export interface ActiveScheme {
  scheme: Scheme;
  /** `YYYY-MM`; null where none is stored. */
  fromMonth: string | null;
}

/** The scheme a month is scored by; the default one where the county has none. */
export async function activeScheme(store: Store, county: string, month: string): Promise<ActiveScheme> {
  const schemes = await store.schemes.list(county);
  const scheme = schemesInForce(schemes)(month);
  const fromMonth = schemeInForce(schemes, month)?.fromMonth ?? null;
  return { scheme, fromMonth };
}

export async function schemeOfMonth(store: Store, county: string, month: string): Promise<Scheme> {
  return (await activeScheme(store, county, month)).scheme;
}

/** The scheme a run was scored by: another may have been activated since. */
export async function schemeOfRun(store: Store, { county, period, scheme_hash }: RunHead): Promise<Scheme> {
  const stored = (await store.schemes.decisions(county)).find(({ hash }) => hash === scheme_hash);
  if (stored) return JSON.parse(stored.document) as Scheme;
  return scheme_hash === schemeHash(defaultScheme) ? defaultScheme : schemeOfMonth(store, county, period);
}
