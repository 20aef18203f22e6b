import { plainId } from '@pingan/contracts';
import { DateTime, IANAZone } from 'luxon';
import { ownText } from './own-text.js';

/** A point in time; `localDay` is the text's own day when it carries no offset. */
interface Instant {
  kind: 'instant';
  ms: number;
  iso: string;
  localDay?: string;
}

/** What a ledger's text says about time, no finer than it says it. */
export type TimeText =
  | Instant
  | { kind: 'day'; day: string }
  | { kind: 'month'; month: string }
  | { kind: 'bad'; rule: 'invalid_moment' | 'nonexistent_local_time' };

export interface TimeReader {
  /** Formats the mapping asks for come first, then the standard ones. */
  read: (text: string, formats?: readonly string[]) => TimeText;
}

const bad: TimeText = { kind: 'bad', rule: 'invalid_moment' };
const missing: TimeText = { kind: 'bad', rule: 'nonexistent_local_time' };

const standard =
  /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?)?)?$/;
const chinese =
  /^(\d{4})年(\d{1,2})月(?:(\d{1,2})日(?:\s*(\d{1,2})(?:[:\uff1a时点](\d{1,2}))(?:(?:[:\uff1a分](\d{1,2}))?秒?|分))?)?$/;

const DAY_MS = 86_400_000;
const CACHE_LIMIT = 50_000;
const TEXT_CACHE_LIMIT = 20_000;
const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

/** Milliseconds of a day in UTC. `Date.UTC` would take the years 0 to 99 for 1900 to 1999: 0098 would be stored as 1998. */
function dayMs(year: number, month: number, day: number): number {
  return year > 99 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day);
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  return day <= 28 || new Date(dayMs(year, month, day)).getUTCDate() === day;
}

