import { countyCode, month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import { type County, isTimeZone, parseRegionCsv, RegionTableError } from '@pingan/regions';
import { schemeInForce } from '@pingan/store';
import type { Context } from '../context.js';
import { badRequest } from '../failure.js';
import { readScheme } from '../input/scheme.js';
import { readInput } from '../input/text.js';
import { ALWAYS, activeScheme } from '../stored-scheme.js';

export interface CountyAddOptions {
  code: string;
  name: string;
  timezone: string;
  regions: string;
  start?: string | undefined;
  scheme?: string | undefined;
}

async function readRegions(file: string, code: string): Promise<County['regions']> {
  try {
    return parseRegionCsv(await readInput(file, '区域表'), { file, countyCode: code });
  } catch (error) {
    if (error instanceof RegionTableError) throw badRequest(error.message);
    throw error;
  }
}

const NAME_CHARS = 60;

/** `pingan county add`: registers a county or replaces its configuration. */
export async function countyAdd(context: Context, options: CountyAddOptions): Promise<void> {
  if (!countyCode.safeParse(options.code).success)
    throw badRequest(`县代码 ${options.code} 不对:2 至 12 位字母或数字。`);
  if (!isTimeZone(options.timezone)) throw badRequest(`时区 ${options.timezone} 不存在,例如 Asia/Shanghai。`);
  if (options.start !== undefined && !monthSchema.safeParse(options.start).success) {
    throw badRequest(`起始月 ${options.start} 不对,应为 YYYY-MM。`);
  }
  if (/\p{Cc}/u.test(options.name) || options.name.length > NAME_CHARS)
    throw badRequest(`县名不对:至多 ${NAME_CHARS} 个字,不能有换行或其他控制字符。`);
  const regions = await readRegions(options.regions, options.code);
  const scheme = options.scheme === undefined ? undefined : await readScheme(options.scheme);
  const county: County = {
    code: options.code,
    name: options.name,
    timeZone: options.timezone,
    startMonth: options.start ?? null,
    demo: null,
    regions,
  };
  const before = await context.store.counties.get(options.code);
  if (before?.demo) throw badRequest(`${options.code} 是示例县,不能改为真实县;请换一个代码。`);
  if (scheme) await requireUnscored(context, county, scheme);
  await context.store.counties.save(county);
  if (scheme) await activate(context, county.code, scheme, options.start ?? ALWAYS);
  const ranked = regions.regions.filter((region) => region.ranked);
  const unpopulated = ranked.filter((region) => region.populations.length === 0).length;
  context.out(
    `${before ? '已更新' : '已登记'} ${county.code} ${county.name}:参加评分的区域 ${ranked.length} 个,区域表版本 ${regions.version}`,
  );
  if (unpopulated > 0) context.out(`其中 ${unpopulated} 个没有常住人口,按人口计算的指标将显示为数据不足。`);
  if (scheme) context.out(`方案「${scheme.name}」${schemeHash(scheme)} 自 ${options.start ?? '起始月'} 起用`);
}

/** Months that are scored keep their scheme: registering again must not be a way round `scheme activate`. */
async function requireUnscored(context: Context, county: County, scheme: Scheme): Promise<void> {
  const runs = await context.store.runs.currentAll(county.code);
  if (runs.length === 0) return;
  const inForce = await activeScheme(context.store, county.code, county.startMonth ?? ALWAYS);
  if (schemeHash(inForce.scheme) === schemeHash(scheme)) return;
  throw badRequest(
    `${county.code} 已有计分结果,不能追溯更换方案(现为「${inForce.scheme.name}」)。自以后的月份更换用 pingan scheme activate。`,
  );
}

async function activate(context: Context, county: string, scheme: Scheme, fromMonth: string): Promise<void> {
  const hash = schemeHash(scheme);
  const current = schemeInForce(await context.store.schemes.list(county), fromMonth);
  if (current?.hash === hash && current.fromMonth === fromMonth) return;
  await context.store.schemes.activate(county, { fromMonth, hash, document: JSON.stringify(scheme) });
}
