import { badRequest, month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import { type ActiveScheme, activeScheme, requireCounty } from '@pingan/queries';
import type { County } from '@pingan/regions';
import type { Installation } from './installation.js';
import { reachOf, requirePastOpen, type SchemeReach } from './past-scheme.js';

export interface SchemeActivated {
  county: County;
  /** What the month was to be scored by before. */
  before: ActiveScheme;
  /** Null where nothing was changed. */
  reach: SchemeReach | null;
}

/**
 * Has a county scored by a scheme: from any month while nothing of the county was published, then from a future one only, so that
 * nobody is scored by rules that were made after the fact. Repeating it changes nothing.
 */
export async function activateScheme(
  { store }: Installation,
  options: { scheme: Scheme; county: string; from: string },
  nowMs: number,
): Promise<SchemeActivated> {
  const { scheme, from } = options;
  const county = await requireCounty(store, options.county);
  if (!monthSchema.safeParse(from).success) throw badRequest(`起用月份 ${from} 不对，应为 YYYY-MM，例如 2027-01。`);
  const before = await activeScheme(store, county.code, from);
  await requirePastOpen(store, county, { from, inForce: before.scheme.name, nowMs });
  const hash = schemeHash(scheme);
  if (before.fromMonth !== null && schemeHash(before.scheme) === hash) return { county, before, reach: null };
  await store.schemes.activate(county.code, { fromMonth: from, hash, document: JSON.stringify(scheme) });
  return { county, before, reach: await reachOf(store, county.code, from) };
}
