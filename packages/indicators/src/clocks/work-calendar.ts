import { createRequire } from 'node:module';

/**
 * Public holidays and worked weekends (调休) as 国务院办公厅 announces them each November for the next year, from the
 * package chinese-days (MIT). Its data file is read, not its functions: those take days of the machine's time zone.
 */
const table = createRequire(import.meta.url)('chinese-days/dist/chinese-days.json') as {
  holidays: Record<string, string>;
  workdays: Record<string, string>;
};

const DAY_MS = 86_400_000;
const FRIDAY = 5;

/** Monday 1 to Sunday 7. */
const weekday = (ms: number) => new Date(ms).getUTCDay() || 7;

const years = new Set(Object.keys(table.holidays).map((day) => Number(day.slice(0, 4))));

/** Days that differ from Monday to Friday, sorted; years with a published table. */
export const workCalendar = {
  restDays: Object.keys(table.holidays)
    .filter((day) => weekday(Date.parse(day)) <= FRIDAY)
    .sort(),
  workDays: Object.keys(table.workdays).sort(),
  years: [...years].sort((a, b) => a - b),
} as const;

const rest = new Set(workCalendar.restDays);
const work = new Set(workCalendar.workDays);

export interface WorkingDay {
  /** `YYYY-MM-DD` */
  day: string;
  /** False where a year on the way has no published table and was taken as Monday to Friday. */
  certain: boolean;
}

/**
 * The day that is `count` working days after `day` (`YYYY-MM-DD`, itself not counted).
 * @throws RangeError on a malformed day or a count below 1.
 */
export function addWorkingDays(day: string, count: number): WorkingDay {
  let ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms) || !(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`no ${count} working days after ${day}`);
  }
  let left = count;
  let certain = true;
  while (left > 0) {
    ms += DAY_MS;
    const text = new Date(ms).toISOString().slice(0, 10);
    certain &&= years.has(Number(text.slice(0, 4)));
    if (work.has(text) || (weekday(ms) <= FRIDAY && !rest.has(text))) left--;
  }
  return { day: new Date(ms).toISOString().slice(0, 10), certain };
}
