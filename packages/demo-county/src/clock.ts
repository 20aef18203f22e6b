import { localMonthStart } from '@pingan/regions';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

const twoDigits = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));
/** `T08:05:`, by minute of the day: an instant is put together from few pieces, since millions are written. */
const minuteTexts = Array.from({ length: 1440 }, (_, i) => `T${twoDigits[Math.floor(i / 60)]}:${twoDigits[i % 60]}:`);

/**
 * Writes instants of one month's cases as local time. The offset is the one at the month's start: later instants stay
 * correct instants even where the clocks have changed since.
 */
export interface Clock {
  /** `YYYY-MM-DDThh:mm:ss±hh:mm`. */
  iso: (ms: number) => string;
  day: (ms: number) => string;
  month: (ms: number) => string;
  /** The day `days` after the one of `ms`, and its last second. */
  due: (ms: number, days: number) => { text: string; end: number };
}

export function clockOf(month: string, timeZone: string): Clock {
  const offset = Date.parse(`${month}-01T00:00:00Z`) - localMonthStart(month, timeZone);
  const minutes = Math.abs(offset) / MINUTE;
  const suffix = `${offset < 0 ? '-' : '+'}${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}`;
  const secondTexts = twoDigits.map((second) => second + suffix);
  const days = new Map<number, string>();
  const dayText = (day: number) => {
    let text = days.get(day);
    if (text === undefined) {
      text = new Date(day * DAY).toISOString().slice(0, 10);
      days.set(day, text);
    }
    return text;
  };
  return {
    iso: (ms) => {
      const day = Math.floor((ms + offset) / DAY);
      const seconds = Math.floor((ms + offset - day * DAY) / 1000);
      return dayText(day) + minuteTexts[Math.floor(seconds / 60)]! + secondTexts[seconds % 60]!;
    },
    day: (ms) => dayText(Math.floor((ms + offset) / DAY)),
    month: (ms) => dayText(Math.floor((ms + offset) / DAY)).slice(0, 'YYYY-MM'.length),
    due: (ms, count) => {
      const day = Math.floor((ms + offset) / DAY) + count;
      return { text: dayText(day), end: (day + 1) * DAY - offset - 1000 };
    },
  };
}
