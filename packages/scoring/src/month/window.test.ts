import { describe, expect, it } from 'vitest';
import { readSeries } from './series.js';
import { indicator, monthInput, monthsBetween, unit } from './test-input.js';
import type { MonthIndicator, MonthUnit } from './types.js';
import { planWindow, readWindows } from './window.js';

function valued(definition: MonthIndicator, input: ReturnType<typeof monthInput>, of: MonthUnit = unit('u1')) {
  return readWindows(definition, [planWindow(definition, input)], readSeries([of], input)(definition.code))[0]!;
}

describe('window', () => {
  it('is the last months up to the period, cut at the start month', () => {
    const covered = monthsBetween('2025-12', '2026-03');
    const plan = planWindow(indicator('A', { window: 12 }), monthInput({ covered, startMonth: '2026-01' }));
    expect(plan).toMatchObject({ from: '2026-01', to: '2026-03', current: true, scale: 3 });
    expect(plan.months.map(({ month }) => month)).toEqual(['2026-01', '2026-02', '2026-03']);
  });

  it('leaves months without data out of the sums and of the count of months', () => {
    const definition = indicator('A', { kind: 'rate', window: 3 });
    const input = monthInput({
      covered: ['2026-01', '2026-03'],
      cells: [
        ['A', 'u1', '2026-01', 3],
        ['A', 'u1', '2026-02', 50],
        ['A', 'u1', '2026-03', 1],
      ],
    });
    // 4 cases ÷ (20 000 residents × 2 months) × 10 000
    expect(valued(definition, input, unit('u1', { population: 20_000 }))).toEqual({
      numerator: 4,
      denominator: 40_000,
      residents: 20_000,
      value: 1,
      missing: null,
    });
  });

  it('divides the sums of a ratio, not the monthly ratios', () => {
    const input = monthInput({
      covered: ['2026-02', '2026-03'],
      cells: [
        ['A', 'u1', '2026-02', 1, 1],
        ['A', 'u1', '2026-03', 1, 3],
      ],
    });
    expect(valued(indicator('A', { window: 2 }), input)).toMatchObject({ numerator: 2, denominator: 4, value: 50 });
  });

  it('keeps a January without data in a year-to-date share: what was open then still is', () => {
    const input = monthInput({
      covered: ['2026-02', '2026-03'],
      startMonth: '2025-01',
      cells: [
        ['A', 'u1', '2026-01', 0, 5],
        ['A', 'u1', '2026-02', 1, 1],
        ['A', 'u1', '2026-03', 2, 0],
      ],
    });
    expect(valued(indicator('A', { window: 'ytd' }), input)).toMatchObject({ numerator: 3, denominator: 6, value: 50 });
  });

  it('sums a count', () => {
    const definition = indicator('A', { kind: 'count', window: 2 });
    const input = monthInput({
      covered: ['2026-02', '2026-03'],
      cells: [
        ['A', 'u1', '2026-02', 0.5],
        ['A', 'u1', '2026-03', 2],
      ],
    });
    expect(valued(definition, input)).toEqual({
      numerator: 2.5,
      residents: 10_000,
      denominator: null,
      value: 2.5,
      missing: null,
    });
    expect(valued(definition, input, unit('quiet'))).toMatchObject({ value: 0, missing: null });
  });

  it('weights an intensity 4:2:1 from the newest month', () => {
    const definition = indicator('A', { kind: 'intensity', weighting: 'ewma', window: 3 });
    const cells: Array<[string, string, string, number]> = [
      ['A', 'u1', '2026-01', 7],
      ['A', 'u1', '2026-02', 14],
      ['A', 'u1', '2026-03', 21],
    ];
    const full = valued(definition, monthInput({ cells, covered: monthsBetween('2026-01', '2026-03') }));
    expect(full.value).toBeCloseTo((4 * 21 + 2 * 14 + 7) / 7, 12);
    expect(full.numerator).toBe(42);
    const gap = valued(definition, monthInput({ cells, covered: ['2026-01', '2026-03'] }));
    expect(gap.value).toBeCloseTo((4 * 21 + 7) / 5, 12);
  });

  it.each([
    ['no_data_month', indicator('A', { window: 3 }), unit('u1'), ['2026-02']],
    ['no_population', indicator('A', { kind: 'rate' }), unit('u1', { population: null }), ['2026-03']],
    ['no_population', indicator('A', { kind: 'rate' }), unit('u1', { population: 0 }), ['2026-03']],
    ['no_cases', indicator('A'), unit('u1'), ['2026-03']],
  ])('%s gives no value', (missing, definition, of, covered) => {
    const input = monthInput({ covered, cells: [['A', 'u1', '2026-02', 1, 1]] });
    expect(valued(definition, input, of)).toMatchObject({ value: null, missing });
  });

  it('refuses a component that is not finite', () => {
    const input = monthInput({ cells: [['A', 'u1', '2026-03', Number.NaN, 1]] });
    expect(() => valued(indicator('A'), input)).toThrow(RangeError);
  });
});
