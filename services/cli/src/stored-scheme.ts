import { schemesInForce } from '@pingan/appraisal';
import type { Scheme } from '@pingan/indicators';
import { ALWAYS, type Store, schemeInForce } from '@pingan/store';

export interface ActiveScheme {
  scheme: Scheme;
  /** `YYYY-MM`; null where none is stored. */
  fromMonth: string | null;
  /** The same in Chinese. */
  since: string;
}

/** The scheme a month is scored by; the default one where the county has none. */
export async function activeScheme(store: Store, county: string, month: string): Promise<ActiveScheme> {
  const schemes = await store.schemes.list(county);
  const scheme = schemesInForce(schemes)(month);
  const fromMonth = schemeInForce(schemes, month)?.fromMonth ?? null;
  if (fromMonth === null) return { scheme, fromMonth, since: '本县没有起用过自己的方案' };
  return { scheme, fromMonth, since: fromMonth === ALWAYS ? '自起始月起用' : `自 ${fromMonth} 起用` };
}
