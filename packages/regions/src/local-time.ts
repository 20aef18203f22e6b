import { addMonths } from '@pingan/contracts';
import { DateTime, IANAZone } from 'luxon';

/** Where nothing names another zone. */
export const CHINA = 'Asia/Shanghai';

/**
 * The time of day in an installation of these counties: that of the first, and China's before there is any. Tasks of the
 * night are done for all counties together.
 */
export const houseTimeZone = (counties: readonly { timeZone: string }[]): string => counties[0]?.timeZone ?? CHINA;

/** Enough for every day of two centuries in one zone; beyond it a cache starts again rather than grow for ever. */
const CACHE_LIMIT = 75_000;

const dayStarts = new Map<string, Map<string, number>>();
const monthStarts = new Map<string, Map<string, number>>();

function cached(
  caches: Map<string, Map<string, number>>,
  text: string,
  timeZone: string,
  compute: () => DateTime,
): number {
  let cache = caches.get(timeZone);
  if (cache === undefined) {
    cache = new Map();
    caches.set(timeZone, cache);
  }
  let value = cache.get(text);
  if (value === undefined) {
    const start = compute();
    if (!start.isValid) throw new RangeError(`不是有效的日期或时区：${text} ${timeZone}`);
    value = start.toMillis();
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(text, value);
  }
  return value;
}

/**
 * First millisecond of a local day `YYYY-MM-DD`; in zones that skip midnight, the first instant the day has.
 * @throws RangeError when the day or the zone does not exist.
 */
export function localDayStart(day: string, timeZone: string): number {
  return cached(dayStarts, day, timeZone, () =>
    DateTime.fromFormat(day, 'yyyy-MM-dd', { zone: timeZone }).startOf('day'),
  );
}

/** Last millisecond of a local day. @throws RangeError as `localDayStart`. */
export function localDayEnd(day: string, timeZone: string): number {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000);
  if (Number.isNaN(next.getTime())) throw new RangeError(`不是有效的日期或时区：${day} ${timeZone}`);
  return localDayStart(next.toISOString().slice(0, 10), timeZone) - 1;
}

/** First millisecond of a local month `YYYY-MM`. @throws RangeError when the month or the zone does not exist. */
export function localMonthStart(month: string, timeZone: string): number {
  return cached(monthStarts, month, timeZone, () =>
    DateTime.fromFormat(month, 'yyyy-MM', { zone: timeZone }).startOf('month'),
  );
}

/** Local month `YYYY-MM` of an instant. */
export function monthOfInstant(ms: number, timeZone: string): string {
  const month = new Date(ms).toISOString().slice(0, 7);
  if (ms < localMonthStart(month, timeZone)) return addMonths(month, -1);
  const next = addMonths(month, 1);
  return ms < localMonthStart(next, timeZone) ? month : next;
}

/** The newest month that is over at `nowMs`. */
export function lastCompleteMonth(nowMs: number, timeZone: string): string {
  return addMonths(monthOfInstant(nowMs, timeZone), -1);
}

/** True for a name of the IANA time zone database that this machine knows. */
export function isTimeZone(text: string): boolean {
  return IANAZone.isValidZone(text);
}
