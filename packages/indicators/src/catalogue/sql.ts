/** Small builders, so that the expressions of the catalogue stay readable and never trip over NULL. */

/** The county's calendar day of a moment: a Date32, since a Date begins in 1970 and wraps what is older into the future. */
export const localDate = (moment: string): string => `toDate32(${moment}, {tz:String})`;

/** 1 when the condition holds, 0 when it does not or cannot be told. */
export const flag = (condition: string): string => `toUInt8(ifNull(${condition}, 0))`;

export const all = (...conditions: string[]): string => conditions.join(' AND ');

export const oneOf = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map((value) => `'${value}'`).join(', ')})`;

/** A number rounded to six decimals. Through a text, because ClickHouse cuts a float to a decimal instead. */
export const exact = (number: string): string => `toDecimal64(toString(round(${number}, 6)), 6)`;

/** The calendar year of a moment. */
export const localYear = (moment: string): string => `toYear(toTimeZone(${moment}, {tz:String}))`;

/** Days looked at for five working days: longer than any holiday with its weekends. */
const HORIZON_DAYS = 31;

/** The day that is the given number of working days after `day`; years without a published table run Monday to Friday. */
export const workingDaysAfter = (day: string, count: number): string =>
  'arrayElement(arrayFilter(d -> has({work_days:Array(Date32)}, d) OR toDayOfWeek(d) <= 5 AND NOT ' +
  `has({rest_days:Array(Date32)}, d), arrayMap(n -> assumeNotNull(${day}) + n, range(1, ${HORIZON_DAYS}))), ${count})`;
