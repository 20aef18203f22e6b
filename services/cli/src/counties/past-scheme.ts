import { addMonths } from '@pingan/contracts';
import { type County, monthOfInstant } from '@pingan/regions';
import { ALWAYS, type Store } from '@pingan/store';
import type { Output } from '../context.js';
import { badRequest } from '../failure.js';
import { spanOf } from '../registration/refusals.js';

/**
 * Past months may take another scheme as long as nothing of the county was published: until then nobody has been told a number.
 * @throws CommandFailure 2 once something was, with the earliest month that may.
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

/** Says which scored months another scheme scores again, and which it does not reach. */
export async function noteRescored(
  { store, out, note }: Output & { store: Store },
  county: string,
  from: string,
): Promise<void> {
  const [runs, schemes] = await Promise.all([store.runs.currentAll(county), store.schemes.list(county)]);
  const later = schemes.find(({ fromMonth }) => fromMonth > from);
  const months = runs.map(({ period }) => period).filter((month) => month >= from);
  const reached = months.filter((month) => later === undefined || month < later.fromMonth);
  if (reached.length > 0) {
    out(`已计分的 ${reached.length} 个月（${spanOf(reached)}）将自动按它重新计算；现在就要，用 pingan score。`);
  }
  if (later) note(`注意：自 ${later.fromMonth} 起另有方案 ${later.hash}，到时由它接替。`);
}
