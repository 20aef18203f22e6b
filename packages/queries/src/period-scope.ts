import { type PeriodData, readPeriod } from '@pingan/appraisal';
import type { County } from '@pingan/regions';
import type { Store } from '@pingan/store';
import { named, refused } from './refusals.js';

export interface Period {
  kind: 'quarter' | 'year';
  /** `2024-Q4` or `2024`. */
  period: string;
  months: readonly string[];
}

/** Every month of the period is over and has scores. @throws Refusal saying which month is missing, and why */
export async function requirePeriod(
  store: Store,
  county: County,
  { kind, period, months }: Period,
  now: number,
): Promise<PeriodData> {
  const data = await readPeriod(store, county, { months, nowMs: now });
  const { unscored, unfinished } = data;
  if (unscored.length === 0 && unfinished.length === 0) return data;
  const complete = months.filter((month) => !unscored.includes(month) && !unfinished.includes(month));
  throw refused('period_incomplete', { county: named(county), kind, period, unscored, unfinished, complete });
}

/** Best first; those without a rank last; equals by code. */
export function inRankingOrder<T extends { rank: number | null; code: string }>(units: readonly T[]): T[] {
  const place = ({ rank }: T) => rank ?? units.length + 1;
  return [...units].sort((a, b) => place(a) - place(b) || (a.code < b.code ? -1 : 1));
}
