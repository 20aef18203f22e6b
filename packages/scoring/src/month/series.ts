import { componentKey } from './keys.js';
import type { MonthInput, MonthUnit } from './types.js';

/** One month of one indicator, by unit. What has no component is zero: nothing happened. */
export interface Column {
  numerators: Float64Array;
  denominators: Float64Array;
}

/** The components of one indicator as columns. Each month is looked up once, however many windows it lies in. */
export interface Series {
  /** In the order of the columns. */
  units: readonly MonthUnit[];
  columnOf: (month: string) => Column;
}

/** `columnOf` throws RangeError on a component that is not a finite number: nothing may turn into NaN further on. */
export function readSeries(
  code: string,
  units: readonly MonthUnit[],
  { components }: Pick<MonthInput, 'components'>,
): Series {
  const known = new Map<string, Column>();
  const read = (month: string): Column => {
    const numerators = new Float64Array(units.length);
    const denominators = new Float64Array(units.length);
    for (let u = 0; u < units.length; u++) {
      const key = componentKey(code, units[u]!.code, month);
      const component = components.get(key);
      if (component === undefined) continue;
      const { numerator, denominator } = component;
      if (!Number.isFinite(numerator) || !Number.isFinite(denominator ?? 0)) {
        throw new RangeError(`component ${key} is not finite`);
      }
      numerators[u] = numerator;
      denominators[u] = denominator ?? 0;
    }
    return { numerators, denominators };
  };
  return {
    units,
    columnOf: (month) => {
      const found = known.get(month) ?? read(month);
      known.set(month, found);
      return found;
    },
  };
}
