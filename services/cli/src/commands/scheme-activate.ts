import { type Scheme, schemeHash } from '@pingan/indicators';
import { activateScheme } from '@pingan/operations';
import { sinceText } from '@pingan/presentation';
import type { Context } from '../context.js';

/** `pingan scheme activate`: from a future month only. */
export async function schemeActivate(
  context: Context,
  options: { scheme: Scheme; county: string; from: string },
): Promise<void> {
  const { scheme, from } = options;
  const { county, before, isChanged, later } = await activateScheme(context, options, Date.now());
  const beforeText = `「${before.scheme.name}」${schemeHash(before.scheme)}(${sinceText(before.fromMonth)})`;
  if (!isChanged) return context.out(`${county.name} ${from} 已定用方案${beforeText},没有改动。`);
  context.out(`${county.name} 自 ${from} 起用方案「${scheme.name}」${schemeHash(scheme)}`);
  context.out(`原定 ${from} 用的是${beforeText}`);
  if (later) context.note(`注意:自 ${later.fromMonth} 起另有方案 ${later.hash},到时由它接替。`);
}
