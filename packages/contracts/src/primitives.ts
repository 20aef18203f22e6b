import { z } from 'zod';

/** Administrative or self-chosen county code, e.g. `610222` or `LDN`. */
export const countyCode = z.string().regex(/^[A-Za-z0-9]{2,12}$/, 'invalid_county_code');

/** Name of a delivering system inside a county; part of a case's identity. */
export const sourceName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'invalid_source_name');

/** Case identity inside its source. Control characters would corrupt the Kafka key. */
export const caseId = z.string().regex(/^[^\p{Cc}]{1,128}$/u, 'invalid_case_id');

export const regionCode = z.string().regex(/^[^\s\p{Cc}][^\p{Cc}]{0,31}$/u, 'invalid_region_code');

const dayPattern = z.regexes.date;

/** Days recur in every event; whether one exists is looked up, not matched again. */
const knownDays = new Map<string, boolean>();
const KNOWN_DAYS_LIMIT = 100_000;

/** Clocks of ledgers run from the first years of the republic; a due date in 1900 or 2999 is a recording error. */
const FIRST_DAY = '1949-01-01';
const LAST_DAY = '2100-12-31';

function isDay(text: string): boolean {
  const known = knownDays.get(text);
  if (known !== undefined) return known;
  const valid = dayPattern.test(text) && text >= FIRST_DAY && text <= LAST_DAY;
  if (knownDays.size >= KNOWN_DAYS_LIMIT) knownDays.clear();
  knownDays.set(text, valid);
  return valid;
}

const timePattern = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

const DAY_LENGTH = 10;

function isInstant(text: string): boolean {
  return timePattern.test(text.slice(DAY_LENGTH)) && isDay(text.slice(0, DAY_LENGTH));
}

/** ISO 8601 with seconds and an offset, e.g. `2026-10-01T08:00:00+08:00`, in the years 1949 to 2100. */
export const instant = z.string().refine(isInstant, 'invalid_instant');

/** A day of the county's calendar, `YYYY-MM-DD`. */
export const day = z.string().refine(isDay, 'invalid_day');

const monthPattern = /^\d{4}-(0[1-9]|1[0-2])$/;

/** A month of the county's calendar, `YYYY-MM`. */
export const month = z.string().regex(monthPattern, 'invalid_month');

/**
 * A point in time as its source knows it: an instant, or only the day. A day given for a deadline means the end of that
 * day in the county, for anything else its beginning (see `endOfDayFields`).
 */
export const moment = z
  .string()
  .refine((text) => (text.length === DAY_LENGTH ? isDay(text) : isInstant(text)), 'invalid_moment');

/** An instant, a day or a month: what `occurred_at` may be. */
export const occurrence = z.string().refine((text) => {
  if (text.length > DAY_LENGTH) return isInstant(text);
  return text.length === DAY_LENGTH ? isDay(text) : monthPattern.test(text) && isDay(`${text}-01`);
}, 'invalid_occurred_at');

const DAY_MS = 86_400_000;

/** Length of an offset like `+08:00`. */
const OFFSET_LENGTH = 6;

/**
 * True when `later` certainly lies before `earlier`. Moments known only to the day may differ by up to a day either way
 * and are not called impossible.
 */
export function isBefore(later: string, earlier: string, slackMs = 0): boolean {
  // Texts of one form and offset sort like the times they stand for; nearly all pairs of one source are such.
  if (later >= earlier && later.length === earlier.length && later.endsWith(earlier.slice(-OFFSET_LENGTH)))
    return false;
  const slack = slackMs + (later.length === DAY_LENGTH || earlier.length === DAY_LENGTH ? DAY_MS : 0);
  return Date.parse(later) + slack < Date.parse(earlier);
}
