import { describe, expect, it } from 'vitest';
import { componentKey } from '../month/keys.js';
import { dimension, indicator, monthInput, monthsBetween, type Sketch, unit } from '../month/test-input.js';
import { type ChangeExplanation, explainChange } from './explain-change.js';

const falling = { rule: 'absolute', g0: 100, g60: 40, g100: 0 } as const;
const rate = indicator('R', { kind: 'rate', direction: -1, goalposts: falling });
const veto = { id: 'v', name: '否决', kind: 'veto', events: ['veto'], points: 30, doubled_in: [] } as const;
const event = { unit: 'u1', date: '2026-03-02', kind: 'veto', deaths: 0, case_ref: 'c' };

const month = (cases: number, changes: Sketch = {}) =>
  monthInput({ dimensions: [dimension([rate])], cells: [['R', 'u1', '2026-03', cases]], ...changes });

const parts = ({ indicators, deduction, floor }: ChangeExplanation) => ({
  indicators: indicators.map(({ count, denominator, reference }) =>
    [count, denominator, reference].map((part) => Math.round(part * 1e9) / 1e9),
  ),
  deduction,
  floor,
});

/** The parts of each reference that are not zero. */
const referencesOf = ({ indicators }: ChangeExplanation) =>
  indicators.map(({ references }) =>
    Object.fromEntries(
      Object.entries(references)
        .map(([part, points]) => [part, Math.round(points * 1e9) / 1e9] as const)
        .filter(([, points]) => points !== 0),
    ),
  );

