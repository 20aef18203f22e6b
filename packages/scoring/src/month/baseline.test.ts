import { describe, expect, it } from 'vitest';
import { baseMonths, classBaselines } from './baseline.js';
import { readSeries } from './series.js';
import { indicator, monthInput, monthsBetween, unit } from './test-input.js';

describe('base months', () => {
  const base = (period: string, startMonth: string, covered: string[]) =>
    baseMonths('test.case', monthInput({ period, startMonth, covered }));

  it('are the covered months of the year before, the same all year long', () => {
    const covered = monthsBetween('2024-06', '2026-12').filter((month) => month !== '2025-04');
    const expected = monthsBetween('2025-01', '2025-12').filter((month) => month !== '2025-04');
    expect(base('2026-01', '2024-06', covered)).toEqual(expected);
    expect(base('2026-12', '2024-06', covered)).toEqual(expected);
  });

  it('may be as few as three', () => {
    const covered = monthsBetween('2025-10', '2026-02');
    expect(base('2026-02', '2025-10', covered)).toEqual(['2025-10', '2025-11', '2025-12']);
  });

  it('are the first covered months of a county that is too young, the period included', () => {
    const covered = monthsBetween('2025-11', '2026-12');
    expect(base('2026-02', '2025-11', covered)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(base('2026-12', '2025-11', covered)).toEqual(monthsBetween('2025-11', '2026-10'));
  });

  it('never lie before the start month', () => {
    expect(base('2026-03', '2026-01', monthsBetween('2025-01', '2026-03'))).toEqual(['2026-01', '2026-02', '2026-03']);
  });
});

describe('class baselines', () => {
  const covered = monthsBetween('2025-01', '2026-03');

  it('pool cases and residents of the class', () => {
    const units = [unit('a', { population: 10_000 }), unit('b', { population: 30_000 })];
    const input = monthInput({
      covered,
      cells: [
        ['A', 'a', '2025-01', 24],
        ['A', 'b', '2025-06', 24],
        ['A', 'a', '2026-03', 999],
      ],
    });
    // 48 cases ÷ (40 000 × 12) × 10 000
    expect(classBaselines(indicator('A', { kind: 'rate' }), readSeries(units, input)('A'), 3, input)('town')).toEqual({
      scope: 'class',
      value: 1,
      from: '2025-01',
      to: '2025-12',
      months: 12,
    });
  });

  it('leave out a unit without population', () => {
    const units = [unit('a'), unit('b', { population: null })];
    const input = monthInput({
      covered,
      cells: [
        ['A', 'a', '2025-01', 12],
        ['A', 'b', '2025-06', 500],
      ],
    });
    expect(
      classBaselines(indicator('A', { kind: 'rate' }), readSeries(units, input)('A'), 1, input)('town')?.value,
    ).toBe(1);
  });

  it('divide sums for a ratio', () => {
    const input = monthInput({
      covered,
      cells: [
        ['A', 'a', '2025-01', 1, 1],
        ['A', 'b', '2025-06', 1, 3],
      ],
    });
    expect(
      classBaselines(indicator('A'), readSeries([unit('a'), unit('b')], input)('A'), 1, input)('town')?.value,
    ).toBe(50);
  });

  it('compare a count with its window: mean per unit and month × months', () => {
    const input = monthInput({ covered, cells: [['A', 'a', '2025-01', 24]] });
    const units = [unit('a'), unit('b')];
    expect(
      classBaselines(indicator('A', { kind: 'count' }), readSeries(units, input)('A'), 3, input)('town')?.value,
    ).toBe(3);
  });

  it('fall back on the county for a class without cases, and on nothing for a county without', () => {
    const units = [unit('a'), unit('b', { peerClass: 'street' })];
    const input = monthInput({ covered, cells: [['A', 'a', '2025-01', 24]] });
    const baselineOf = classBaselines(indicator('A', { kind: 'rate' }), readSeries(units, input)('A'), 1, input);
    expect(baselineOf('street')).toMatchObject({ scope: 'county', value: 1 });
    expect(baselineOf('town')).toMatchObject({ scope: 'class', value: 2 });
    expect(
      classBaselines(indicator('B', { kind: 'rate' }), readSeries(units, input)('B'), 1, input)('town'),
    ).toBeNull();
  });
});