function offsetMs(text: string): number {
  if (text === 'Z' || text === 'z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2)) * (text.length > 3 ? 1 : 0);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

/**
 * Local clock readings of one zone. Offsets are remembered per day: asking the time zone database for every row would be
 * most of the work of an import.
 */
function localClock(zoneName: string): (wallMs: number) => number | undefined {
  const zone = IANAZone.create(zoneName);
  /** The day's only offset, or null for a day with a switch. */
  const daily = new Map<number, number | null>();
  const offsetAt = (ms: number): number => zone.offset(ms) * 60_000;
  return (wallMs) => {
    const day = Math.floor(wallMs / DAY_MS);
    let offset = daily.get(day);
    if (offset === undefined) {
      // A day either side covers every offset a local reading of this day can have.
      const before = offsetAt((day - 1) * DAY_MS);
      offset = before === offsetAt((day + 2) * DAY_MS) ? before : null;
      if (daily.size >= CACHE_LIMIT) daily.clear();
      daily.set(day, offset);
    }
    if (offset !== null) return wallMs - offset;
    const candidates = [offsetAt(wallMs - DAY_MS), offsetAt(wallMs + DAY_MS)].sort((a, b) => b - a);
    for (const candidate of candidates) {
      // The larger offset is the earlier instant: an hour that happens twice takes its first.
      if (offsetAt(wallMs - candidate) === candidate) return wallMs - candidate;
    }
    return undefined;
  };
}

/** ISO text of an instant in UTC, without the cost of `toISOString` for every row. */
function isoOf(ms: number, dayText: (day: number) => string): string {
  const day = Math.floor(ms / DAY_MS);
  const rest = ms - day * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${dayText(day)}T${clock}.${String(rest % 1000).padStart(3, '0')}Z`;
}

/** Reads times of a ledger whose texts without an offset are local to `timeZone`. Fractions beyond milliseconds are cut. */
export function createTimeReader(timeZone: string): TimeReader {
  const fromWall = localClock(timeZone);
  const days = new Map<number, string>();
  const dayText = (day: number): string => {
    let text = days.get(day);
    if (text === undefined) {
      text = new Date(day * DAY_MS).toISOString().slice(0, 10);
      if (days.size >= CACHE_LIMIT) days.clear();
      days.set(day, text);
    }
    return text;
  };

  const instant = (ms: number): Instant => ({ kind: 'instant', ms, iso: isoOf(ms, dayText) });
  const instantOf = (wallMs: number, offset: string | undefined): TimeText => {
    if (offset !== undefined) return instant(wallMs - offsetMs(offset));
    const ms = fromWall(wallMs);
    return ms === undefined ? missing : { ...instant(ms), localDay: dayText(Math.floor(wallMs / DAY_MS)) };
  };

  const assemble = (parts: readonly (string | undefined)[], offset: string | undefined): TimeText => {
    const [y, mo, d, h, mi, s, fraction] = parts;
    const year = Number(y);
    const month = Number(mo);
    if (d === undefined) {
      return month >= 1 && month <= 12 ? { kind: 'month', month: `${y}-${two(month)}` } : bad;
    }
    const day = Number(d);
    if (!isDay(year, month, day)) return bad;
    if (h === undefined) return { kind: 'day', day: `${y}-${two(month)}-${two(day)}` };
    const hour = Number(h);
    const minute = Number(mi ?? 0);
    const second = Number(s ?? 0);
    if (hour > 23 || minute > 59 || second > 59) return bad;
    const ms = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
    return instantOf(dayMs(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 + ms, offset);
  };

  const readExcel = (text: string): TimeText | undefined => {
    if (!/^\d{2,7}(\.\d+)?$/.test(text)) return undefined;
    const serial = Number(text);
    // Below 61 the calendar of Excel has a day that never was; above 2958465 it ends.
    if (serial < 61 || serial >= 2_958_466) return undefined;
    const wallMs = Math.round((serial - 25_569) * 86_400) * 1000;
    if (Number.isInteger(serial)) return { kind: 'day', day: dayText(Math.floor(wallMs / DAY_MS)) };
    return instantOf(wallMs, undefined);
  };

  const readFormat = (text: string, format: string): TimeText | undefined => {
    if (format === 'excel') return readExcel(text);
    const tokens = format.replace(/'[^']*'/g, '');
    const hasOffset = /[Zz]/.test(tokens);
    const parsed = DateTime.fromFormat(text, format, hasOffset ? { setZone: true } : { zone: 'utc' });
    if (!parsed.isValid) return undefined;
    if (hasOffset) return instant(parsed.toMillis());
    if (/[Hh]/.test(tokens)) return instantOf(parsed.toMillis(), undefined);
    const day = parsed.toISODate()!;
    return /[do]/.test(tokens) ? { kind: 'day', day } : { kind: 'month', month: day.slice(0, 7) };
  };

  const readStandard = (text: string): TimeText => {
    const match = standard.exec(text);
    if (match) {
      const [, y, , mo, d, h, mi, s, fraction, offset] = match;
      return assemble([y, mo, d, h, mi, s, fraction], offset);
    }
    const han = chinese.exec(text);
    return han ? assemble(han.slice(1), undefined) : bad;
  };

  /** A row often has one time in several columns, and a column one time in many rows. */
  const known = new Map<string, TimeText>();
  const readAs = (text: string, formats: readonly string[] | undefined): TimeText => {
    for (const format of formats ?? []) {
      const found = readFormat(text, format);
      if (found !== undefined) return found;
    }
    let time = known.get(text);
    if (time === undefined) {
      time = readStandard(text);
      if (known.size >= TEXT_CACHE_LIMIT) known.clear();
      known.set(ownText(text), time);
    }
    return time;
  };
  return {
    read: (text, formats) => {
      const time = readAs(text, formats);
      if (time.kind !== 'bad') return time;
      // Full-width figures and hyphens, as input methods write them.
      const plain = plainId(text);
      return plain === text ? time : readAs(plain, formats);
    },
  };
}

/** Local clock readings written as one number, with or without seconds and milliseconds: a source's time of change. */
const compactTime = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{3})?)?$/;

/** `2026-10-01 08:00:00` for `20261001080000`; undefined for what is no such reading. */
export function spelledOut(text: string): string | undefined {
  const match = compactTime.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00', ms = '0'] = match;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}.${ms}`;
}

/** Calendar day of an instant in a zone. */
export function dayIn(ms: number, timeZone: string): string {
  return DateTime.fromMillis(ms, { zone: timeZone }).toISODate()!;
}
