import fc from 'fast-check';
import { componentKey, coverageKey } from './keys.js';
import { dimension, indicator, monthInput, monthsBetween, unit } from './test-input.js';
import type { MonthComponent, MonthInput } from './types.js';

/** Any county, for property tests: every kind of indicator, gaps in the data, options off and on. */

const classMean = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;
export const dimensions = [
  dimension(
    [
      indicator('P1', {
        recordType: 'police',
        kind: 'rate',
        direction: -1,
        window: 3,
        weight: 18,
        goalposts: classMean,
      }),
      indicator('P2', {
        recordType: 'police',
        kind: 'count',
        direction: -1,
        window: 12,
        weight: 10,
        goalposts: { rule: 'per_unit', penalty: 15 },
      }),
      indicator('P3', {
        recordType: 'police',
        kind: 'weighted_rate',
        direction: -1,
        window: 12,
        weight: 16,
        goalposts: classMean,
      }),
    ],
    'police',
    35,
  ),
  dimension(
    [
      indicator('X1', {
        recordType: 'petition',
        weight: 20,
        goalposts: { rule: 'absolute', g0: 20, g60: 60, g100: 95 },
      }),
      indicator('X2', { recordType: 'petition', window: 3, weight: 8, direction: -1, goalposts: classMean }),
      indicator('X3', { recordType: 'petition', window: 'ytd', weight: 5, min_n: 12 }),
      indicator('X4', {
        recordType: 'petition',
        kind: 'count',
        window: 'ytd',
        direction: -1,
        weight: 3,
        goalposts: classMean,
      }),
    ],
    'petition',
    50,
  ),
  dimension(
    [
      indicator('O1', {
        recordType: 'opinion',
        kind: 'intensity',
        weighting: 'ewma',
        window: 3,
        direction: -1,
        goalposts: classMean,
      }),
    ],
    'opinion',
    15,
  ),
];
export const indicators = dimensions.flatMap((entry) => entry.indicators);
const months = monthsBetween('2025-06', '2026-03');
export const types = ['police', 'petition', 'opinion'];

const redLines = { id: 'veto', name: '否决', kind: 'veto', events: ['veto'], points: 30, doubled_in: [] } as const;

/** Today's plain method, and everything the scheme can switch on. */
const methods: Array<Partial<MonthInput>> = [
  {},
  { shrinkage: { method: 'empirical_bayes', min_class: 4 } },
  {
    shrinkage: { method: 'empirical_bayes', min_class: 2 },
    trend: { share: 0.3 },
    deductions: { cap: 30, rules: [redLines] },
    red_lines: [{ unit: 'u0', date: '2026-03-09', kind: 'veto', deaths: 0, case_ref: 'c1' }],
    hysteresis: { points: 1, months: 2 },
    history: new Map([['u0', [{ month: '2026-02', score: 71, band: 'orange' }]]]),
    peer_ranks: true,
  },
];

export const county: fc.Arbitrary<MonthInput> = fc
  .record({
    method: fc.constantFrom(...methods),
    units: fc.array(
      fc.record({
        peerClass: fc.constantFrom('town', 'street'),
        population: fc.option(fc.integer({ min: 500, max: 90_000 }), { freq: 6 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    numbers: fc.infiniteStream(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(3))),
    gaps: fc.array(fc.tuple(fc.constantFrom(...types), fc.constantFrom(...months)), { maxLength: 5 }),
    startMonth: fc.constantFrom('2025-06', '2025-11', '2026-02'),
  })
  .map(({ method, units, numbers, gaps, startMonth }) => {
    const named = units.map((entry, i) => unit(`u${i}`, entry));
    const components = new Map<string, MonthComponent>();
    for (const { code } of indicators)
      for (const { code: unitCode } of named)
        for (const month of months) {
          const [a, b, present] = numbers.next().value;
          if (present === 0) continue;
          const numerator = Math.min(a, b);
          components.set(componentKey(code, unitCode, month), { numerator, denominator: Math.max(a, b) });
        }
    const coverage = new Set(types.flatMap((type) => months.map((month) => coverageKey(type, month))));
    for (const [type, month] of gaps) coverage.delete(coverageKey(type, month));
    return { ...monthInput({ units: named, dimensions, startMonth }), ...method, components, coverage };
  });
