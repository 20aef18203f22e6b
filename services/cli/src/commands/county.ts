import { badRequest } from '@pingan/contracts';
import { type Scheme, schemeDoubts, schemeHash } from '@pingan/indicators';
import { addCounty, requireRegistration } from '@pingan/operations';
import { sharesText } from '@pingan/presentation';
import { partialScheme } from '@pingan/queries';
import type { Context } from '../context.js';
import { readScheme } from '../input/scheme.js';
import { readInput } from '../input/text.js';
import { tellReach } from '../scheme-reach-text.js';

export interface CountyAddOptions {
  code: string;
  name: string;
  timezone: string;
  regions: string;
  start?: string | undefined;
  scheme?: string | undefined;
  /** Data the county has, where the default scheme of these alone is wanted. */
  only?: string | undefined;
}

const outcomeTexts = { added: '已登记', changed: '已更新', same: '没有变化' } as const;

/** `pingan county add`: registers a county, or replaces its configuration and says what changes. */
export async function countyAdd(context: Context, options: CountyAddOptions): Promise<void> {
  const { code, name, timezone: timeZone, start } = options;
  requireRegistration({ code, name, timeZone, start });
  const regions = { file: options.regions, text: await readInput(options.regions, '区域表') };
  const scheme = await schemeOf(options);
  const added = await addCounty(context, { code, name, timeZone, start, regions, scheme }, Date.now());
  const { county, outcome, changes, reach } = added;
  const ranked = county.regions.regions.filter((region) => region.ranked);
  const unpopulated = ranked.filter((region) => region.populations.length === 0).length;
  context.out(
    `${outcomeTexts[outcome]} ${county.code} ${county.name}：参加评分的区域 ${ranked.length} 个，区域表版本 ${county.regions.version}`,
  );
  for (const change of changes) context.out(`  ${change}`);
  if (unpopulated > 0) context.out(`其中 ${unpopulated} 个没有常住人口，按人口计算的指标将显示为数据不足。`);
  if (!scheme) return;
  context.out(`方案「${scheme.name}」${schemeHash(scheme)} 自 ${start ?? '起始月'} 起用`);
  if (options.only !== undefined) context.out(sharesText(scheme));
  else for (const { message } of schemeDoubts(scheme)) context.note(`注意：${message}`);
  if (reach) tellReach(context, reach);
}

async function schemeOf({ scheme, only }: CountyAddOptions): Promise<Scheme | undefined> {
  if (only === undefined) return scheme === undefined ? undefined : readScheme(scheme);
  if (scheme !== undefined) throw badRequest('--scheme 和 --only 只写一个。');
  return partialScheme(only);
}
