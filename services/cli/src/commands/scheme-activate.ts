import { addMonths, badRequest, month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import { sinceText } from '@pingan/presentation';
import { activeScheme, requireCounty } from '@pingan/queries';
import { monthOfInstant } from '@pingan/regions';
import type { Context } from '../context.js';

/**
 * `pingan scheme activate`: from a future month only, so that nobody is scored by rules that were made after the fact.
 * Repeating it changes nothing.
 */
export async function schemeActivate(
  context: Context,
  options: { scheme: Scheme; county: string; from: string },
): Promise<void> {
  const { scheme, from } = options;
  const county = await requireCounty(context.store, options.county);
  if (!monthSchema.safeParse(from).success) throw badRequest(`起用月份 ${from} 不对,应为 YYYY-MM,例如 2027-01。`);
  const now = monthOfInstant(Date.now(), county.timeZone);
  if (from <= now) {
    const when = from === now ? '是本月' : '已经过去';
    throw badRequest(
      `起用月份 ${from} ${when}。方案只能从以后的月份起用,最早 ${addMonths(now, 1)};想看它对以往月份的影响,用 pingan scheme what-if。`,
    );
  }
  const hash = schemeHash(scheme);
  const before = await activeScheme(context.store, county.code, from);
  const beforeText = `「${before.scheme.name}」${schemeHash(before.scheme)}(${sinceText(before.fromMonth)})`;
  if (before.fromMonth !== null && schemeHash(before.scheme) === hash) {
    context.out(`${county.name} ${from} 已定用方案${beforeText},没有改动。`);
    return;
  }
  await context.store.schemes.activate(county.code, { fromMonth: from, hash, document: JSON.stringify(scheme) });
  context.out(`${county.name} 自 ${from} 起用方案「${scheme.name}」${hash}`);
  context.out(`原定 ${from} 用的是${beforeText}`);
  const later = (await context.store.schemes.list(county.code)).find(({ fromMonth }) => fromMonth > from);
  if (later) context.note(`注意:自 ${later.fromMonth} 起另有方案 ${later.hash},到时由它接替。`);
}
