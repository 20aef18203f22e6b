const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Count of months since year 0. Throws RangeError unless `month` is `YYYY-MM`. */
export function toIndex(month: string): number {
  if (!MONTH.test(month)) throw new RangeError(`not a month: ${month}`);
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

export function toMonth(index: number): string {
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}
