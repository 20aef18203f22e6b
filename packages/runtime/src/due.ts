const DAY_MS = 86_400_000;

/** The last moment not after `nowMs` at which clocks of the zone showed `HH:MM`. */
export function lastMoment(at: string, nowMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
  const minute = nowMs - (nowMs % 60_000);
  const since = (minutes(format.format(minute)) - minutes(at) + 1_440) % 1_440;
  return minute - since * 60_000;
}

/**
 * Whether a daily task is due that last ended at `lastMs`. A time in the future, written before a clock was set back, is no time
 * to wait for.
 */
export function isDue(
  at: string,
  { lastMs, nowMs, timeZone }: { lastMs: number | undefined; nowMs: number; timeZone: string },
) {
  if (lastMs === undefined || lastMs > nowMs + DAY_MS) return true;
  return lastMs < lastMoment(at, nowMs, timeZone);
}
