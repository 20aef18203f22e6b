import { defaultScheme, parseScheme, type Scheme } from '@pingan/indicators';
import { type Store, schemeInForce } from '@pingan/store';

export interface ActiveScheme {
  scheme: Scheme;
  /** `YYYY-MM`; null for the default scheme. */
  fromMonth: string | null;
  /** The same in Chinese. */
  since: string;
}

/** A scheme that was activated without a month counts from the first there can be. */
export const ALWAYS = '1970-01';

/** The scheme a month is scored by; the default one where the county has none. */
export async function activeScheme(store: Store, county: string, month: string): Promise<ActiveScheme> {
  const stored = schemeInForce(await store.schemes.list(county), month);
  if (!stored) return { scheme: defaultScheme, fromMonth: null, since: '本县没有起用过自己的方案' };
  const { fromMonth, document, hash } = stored;
  const since = fromMonth === ALWAYS ? '自起始月起用' : `自 ${fromMonth} 起用`;
  return { scheme: parseScheme(document, { file: hash }), fromMonth, since };
}
