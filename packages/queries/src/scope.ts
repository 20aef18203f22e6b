import { type Evidence, firstMonthOf } from '@pingan/appraisal';
import { addMonths, type Basis, monthRange, month as monthSchema } from '@pingan/contracts';
import { type County, lastCompleteMonth, monthOfInstant, RegionIndex } from '@pingan/regions';
import { coveragePrefix, type Store } from '@pingan/store';
import { named, refused } from './refusals.js';

/** Whose month is asked about. */
export interface MonthAsked {
  /** By code or name. */
  county: string;
  /** Without it the latest that is scored. */
  month?: string | undefined;
}

export interface RegionAsked extends MonthAsked {
  /** By code or name. */
  region: string;
}

/** What the heading of a month says. */
export interface MonthHead {
  county: string;
  county_name: string;
  period: string;
  is_demo: boolean;
  /** The month is not over, its figures are not whole. */
  is_unfinished: boolean;
}

export const headOf = (county: County, period: string, now: number): MonthHead => ({
  county: county.code,
  county_name: county.name,
  period,
  is_demo: county.demo !== null,
  is_unfinished: period > lastCompleteMonth(now, county.timeZone),
});

/** A county by code, or by a name that only it has. @throws Refusal unknown_county */
export async function requireCounty(store: Store, text: string): Promise<County> {
  const county = await store.counties.get(text);
  if (county) return county;
  const list = await store.counties.list();
  const [found, ...others] = list.filter(({ name }) => name === text);
  if (found !== undefined && others.length === 0) return found;
  throw refused('unknown_county', { county: text, known: list.map(named) });
}

/** First month that can be scored: configured, or the first with data. */
export async function firstMonth(store: Store, county: County): Promise<string | undefined> {
  if (county.startMonth) return county.startMonth;
  const components = await store.components.read(county.code);
  return components.find(({ indicator }) => indicator.startsWith(coveragePrefix))?.month;
}

/** @throws Refusal bad_month */
export function requireMonthText(text: string): void {
  if (!monthSchema.safeParse(text).success) throw refused('bad_month', { month: text });
}

/** The latest month with a score that is over; one that is not, where no other is scored. */
async function latestScored(store: Store, county: County, now: number, basis: Basis): Promise<string | undefined> {
  const months = (await store.runs.currentAll(county.code, basis)).map(({ period }) => period);
  const last = lastCompleteMonth(now, county.timeZone);
  return months.findLast((one) => one <= last) ?? months.at(-1);
}

/**
 * The month that is asked about; where none is named the latest that is scored, before the first score the one that would be.
 * @throws Refusal for a month that is malformed, in the future or before the county's start.
 */
export async function requireMonth(
  store: Store,
  county: County,
  asked: string | undefined,
  now: number,
  basis: Basis = 'latest',
): Promise<string> {
  const text = asked ?? (await latestScored(store, county, now, basis)) ?? lastCompleteMonth(now, county.timeZone);
  requireMonthText(text);
  const last = monthOfInstant(now, county.timeZone);
  const first = await firstMonth(store, county);
  const facts = { county: named(county), month: text, possible: { first: first ?? null, last } };
  if (text > last) throw refused('month_in_future', facts);
  if (first && text < first) throw refused('month_before_start', facts);
  return text;
}

/** A region by code or name. */
export function requireRegion(county: County, text: string, month: string): string {
  const found = new RegionIndex(county).resolve(text, { month });
  if (found.ok) return found.code;
  if (found.rule === 'ambiguous_region')
    throw refused('ambiguous_region', { region: text, candidates: found.candidates });
  const units = new RegionIndex(county).units(month).map(named);
  throw refused('unknown_region', { county: named(county), region: text, units });
}

/** The first of `count` months that end with `month`. @throws Refusal when the index is younger than that. */
export function requireMonthsBefore(evidence: Evidence, month: string, count: number): string {
  const first = addMonths(month, 1 - count);
  const start = firstMonthOf(evidence) ?? month;
  if (first >= start) return first;
  const there = monthRange(start, month).length;
  throw refused('too_many_months', { county: named(evidence.county), month, asked: count, start, there });
}

/** Names of a month's units by code. */
export const unitNames = (county: County, month: string): Map<string, string> =>
  new Map(new RegionIndex(county).units(month).map(({ code, name }) => [code, name]));
