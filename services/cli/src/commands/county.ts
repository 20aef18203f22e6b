import { countyCode, month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import { type County, countsFrom, isTimeZone, parseRegionCsv, RegionTableError, regionTable } from '@pingan/regions';
import { ALWAYS, coveragePrefix, schemeInForce } from '@pingan/store';
import type { Context } from '../context.js';
import { partialScheme, sharesText } from '../counties/partial-scheme.js';
import { noteRescored, requirePastOpen } from '../counties/past-scheme.js';
import { badRequest } from '../failure.js';
import { readScheme } from '../input/scheme.js';
import { readInput } from '../input/text.js';
import { differences } from '../registration/differences.js';
import { type Registered, requirePopulationMonths, requireSafe } from '../registration/refusals.js';
import { activeScheme } from '../stored-scheme.js';

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

async function readRegions(file: string, code: string): Promise<County['regions']> {
  try {
    return parseRegionCsv(await readInput(file, '区域表'), { file, countyCode: code });
  } catch (error) {
    if (error instanceof RegionTableError) throw badRequest(error.message);
    throw error;
  }
}

const NAME_CHARS = 60;

async function registeredOf(context: Context, county: County): Promise<Registered> {
  const { cases, runs } = context.store;
  const [places, current] = await Promise.all([cases.places(county), runs.currentAll(county.code)]);
  return { county, places, runs: current };
}

/**
 * A population that the table before had as well keeps its source where the new one names none: the same figures from a file of
 * another name are the same table.
 */
function withKnownSources(regions: County['regions'], file: string, before: County | undefined): County['regions'] {
  const known = new Map(
    before?.regions.regions.flatMap(({ code, populations }) =>
      populations.map((one) => [`${code} ${countsFrom(one)} ${one.value}`, one.source]),
    ),
  );
  return regionTable(
    regions.regions.map((region) => {
      const codes = [region.code, ...(region.formerCodes ?? [])];
      const populations = region.populations.map((one) => {
        const sources = codes.map((code) => known.get(`${code} ${countsFrom(one)} ${one.value}`));
        return { ...one, source: one.source === file ? (sources.find((source) => source) ?? file) : one.source };
      });
      return { ...region, populations };
    }),
  );
}

/** What is counted by place and month beyond the cases that occurred there. */
async function countedElsewhere(context: Context, { county, places }: Registered) {
  const occurred = new Set(places.map(({ region_code, month }) => `${region_code} ${month}`));
  const counted = await context.store.components.read(county.code);
  const found = new Map(
    counted
      .filter(({ indicator }) => !indicator.startsWith(coveragePrefix))
      .map(({ region_code, month }) => [`${region_code} ${month}`, { region_code, month }]),
  );
  return [...found].flatMap(([key, one]) => (occurred.has(key) ? [] : [one]));
}

/**
 * `pingan county add`: registers a county, or replaces its configuration and says what changes. Refuses what would leave stored
 * cases without a place or scored months before the start; the same registration again changes nothing.
 */
export async function countyAdd(context: Context, options: CountyAddOptions): Promise<void> {
  if (!countyCode.safeParse(options.code).success)
    throw badRequest(`县代码 ${options.code} 不对:2 至 12 位字母或数字。`);
  if (!isTimeZone(options.timezone)) throw badRequest(`时区 ${options.timezone} 不存在,例如 Asia/Shanghai。`);
  if (options.start !== undefined && !monthSchema.safeParse(options.start).success) {
    throw badRequest(`起始月 ${options.start} 不对,应为 YYYY-MM。`);
  }
  if (/\p{Cc}/u.test(options.name) || options.name.length > NAME_CHARS)
    throw badRequest(`县名不对:至多 ${NAME_CHARS} 个字,不能有换行或其他控制字符。`);
  const before = await context.store.counties.get(options.code);
  const table = await readRegions(options.regions, options.code);
  const regions = withKnownSources(table, options.regions, before);
  const scheme = await schemeOf(options);
  const schemeFrom = options.start ?? ALWAYS;
  const county: County = {
    code: options.code,
    name: options.name,
    timeZone: options.timezone,
    startMonth: options.start ?? null,
    demo: null,
    regions,
  };
  if (before?.demo) throw badRequest(`${options.code} 是示例县,不能改为真实县;请换一个代码。`);
  requirePopulationMonths(county, Date.now());
  if (scheme) await requireReplaceable(context, county, { scheme, from: schemeFrom });
  const isSame = JSON.stringify(before) === JSON.stringify(county);
  let changes: string[] = [];
  if (before && !isSame) {
    const registered = await registeredOf(context, before);
    requireSafe(registered, county);
    changes = differences(registered, county, await countedElsewhere(context, registered));
  }
  // First: a county without a scheme would get the default stored.
  if (scheme) await activate(context, county.code, scheme, schemeFrom);
  if (!isSame) await context.store.counties.save(county);
  const ranked = regions.regions.filter((region) => region.ranked);
  const unpopulated = ranked.filter((region) => region.populations.length === 0).length;
  context.out(
    `${isSame ? '没有变化' : before ? '已更新' : '已登记'} ${county.code} ${county.name}:参加评分的区域 ${ranked.length} 个,区域表版本 ${regions.version}`,
  );
  for (const change of changes) context.out(`  ${change}`);
  if (unpopulated > 0) context.out(`其中 ${unpopulated} 个没有常住人口,按人口计算的指标将显示为数据不足。`);
  if (!scheme) return;
  context.out(`方案「${scheme.name}」${schemeHash(scheme)} 自 ${options.start ?? '起始月'} 起用`);
  if (options.only !== undefined) context.out(sharesText(scheme));
  if (before) await noteRescored(context, county.code, schemeFrom);
}

async function schemeOf({ scheme, only }: CountyAddOptions): Promise<Scheme | undefined> {
  if (only === undefined) return scheme === undefined ? undefined : readScheme(scheme);
  if (scheme !== undefined) throw badRequest('--scheme 和 --only 只写一个。');
  return partialScheme(only);
}

/** Registering again must not be a way round `scheme activate`. */
async function requireReplaceable(
  context: Context,
  county: County,
  { scheme, from }: { scheme: Scheme; from: string },
): Promise<void> {
  const inForce = await activeScheme(context.store, county.code, county.startMonth ?? ALWAYS);
  if (schemeHash(inForce.scheme) === schemeHash(scheme)) return;
  await requirePastOpen(context.store, county, { from, inForce: inForce.scheme.name, nowMs: Date.now() });
}

async function activate(context: Context, county: string, scheme: Scheme, fromMonth: string): Promise<void> {
  const hash = schemeHash(scheme);
  const current = schemeInForce(await context.store.schemes.list(county), fromMonth);
  if (current?.hash === hash && current.fromMonth === fromMonth) return;
  await context.store.schemes.activate(county, { fromMonth, hash, document: JSON.stringify(scheme) });
}
