import { schemeDoubts, schemeHash } from '@pingan/indicators';
import { activateScheme, cancelScheme, type SchemeActivation, timeText } from '@pingan/operations';
import { cellsOf, schemeListParts, sharesText, sinceText } from '@pingan/presentation';
import { findSchemes } from '@pingan/queries';
import type { Context } from '../context.js';
import { spreadsheet } from '../csv.js';
import { printJson, printParts } from '../print.js';
import { tellReach } from '../scheme-reach-text.js';

/** `pingan scheme activate`: from any month while nothing of the county was published, then from a future one only. */
export async function schemeActivate(
  context: Context,
  options: SchemeActivation & { isPartial: boolean },
): Promise<void> {
  const { scheme, from, isPartial } = options;
  const { county, before, reach, mixedYear } = await activateScheme(
    context,
    { ...options, confirmed: options.confirmed || isPartial },
    Date.now(),
  );
  const beforeText = `「${before.scheme.name}」${schemeHash(before.scheme)}（${sinceText(before.fromMonth)}）`;
  if (reach === null) return context.out(`${county.name} ${from} 已定用方案${beforeText}，没有改动。`);
  context.out(`${county.name} 自 ${from} 起用方案「${scheme.name}」${schemeHash(scheme)}`);
  if (isPartial) context.out(sharesText(scheme));
  context.out(`原定 ${from} 用的是${beforeText}`);
  tellReach(context, reach);
  if (!isPartial) for (const { message } of schemeDoubts(scheme)) context.note(`注意：${message}`);
  if (mixedYear === null) return;
  context.note(`注意：${mixedYear} 年的年度分将由两个方案的月份平均而来，前后不尽可比；最好从一月起换。`);
}

/** `pingan scheme list`: which schemes count from when. */
export async function schemeList(
  context: Context,
  { county, format }: { county: string; format: 'table' | 'json' | 'csv' },
): Promise<void> {
  const found = await findSchemes(context.store, county, Date.now());
  const parts = schemeListParts(found, timeText);
  if (format === 'json') printJson(context.out, found.answer);
  else if (format === 'csv') context.out(spreadsheet(cellsOf(parts)));
  else printParts(context, parts);
}

/** `pingan scheme cancel`: the scheme before goes on. */
export async function schemeCancel(
  context: Context,
  options: { county: string; from: string; note: string | undefined },
): Promise<void> {
  const { county, cancelled, continued, reach } = await cancelScheme(context, options, Date.now());
  const [was, is] = [cancelled, continued].map(
    ({ document, hash }) => `「${(JSON.parse(document) as { name: string }).name}」${hash}`,
  );
  context.out(`${county.name} 取消自 ${options.from} 起用的方案${was}，沿用${is}（${sinceText(continued.fromMonth)}）`);
  tellReach(context, reach);
}