describe('explainChange', () => {
  it('splits a rate into cases, residents and goalposts, in that order', () => {
    const halved = { ...rate, goalposts: { ...falling, g0: 50, g60: 20 } } as const;
    const after = month(20, { units: [unit('u1', { population: 20_000 })], dimensions: [dimension([halved])] });
    // 10 cases per 10 000: 90; 20: 80; among 20 000 people 10 again: 90; against half the posts: 80.
    const found = explainChange(month(10), after, 'u1');
    expect(found).toMatchObject({ before: 90, after: 80, change: -10, missing_reason: null });
    expect(parts(found)).toEqual({ indicators: [[-10, 10, -10]], deduction: 0, floor: 0 });
    expect(referencesOf(found)).toEqual([{ scheme: -10 }]);
  });

  it('counts more covered months as denominator, also for counts against a class mean', () => {
    const posts = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;
    const count = indicator('C', { kind: 'count', direction: -1, window: 3, goalposts: posts });
    const of = (period: string, cases: number[]) =>
      monthInput({
        period,
        startMonth: '2025-01',
        covered: [...monthsBetween('2025-01', '2025-12'), '2026-02', '2026-03'].filter((one) => one !== '2025-12'),
        dimensions: [dimension([count])],
        cells: [
          ...monthsBetween('2025-01', '2025-11').map((one): [string, string, string, number] => ['C', 'u1', one, 2]),
          ...cases.map((n, i): [string, string, string, number] => ['C', 'u1', `2026-0${2 + i}`, n]),
        ],
      });
    // February: only itself in the window, mean 2; March: two months, mean 4.
    const found = explainChange(of('2026-02', [2]), of('2026-03', [2, 2]), 'u1');
    expect(found.before).toBeCloseTo(60, 10);
    expect(parts(found).indicators).toEqual([[-60, 60, 0]]);
  });

  it('puts other weights and what missing indicators hand on into the reference', () => {
    const two = [indicator('A', { weight: 3 }), indicator('B')];
    const cells: Sketch['cells'] = [
      ['A', 'u1', '2026-03', 80, 100],
      ['B', 'u1', '2026-03', 40, 100],
    ];
    const before = monthInput({ dimensions: [dimension(two)], cells });
    const reweighed = monthInput({ dimensions: [dimension([two[0]!, { ...two[1]!, weight: 3 }])], cells });
    expect(parts(explainChange(before, reweighed, 'u1')).indicators).toEqual([
      [0, 0, -20],
      [0, 0, 10],
    ]);
    expect(referencesOf(explainChange(before, reweighed, 'u1'))).toEqual([{ scheme: -20 }, { scheme: 10 }]);
    const without = monthInput({ dimensions: [dimension(two)], cells: cells.slice(0, 1) });
    expect(referencesOf(explainChange(before, without, 'u1'))).toEqual([{ handed: 20 }, { missing: -10 }]);
    expect(parts(explainChange(before, without, 'u1')).indicators).toEqual([
      [0, 0, 20],
      [0, 0, -10],
    ]);
  });

  it('gives an indicator of one scheme only all of its change as reference', () => {
    const cells: Sketch['cells'] = [
      ['A', 'u1', '2026-03', 80, 100],
      ['B', 'u1', '2026-03', 40, 100],
    ];
    const before = monthInput({ dimensions: [dimension([indicator('A')])], cells });
    const after = monthInput({ dimensions: [dimension([indicator('B')])], cells });
    const found = explainChange(before, after, 'u1');
    expect(found.indicators.map(({ code, reference }) => [code, reference])).toEqual([
      ['B', 40],
      ['A', -80],
    ]);
    expect(found.indicators.map((one) => [one.before === null, one.after === null])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('shows deductions, and what stopping at 0 spared', () => {
    const deductions = { cap: 30, rules: [veto] };
    const before = month(85, { deductions });
    const found = explainChange(before, { ...before, red_lines: [event] }, 'u1');
    expect(found).toMatchObject({ before: 15, after: 0, deduction: -30, floor: 15 });
    // From a score held at 0 to one above it, the floor is taken back.
    const freed = explainChange({ ...before, red_lines: [event] }, month(10, { deductions }), 'u1');
    expect(freed).toMatchObject({ before: 0, after: 90, deduction: 30, floor: -15 });
    expect(parts(freed).indicators).toEqual([[75, 0, 0]]);
  });

  it('names the own past apart', () => {
    const months = monthsBetween('2025-01', '2026-03');
    const of = (early: number) =>
      monthInput({
        startMonth: '2025-01',
        covered: months,
        dimensions: [dimension([rate])],
        cells: months.map((one): [string, string, string, number] => ['R', 'u1', one, one < '2026-03' ? early : 20]),
        trend: { share: 0.3 },
        baseline: { months: 12, min_months: 3 },
      });
    // The month itself is the same; before, it was an improvement on 40, now it is a step back from 10.
    const found = explainChange(of(40), of(10), 'u1');
    expect(parts(found).indicators[0]!.slice(0, 2)).toEqual([0, 0]);
    expect(Object.keys(referencesOf(found)[0]!)).toEqual(['past']);
    expect(found.indicators[0]!.references.past).toBeCloseTo(found.change!, 9);
    expect(found.change).toBeLessThan(-10);
  });

  it('names what keeps it from explaining', () => {
    const none = { change: null, indicators: [], deduction: null, floor: null };
    expect(explainChange(month(1), month(2), 'u9')).toMatchObject({ ...none, missing_reason: 'unit_missing' });
    const uncovered = { ...month(2), coverage: new Set<string>() };
    expect(explainChange(month(1), uncovered, 'u1')).toMatchObject({ ...none, missing_reason: 'no_score' });
  });

  it('shows what a unit does to itself through the mean of its class as reference', () => {
    const units = ['u1', 'u2', 'u3', 'u4'].map((code) => unit(code));
    const posts = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;
    const of = (own: number) =>
      monthInput({
        units,
        covered: ['2026-03'],
        dimensions: [dimension([{ ...rate, goalposts: posts }])],
        cells: units.map(({ code }, u): [string, string, string, number] => ['R', code, '2026-03', u === 0 ? own : 10]),
        shrinkage: { method: 'empirical_bayes', min_class: 4 },
      });
    const input = of(10);
    const more = new Map([
      ...input.components,
      [componentKey('R', 'u1', '2026-03'), { numerator: 14, denominator: null }],
    ]);
    const found = explainChange(input, { ...input, components: more }, 'u1');
    expect(Object.keys(referencesOf(found)[0]!)).toEqual(['peers']);
    expect(found.indicators[0]?.count).toBeLessThan(-1);
    expect(found.indicators[0]?.denominator).toBe(0);
    expect(found.indicators[0]?.reference).toBeGreaterThan(0.5);
    expect(parts(explainChange(input, { ...input, components: more }, 'u2')).indicators[0]?.slice(0, 2)).toEqual([
      0, 0,
    ]);
  });
});
