import { type Scheme, schemeHash } from '@pingan/indicators';
import { activateScheme } from '@pingan/operations';
import { sharesText, sinceText } from '@pingan/presentation';
import type { Context } from '../context.js';
import { tellReach } from '../scheme-reach-text.js';

/** `pingan scheme activate`: from any month while nothing of the county was published, then from a future one only. */
export async function schemeActivate(
  context: Context,
  options: { scheme: Scheme; county: string; from: string; isPartial: boolean },
): Promise<void> {
  const { scheme, from, isPartial } = options;
  const { county, before, reach } = await activateScheme(context, options, Date.now());
  const beforeText = `「${before.scheme.name}」${schemeHash(before.scheme)}(${sinceText(before.fromMonth)})`;
  if (reach === null) return context.out(`${county.name} ${from} 已定用方案${beforeText},没有改动。`);
  context.out(`${county.name} 自 ${from} 起用方案「${scheme.name}」${schemeHash(scheme)}`);
  if (isPartial) context.out(sharesText(scheme));
  context.out(`原定 ${from} 用的是${beforeText}`);
  tellReach(context, reach);
}
