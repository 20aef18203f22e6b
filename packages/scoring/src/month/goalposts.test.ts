import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyRule, assertGoalposts, scoreValue } from './goalposts.js';
import { indicator } from './test-input.js';
import type { GoalpostRule } from './types.js';

function score(value: number, rule: GoalpostRule, mean?: number): number | null {
  const base = mean === undefined ? null : { scope: 'class' as const, value: mean, from: '', to: '', months: 12 };
  const applied = applyRule(rule, base);
  return applied === null ? null : scoreValue(value, rule, applied);
}

describe('goalposts', () => {
  it.each([
    [79, 0],
    [80, 0],
    [86, 30],
    [92, 60],
    [95.5, 80],
    [99, 100],
    [100, 100],
  ])('more is better: %d %% gives %d points', (value, points) => {
    expect(score(value, { rule: 'absolute', g0: 80, g60: 92, g100: 99 })).toBeCloseTo(points, 12);
  });

  it.each([
    [0, 100],
    [1, 100],
    [1.5, 80],
    [2, 60],
    [3, 30],
    [4, 0],
    [9, 0],
  ])('less is better, around a class mean of 2: %d gives %d points', (value, points) => {
    expect(score(value, { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 }, 2)).toBeCloseTo(points, 12);
  });

  it.each([
    [0, 100],
    [0.5, 92.5],
    [1, 85],
    [6, 10],
    [7, 0],
  ])('15 points per case: %d cases give exactly %d points', (value, points) => {
    const rule = { rule: 'per_unit', penalty: 15 } as const;
    expect(score(value, rule)).toBe(points);
    expect(applyRule(rule, null)).toMatchObject({ g0: 100 / 15, g60: 40 / 15, g100: 0 });
  });

  it('has no figures without a baseline', () => {
    expect(score(1, { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 })).toBeNull();
  });

  it('stays within 0–100 and never falls when the value improves', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const step = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(value, value, value, step, step, fc.constantFrom(1, -1), (a, b, g60, down, up, direction) => {
        const rule = { rule: 'absolute', g0: g60 - direction * down, g60, g100: g60 + direction * up } as const;
        const better = score(direction === 1 ? Math.max(a, b) : Math.min(a, b), rule)!;
        const worse = score(direction === 1 ? Math.min(a, b) : Math.max(a, b), rule)!;
        expect(worse).toBeGreaterThanOrEqual(0);
        expect(better).toBeLessThanOrEqual(100);
        expect(better).toBeGreaterThanOrEqual(worse);
      }),
    );
  });

  it('refuses goalposts against the direction', () => {
    const against = { rule: 'absolute', g0: 100, g60: 90, g100: 80 } as const;
    expect(() => assertGoalposts(indicator('A', { goalposts: against }))).toThrow(RangeError);
    expect(() => assertGoalposts(indicator('A', { goalposts: against, direction: -1 }))).not.toThrow();
    expect(() => assertGoalposts(indicator('A', { goalposts: { rule: 'per_unit', penalty: 5 } }))).toThrow(RangeError);
    const flat = { rule: 'absolute', g0: 80, g60: 80, g100: 90 } as const;
    expect(() => assertGoalposts(indicator('A', { goalposts: flat }))).toThrow(RangeError);
  });
});
