/** Small builders, so that the expressions of the catalogue stay readable and never trip over NULL. */

/** The county's calendar day of a moment. */
export const localDate = (moment: string): string => `toDate(${moment}, {tz:String})`;

/** 1 when the condition holds, 0 when it does not or cannot be told. */
export const flag = (condition: string): string => `toUInt8(ifNull(${condition}, 0))`;

export const all = (...conditions: string[]): string => conditions.join(' AND ');

export const oneOf = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map((value) => `'${value}'`).join(', ')})`;
