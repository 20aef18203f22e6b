import { componentKey, coverageKey } from './keys.js';
import { toIndex, toMonth } from './months.js';
import type { MonthComponent, MonthIndicator, MonthInput, MonthUnit } from './types.js';

/** Builders for the tests of this folder. */

export function monthsBetween(from: string, to: string): string[] {
  const first = toIndex(from);
  return Array.from({ length: toIndex(to) - first + 1 }, (_, i) => toMonth(first + i));
}

export function indicator(code: string, changes: Partial<MonthIndicator> = {}): MonthIndicator {
  return {
    code,
    recordType: 'test.case',
    kind: 'ratio',
    direction: 1,
    window: 1,
    weighting: 'sum',
    goalposts: { rule: 'absolute', g0: 0, g60: 60, g100: 100 },
    weight: 1,
    ...changes,
  };
}

export function unit(code: string, changes: Partial<MonthUnit> = {}): MonthUnit {
  return { code, peerClass: 'town', population: 10_000, ...changes };
}

/** `cells`: indicator, unit, month, numerator, denominator. `covered`: months of `test.case` with data. */
export interface Sketch extends Partial<Omit<MonthInput, 'components' | 'coverage'>> {
  cells?: Array<[string, string, string, number, number?]>;
  covered?: string[];
}

export function monthInput({ cells = [], covered = ['2026-03'], ...changes }: Sketch): MonthInput {
  const components = cells.map(([code, unitCode, month, numerator, denominator]): [string, MonthComponent] => [
    componentKey(code, unitCode, month),
    { numerator, denominator: denominator ?? null },
  ]);
  return {
    period: '2026-03',
    startMonth: '2025-01',
    dimensions: [],
    units: [unit('u1')],
    components: new Map(components),
    coverage: new Set(covered.map((month) => coverageKey('test.case', month))),
    missing: { max_share: 0.3 },
    bands: [
      { id: 'blue', min: 90 },
      { id: 'yellow', min: 80 },
      { id: 'orange', min: 70 },
      { id: 'red', min: 0 },
    ],
    tie: { decimals: 9 },
    baseline: { months: 12, min_months: 3 },
    ...changes,
  };
}

/** A scheme of one dimension. */
export function dimension(indicators: MonthIndicator[], id = 'police', weight = 1) {
  return { id, weight, indicators };
}
