import { z } from 'zod';

/** Administrative or self-chosen county code, e.g. `610222` or `LDN`. */
export const countyCode = z.string().regex(/^[A-Za-z0-9]{2,12}$/, 'invalid_county_code');

/** Name of a delivering system inside a county; part of a case's identity. */
export const sourceName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'invalid_source_name');

/** Case identity inside its source. Control characters would corrupt the Kafka key. */
export const caseId = z.string().regex(/^[^\p{Cc}]{1,128}$/u, 'invalid_case_id');

export const regionCode = z.string().regex(/^[^\s\p{Cc}][^\p{Cc}]{0,31}$/u, 'invalid_region_code');

/** ISO 8601 with seconds and an offset, e.g. `2026-10-01T08:00:00+08:00`. */
export const instant = z.iso.datetime({ offset: true, error: 'invalid_instant' });

/** A day of the county's calendar, `YYYY-MM-DD`. */
export const day = z.iso.date('invalid_day');

/** A month of the county's calendar, `YYYY-MM`. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'invalid_month');

/**
 * A point in time as its source knows it: an instant, or only the day. A day given for a deadline means the end of that
 * day in the county, for anything else its beginning (see `endOfDayFields`).
 */
export const moment = z.union([instant, day], { error: 'invalid_moment' });

const DAY_MS = 86_400_000;

/**
 * True when `later` certainly lies before `earlier`. Moments known only to the day may differ by up to a day either way
 * and are not called impossible.
 */
export function isBefore(later: string, earlier: string): boolean {
  const slack = later.length === 10 || earlier.length === 10 ? DAY_MS : 0;
  return Date.parse(later) + slack < Date.parse(earlier);
}
