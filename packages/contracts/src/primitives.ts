import { z } from 'zod';
import { ofKind } from './field-kinds.js';

/** Administrative or self-chosen county code, e.g. `610222` or `LDN`. */
export const countyCode = z.string().regex(/^[A-Za-z0-9]{2,12}$/, 'invalid_county_code');

/** Name of a delivering system inside a county; part of a case's identity. */
export const sourceName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'invalid_source_name');

/**
 * Case identity inside its source. Control characters would corrupt the Kafka key; halves of characters (Cs) cannot be
 * written as UTF-8, so that two cases would become one.
 */
export const caseId = ofKind('id', z.string().regex(/^[^\p{Cc}\p{Cs}]{1,128}$/u, 'invalid_case_id'));

/** Identity of a grid or another unit in its source. */
export const unitRef = ofKind('id', z.string().max(64));

/** A short text that somebody typed. */
export const shortText = ofKind('text', z.string().max(64));

export const regionCode = z.string().regex(/^[^\s\p{Cc}][^\p{Cc}]{0,31}$/u, 'invalid_region_code');

const DAY_LENGTH = 10;

/** Clocks of ledgers run from the first years of the republic; a due date in 1900 or 2999 is a recording error. */
export const FIRST_YEAR = 1949;
export const LAST_YEAR = 2100;

const twoDigits = (text: string, at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;

/** Whether the first ten units, known to have the form `NNNN-NN-NN`, name a day of those years. */
function existsDay(text: string): boolean {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  if (month !== 2) return day <= 30 + ((month + (month >> 3)) & 1);
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether a text that is no time of these years begins with the year of another. */
export function isOtherYear(text: unknown): boolean {
  const year = typeof text === 'string' ? /^(\d{4})-\d\d/.exec(text)?.[1] : undefined;
  return year !== undefined && (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR);
}

const dayPattern = /^\d{4}-\d\d-\d\d$/;

const isDay = (text: string) => dayPattern.test(text) && existsDay(text);

const instantPattern =
  /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** The first hours of 1949 east of Greenwich, as UTC or an offset less far east writes them. */
const firstHours = /^1948-12-31T(?:1\d|2[0-3]):/;

const isInstant = (text: string) => instantPattern.test(text) && (existsDay(text) || firstHours.test(text));

/** ISO 8601 with seconds and an offset, e.g. `2026-10-01T08:00:00+08:00`, in the years 1949 to 2100. */
export const instant = z.string().refine(isInstant, 'invalid_instant');

/** A day of the county's calendar, `YYYY-MM-DD`. */
export const day = z.string().refine(isDay, 'invalid_day');

const monthPattern = /^\d{4}-(0[1-9]|1[0-2])$/;

/** A month of the county's calendar, `YYYY-MM`. */
export const month = z.string().regex(monthPattern, 'invalid_month');

const isMoment = (text: string) => (text.length === DAY_LENGTH ? isDay(text) : isInstant(text));

/** A point in time as its source knows it: an instant, or only the day, which means its beginning in the county. */
export const moment = ofKind('moment', z.string().refine(isMoment, 'invalid_moment'));

/** A limit: a value known only to the day means the end of that day in the county. */
export const deadline = ofKind('deadline', z.string().refine(isMoment, 'invalid_moment'));

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
