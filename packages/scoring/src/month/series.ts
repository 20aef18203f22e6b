import { componentKey } from './keys.js';
import type { MonthInput, MonthUnit } from './types.js';

/** One month of one indicator, by unit. What has no component is zero: nothing happened. */
export interface Column {
  month: string;
  numerators: Float64Array;
  denominators: Float64Array;
}

/** The components of one indicator as columns. Each month is gathered once, however many windows it lies in. */
export interface Series {
  /** In the order of the columns. */
  units: readonly MonthUnit[];
  columnOf: (month: string) => Column;
}

const MONTH_LENGTH = 'YYYY-MM'.length;

/**
 * Series by indicator code. The components are put into one table, a row for each indicator and unit, a column for each month: one pass in the order in
 * which they lie in memory is ten times faster than finding each by its key. `columnOf` throws RangeError on a component
 * that is not a finite number: nothing may turn into NaN further on.
 */
export function readSeries(
  units: readonly MonthUnit[],
  { components }: Pick<MonthInput, 'components'>,
): (code: string) => Series {
  const rows = new Map<string, number>();
  const months = new Map<string, number>();
  const numberOf = (ids: Map<string, number>, name: string): number => {
    let id = ids.get(name);
    if (id === undefined) {
      id = ids.size;
      ids.set(name, id);
    }
    return id;
  };
  const places = new Int32Array(2 * components.size);
  let at = 0;
  for (const key of components.keys()) {
    places[at++] = numberOf(rows, key.slice(0, -MONTH_LENGTH));
    places[at++] = numberOf(months, key.slice(-MONTH_LENGTH));
  }
  const width = months.size;
  const numerators = new Float64Array(rows.size * width);
  const denominators = new Float64Array(rows.size * width);
  at = 0;
  for (const { numerator, denominator } of components.values()) {
    const cell = places[at]! * width + places[at + 1]!;
    numerators[cell] = numerator;
    denominators[cell] = denominator ?? 0;
    at += 2;
  }
  return (code) => {
    const known = new Map<string, Column>();
    const rowOf = units.map((unit) => rows.get(`${code}|${unit.code}|`));
    const read = (month: string): Column => {
      const column = {
        month,
        numerators: new Float64Array(units.length),
        denominators: new Float64Array(units.length),
      };
      const place = months.get(month);
      if (place === undefined) return column;
      rowOf.forEach((row, u) => {
        if (row === undefined) return;
        const cell = row * width + place;
        if (!Number.isFinite(numerators[cell]) || !Number.isFinite(denominators[cell])) {
          throw new RangeError(`component ${componentKey(code, units[u]!.code, month)} is not finite`);
        }
        column.numerators[u] = numerators[cell]!;
        column.denominators[u] = denominators[cell]!;
      });
      return column;
    };
    return {
      units,
      columnOf: (month) => {
        const found = known.get(month) ?? read(month);
        known.set(month, found);
        return found;
      },
    };
  };
}
