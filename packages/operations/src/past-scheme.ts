import { addMonths, badRequest } from '@pingan/contracts';
import { type County, monthOfInstant } from '@pingan/regions';
import { ALWAYS, type Store } from '@pingan/store';
import { spanOf } from './registration/refusals.js';

/**
 * Past months may take another scheme as long as nothing of the county was published: until then nobody has been told a number.
 * @throws Refusal once something was, with the earliest month that may.
 */
export async function requirePastOpen(
  store: Store,
  county: County,
  { from, inForce, nowMs }: { from: string; inForce: string; nowMs: number },
): Promise<void> {
  const now = monthOfInstant(nowMs, county.timeZone);
  if (from > now) return;
  const published = await store.runs.publishedMonths(county.code);
  if (published.length === 0) return;
  const when = from === ALWAYS ? '' : `起用月份 ${from} ${from === now ? '是本月' : '已经过去'}。`;
  throw badRequest(
    `${county.code} ${county.name}已发布 ${spanOf(published)} 的结果，不能追溯更换方案（现为「${inForce}」）。${when}` +
      `方案只能从以后的月份起用，最早 ${addMonths(now, 1)}，用 pingan scheme activate；想看它对以往月份的影响，用 pingan scheme what-if。`,
  );
}

/** How far a scheme reaches that was activated. */
export interface SchemeReach {
  /** Scored months that it scores again. */
  rescored: string[];
  /** A scheme that takes over afterwards. */
  later: { fromMonth: string; hash: string } | undefined;
}

export async function reachOf(store: Store, county: string, from: string): Promise<SchemeReach> {
  const [runs, schemes] = await Promise.all([store.runs.currentAll(county), store.schemes.list(county)]);
  const later = schemes.find(({ fromMonth }) => fromMonth > from);
  const months = runs.map(({ period }) => period).filter((month) => month >= from);
  return { rescored: months.filter((month) => later === undefined || month < later.fromMonth), later };
}
