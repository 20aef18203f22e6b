import type { MonthUnit } from './types.js';

export function existed({ residents }: MonthUnit, month: string): boolean {
  return residents === undefined || residents.has(month);
}

/** Residents summed over months in which the unit existed; 0 where those of any of them, or of the scored month, are not known. */
export function residentMonths({ population, residents }: MonthUnit, months: readonly { month: string }[]): number {
  if (!((population ?? 0) > 0)) return 0;
  if (residents === undefined) return (population ?? 0) * months.length;
  let sum = 0;
  for (const { month } of months) {
    const of = residents.get(month) ?? 0;
    if (!(of > 0)) return 0;
    sum += of;
  }
  return sum;
}
