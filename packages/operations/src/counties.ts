import { badRequest, countyCode, month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import { activeScheme } from '@pingan/queries';
import { type County, countsFrom, isTimeZone, parseRegionCsv, RegionTableError, regionTable } from '@pingan/regions';
import { ALWAYS, coveragePrefix, reportedPrefix, schemeInForce } from '@pingan/store';
import type { Installation } from './installation.js';
import { reachOf, requirePastOpen, type SchemeReach } from './past-scheme.js';
import { differences } from './registration/differences.js';
import { type Registered, requirePopulationMonths, requireSafe } from './registration/refusals.js';

export interface CountyAddOptions {
  code: string;
  name: string;
  timeZone: string;
  /** Text of the region table. */
  regions: { file: string; text: string };
  start?: string | undefined;
  scheme?: Scheme | undefined;
}

function readRegions({ file, text }: CountyAddOptions['regions'], code: string): County['regions'] {
  try {
    return parseRegionCsv(text, { file, countyCode: code });
  } catch (error) {
    if (error instanceof RegionTableError) throw badRequest(error.message);
    throw error;
  }
}

const NAME_CHARS = 60;

async function registeredOf(installation: Installation, county: County): Promise<Registered> {
  const { cases, runs } = installation.store;
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
async function countedElsewhere(installation: Installation, { county, places }: Registered) {
  const occurred = new Set(places.map(({ region_code, month }) => `${region_code} ${month}`));
  const counted = await installation.store.components.read(county.code);
  const found = new Map(
    counted
      .filter(({ indicator }) => !indicator.startsWith(coveragePrefix) && !indicator.startsWith(reportedPrefix))
      .map(({ region_code, month }) => [`${region_code} ${month}`, { region_code, month }]),
  );
  return [...found].flatMap(([key, one]) => (occurred.has(key) ? [] : [one]));
}

export interface CountyAdded {
  county: County;
  /** `same`: nothing was changed. */
  outcome: 'added' | 'changed' | 'same';
  /** How the registration differs from the one before, and what becomes of scored months. */
  changes: string[];
  /** How far the scheme reaches that was given; null without one, and for a county that is new. */
  reach: SchemeReach | null;
}

/** @throws Refusal for what can be seen without the region table */
export function requireRegistration({ code, name, timeZone, start }: Omit<CountyAddOptions, 'regions'>): void {
  if (!countyCode.safeParse(code).success) throw badRequest(`县代码 ${code} 不对：2 至 12 位字母或数字。`);
  if (!isTimeZone(timeZone)) throw badRequest(`时区 ${timeZone} 不存在，例如 Asia/Shanghai。`);
  if (start !== undefined && !monthSchema.safeParse(start).success) {
    throw badRequest(`起始月 ${start} 不对，应为 YYYY-MM。`);
  }
  if (/\p{Cc}/u.test(name) || name.length > NAME_CHARS)
    throw badRequest(`县名不对：至多 ${NAME_CHARS} 个字，不能有换行或其他控制字符。`);
}

/**
 * Registers a county, or replaces its configuration and says what changes. Refuses what would leave stored cases without a place or
 * scored months before the start; the same registration again changes nothing.
 */
export async function addCounty(
  installation: Installation,
  options: CountyAddOptions,
  now: number,
): Promise<CountyAdded> {
  requireRegistration(options);
  const { scheme } = options;
  const before = await installation.store.counties.get(options.code);
  const regions = withKnownSources(readRegions(options.regions, options.code), options.regions.file, before);
  const county: County = {
    code: options.code,
    name: options.name,
    timeZone: options.timeZone,
    startMonth: options.start ?? null,
    demo: null,
    regions,
  };
  if (before?.demo) throw badRequest(`${options.code} 是示例县，不能改为真实县；请换一个代码。`);
  requirePopulationMonths(county, now);
  const schemeFrom = options.start ?? ALWAYS;
  if (scheme) await requireReplaceable(installation, county, { scheme, from: schemeFrom, nowMs: now });
  const isSame = JSON.stringify(before) === JSON.stringify(county);
  let changes: string[] = [];
  if (before && !isSame) {
    const registered = await registeredOf(installation, before);
    requireSafe(registered, county);
    changes = differences(registered, county, await countedElsewhere(installation, registered));
  }
  // First: a county without a scheme would get the default stored.
  if (scheme) await activate(installation, county.code, scheme, schemeFrom);
  if (!isSame) await installation.store.counties.save(county);
  const reach = scheme && before ? await reachOf(installation.store, county.code, schemeFrom) : null;
  return { county, outcome: isSame ? 'same' : before ? 'changed' : 'added', changes, reach };
}

/** Registering again must not be a way round `scheme activate`. */
async function requireReplaceable(
  { store }: Installation,
  county: County,
  { scheme, ...when }: { scheme: Scheme; from: string; nowMs: number },
): Promise<void> {
  const inForce = await activeScheme(store, county.code, county.startMonth ?? ALWAYS);
  if (schemeHash(inForce.scheme) === schemeHash(scheme)) return;
  await requirePastOpen(store, county, { ...when, inForce: inForce.scheme.name });
}

async function activate(installation: Installation, county: string, scheme: Scheme, fromMonth: string): Promise<void> {
  const hash = schemeHash(scheme);
  const current = schemeInForce(await installation.store.schemes.list(county), fromMonth);
  if (current?.hash === hash && current.fromMonth === fromMonth) return;
  await installation.store.schemes.activate(county, { fromMonth, hash, document: JSON.stringify(scheme) });
}
