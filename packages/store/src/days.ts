/**
 * Days and months of moments. The contract takes years from 1949 to 2100, but a Date of ClickHouse begins in 1970 and a
 * day before it wraps into the 2120s–2140s: so every day is a Date32, and becomes a Date only as the month of a day that
 * is known to fit.
 */

/** Date32: the county's calendar day of a moment. */
export const dayOf = (moment: string): string => `toDate32(${moment}, {tz:String})`;

/** The day a case is counted by in its own month. */
export const occurredDay = dayOf('occurred_at');

/** Date32: the first day of the month of a day. */
export const monthStart = (day: string): string => `(${day} - toDayOfMonth(${day}) + 1)`;

/** Whether a day lies in a month that components can hold; NULL for no day. Nobody scores a month outside. */
export const isCountable = (day: string): string =>
  `(${day} BETWEEN toDate32('1970-01-01') AND toDate32('2149-05-31'))`;

/** Date: the first day of the month of a day that `isCountable` holds of. */
export const countedMonth = (day: string): string => `toStartOfMonth(toDate(assumeNotNull(${day})))`;
