/** Months are `YYYY-MM` texts of the county's calendar; these functions never look at a clock or a time zone. */

export function monthIndex(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

export function monthFromIndex(index: number): string {
  const year = Math.floor(index / 12);
  return `${String(year).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export function addMonths(month: string, count: number): string {
  return monthFromIndex(monthIndex(month) + count);
}

/** Months from `from` to `to`, both included; empty when `to` lies before `from`. */
export function monthRange(from: string, to: string): string[] {
  const first = monthIndex(from);
  const length = monthIndex(to) - first + 1;
  return Array.from({ length: Math.max(0, length) }, (_, i) => monthFromIndex(first + i));
}
