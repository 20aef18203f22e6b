import {
  badRequest,
  recordTypeNames,
  recordTypeOf,
  type Stream,
  schemaIds,
  streamNames,
  streamOfSchema,
} from '@pingan/contracts';
import { requireCounty, requireMonth, requireRegion } from '@pingan/queries';
import { type County, RegionIndex } from '@pingan/regions';
import { coveragePrefix } from '@pingan/store';
import type { Installation } from './installation.js';

export interface ZeroReportOptions {
  county: string;
  month: string;
  region: string;
  stream: Stream;
  /** Who confirms it. */
  by: string;
  reason: string | undefined;
  withdraw: boolean;
}

/** Longest text of who and why. */
const LIMIT = 200;

function text(name: string, value: string): string {
  const trimmed = value.trim();
  if ([...trimmed].length <= LIMIT && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw badRequest(`--${name} 应为一行文字，不超过 ${LIMIT} 字。`);
}

const kindsOf = (stream: Stream): string[] => schemaIds.filter((id) => streamOfSchema[id] === stream).map(recordTypeOf);

/** What the unit has reported of a stream in a month, by record type. */
async function reported(installation: Installation, code: string, unit: string, { month, stream }: ZeroReportOptions) {
  const county = await requireCounty(installation.store, code);
  const regions = new RegionIndex(county);
  const names = new Set(kindsOf(stream).map((kind) => `${coveragePrefix}${kind}`));
  const found = await installation.store.components.read(code, { from: month, to: month });
  const counts = new Map<string, number>();
  for (const { indicator, region_code, numerator } of found) {
    if (!names.has(indicator) || regions.unitOf(region_code, month) !== unit) continue;
    const recordType = indicator.slice(coveragePrefix.length);
    counts.set(recordType, (counts.get(recordType) ?? 0) + numerator);
  }
  return counts;
}

/** Events of the stream in the month that nobody knows whose they are: they may be the unit's. */
async function withoutPlace(
  { store }: Installation,
  county: County,
  { month, stream }: Pick<ZeroReportOptions, 'month' | 'stream'>,
): Promise<number> {
  const regions = new RegionIndex(county);
  const kinds = kindsOf(stream);
  const [refused, stored] = await Promise.all([
    store.unplaced.counts(county.code),
    store.components.read(county.code, { from: month, to: month }),
  ]);
  const own = [
    ...refused.filter((one) => one.month === month && kinds.includes(one.record_type)).map(({ unplaced }) => unplaced),
    ...stored
      .filter(({ indicator }) => kinds.some((kind) => indicator === `${coveragePrefix}${kind}`))
      .filter(({ region_code }) => !regions.hasPlace(region_code, month))
      .map(({ numerator }) => numerator),
  ];
  return own.reduce((sum, one) => sum + one, 0);
}

export interface ZeroReported {
  county: County;
  month: string;
  /** Unit, month and stream in words. */
  what: string;
  by: string;
  reason: string;
  /** Events of the stream in the month that have no place. */
  unplaced: number;
}

/** A person answers for it that a unit had nothing to report, or takes that back. */
export async function reportZero(
  installation: Installation,
  options: ZeroReportOptions,
  now: number,
): Promise<ZeroReported> {
  const county = await requireCounty(installation.store, options.county);
  const month = await requireMonth(installation.store, county, options.month, now);
  const code = requireRegion(county, options.region, month);
  const regions = new RegionIndex(county);
  const unit = regions.units(month).find((region) => region.code === code);
  if (unit === undefined) throw badRequest(`${options.region} 不单独评分，零报送按评分单位确认。`);
  const { stream } = options;
  const what = `${unit.name} ${month} ${streamNames[stream]}`;
  const confirmed_by = text('by', options.by);
  if (confirmed_by === '') throw badRequest('--by 不能为空：零报送要有人负责。');
  const reason = text('reason', options.reason ?? '');
  const { zeroReports } = installation.store;
  if (options.withdraw) {
    const standing = (await zeroReports.list(county.code)).some(
      (own) => own.month === month && own.region_code === code && own.stream === stream,
    );
    if (!standing) throw badRequest(`${what}没有零报送确认可撤回。`);
  } else {
    const counts = await reported(installation, county.code, code, options);
    const run = await installation.store.runs.current(county.code, month);
    const units = run === undefined ? [] : await installation.store.runs.units(run.run_id);
    const marked = units.find(({ region_code }) => region_code === code)?.unreported ?? [];
    if (counts.size > 0 && !marked.some((kind) => kindsOf(stream).includes(kind))) {
      const list = [...counts].map(([kind, count]) => `${recordTypeNames[kind]} ${count} 件`).join('、');
      throw badRequest(`${what}已有报送（${list}），不是零报送。`);
    }
  }
  const entry = { month, region_code: code, stream, confirmed_by, reason, isConfirmed: !options.withdraw };
  await zeroReports.record(county.code, entry);
  const unplaced = await withoutPlace(installation, county, { month, stream });
  return { county, month, what, by: confirmed_by, reason, unplaced };
}
