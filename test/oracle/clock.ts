const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

/** Local calendar of one time zone, from nothing but what `Intl` prints. Days are counted from 1970-01-01. */
export function clockOf(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();

  function offsetAt(ms: number): number {
    const quarter = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      const part = Object.fromEntries(format.formatToParts(quarter).map(({ type, value }) => [type, Number(value)]));
      const shown = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
      offset = shown - quarter;
      offsets.set(quarter, offset);
    }
    return offset;
  }

  const dayOf = (ms: number): number => Math.floor((ms + offsetAt(ms)) / DAY_MS);

  /** First millisecond of a day, found by looking: the first quarter of an hour that shows this day. */
  function startOf(day: number): number {
    let ms = day * DAY_MS - 15 * 3_600_000;
    while (dayOf(ms) < day) ms += QUARTER_MS;
    return ms;
  }

  /** A moment as text: an instant, or a day (its start; its last millisecond for a deadline) or a month (its start). */
  function instantOf(text: string, deadline = false): number {
    if (text.length > 10) return Date.parse(text);
    const day = Date.parse(`${text}${text.length === 7 ? '-01' : ''}T00:00:00Z`) / DAY_MS;
    return deadline ? startOf(day + 1) - 1 : startOf(day);
  }

  return { dayOf, instantOf };
}

export type Clock = ReturnType<typeof clockOf>;

export const monthOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 7);
