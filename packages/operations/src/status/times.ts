import { CHINA } from '@pingan/regions';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, made);
  return made;
}

/** A moment as clocks of the zone showed it: `2026-11-30 20:56:24`. */
export const timeText = (iso: string, timeZone = CHINA): string => formatOf(timeZone).format(Date.parse(iso));

/** The same for when something occurred: what begins with a day is known to the day. */
export const occurredText = (iso: string, timeZone: string): string =>
  timeText(iso, timeZone).replace(/ 00:00:00$/, '');
