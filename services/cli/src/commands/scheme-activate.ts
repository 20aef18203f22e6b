import { month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import type { Context } from '../context.js';
import { sharesText } from '../counties/partial-scheme.js';
import { noteRescored, requirePastOpen } from '../counties/past-scheme.js';
import { badRequest } from '../failure.js';
import { requireCounty } from '../scope.js';
import { activeScheme } from '../stored-scheme.js';

/**
 * `pingan scheme activate`: from any month while nothing of the county was published, then from a future one only, so that nobody is
 * scored by rules that were made after the fact. Repeating it changes nothing.
 */
export async function schemeActivate(
  context: Context,
  options: { scheme: Scheme; county: string; from: string; isPartial: boolean },
): Promise<void> {
  const { scheme, from } = options;
  const county = await requireCounty(context, options.county);
  if (!monthSchema.safeParse(from).success) throw badRequest(`起用月份 ${from} 不对,应为 YYYY-MM,例如 2027-01。`);
  const before = await activeScheme(context.store, county.code, from);
  await requirePastOpen(context.store, county, { from, inForce: before.scheme.name, nowMs: Date.now() });
  const hash = schemeHash(scheme);
  const beforeText = `「${before.scheme.name}」${schemeHash(before.scheme)}(${before.since})`;
  if (before.fromMonth !== null && schemeHash(before.scheme) === hash) {
    context.out(`${county.name} ${from} 已定用方案${beforeText},没有改动。`);
    return;
  }
  await context.store.schemes.activate(county.code, { fromMonth: from, hash, document: JSON.stringify(scheme) });
  context.out(`${county.name} 自 ${from} 起用方案「${scheme.name}」${hash}`);
  if (options.isPartial) context.out(sharesText(scheme));
  context.out(`原定 ${from} 用的是${beforeText}`);
  await noteRescored(context, county.code, from);
}
