import { addMonths, badRequest, month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import { type ActiveScheme, activeScheme, requireCounty } from '@pingan/queries';
import { type County, monthOfInstant } from '@pingan/regions';
import type { Installation } from './installation.js';

export interface SchemeActivated {
  county: County;
  /** What the month was to be scored by before. */
  before: ActiveScheme;
  isChanged: boolean;
  /** A scheme that takes over afterwards. */
  later: { fromMonth: string; hash: string } | undefined;
}

/**
 * Has a county scored by a scheme from a future month only, so that nobody is scored by rules that were made after the fact.
 * Repeating it changes nothing.
 */
export async function activateScheme(
  { store }: Installation,
  options: { scheme: Scheme; county: string; from: string },
  nowMs: number,
): Promise<SchemeActivated> {
  const { scheme, from } = options;
  const county = await requireCounty(store, options.county);
  if (!monthSchema.safeParse(from).success) throw badRequest(`起用月份 ${from} 不对,应为 YYYY-MM,例如 2027-01。`);
  const now = monthOfInstant(nowMs, county.timeZone);
  if (from <= now) {
    const when = from === now ? '是本月' : '已经过去';
    throw badRequest(
      `起用月份 ${from} ${when}。方案只能从以后的月份起用,最早 ${addMonths(now, 1)};想看它对以往月份的影响,用 pingan scheme what-if。`,
    );
  }
  const hash = schemeHash(scheme);
  const before = await activeScheme(store, county.code, from);
  if (before.fromMonth !== null && schemeHash(before.scheme) === hash)
    return { county, before, isChanged: false, later: undefined };
  await store.schemes.activate(county.code, { fromMonth: from, hash, document: JSON.stringify(scheme) });
  const later = (await store.schemes.list(county.code)).find(({ fromMonth }) => fromMonth > from);
  return { county, before, isChanged: true, later };
}
