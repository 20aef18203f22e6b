import { describe, expect, it } from 'vitest';
import { fitPrior, shrink } from '../small-numbers/prior.js';
import { scoreMonth } from './score-month.js';
import { dimension, indicator, monthInput, monthsBetween, type Sketch, unit } from './test-input.js';

const falling = { rule: 'absolute', g0: 100, g60: 40, g100: 0 } as const;
const harm = indicator('H', { kind: 'weighted_rate', direction: -1, window: 3, goalposts: falling });
const window = ['2026-01', '2026-02', '2026-03'];
/** Days of harm by unit and month. */
const sums = [
  [0, 10, 2],
  [30, 0, 0],
  [4, 4, 10],
  [0, 0, 0],
];
const people = [10_000, 20_000, 10_000, 10_000];

function rows(changes: Sketch = {}) {
  const input = monthInput({
    covered: window,
    units: people.map((population, u) => unit(`u${u}`, { population })),
    dimensions: [dimension([harm])],
    cells: sums.flatMap((own, u) =>
      own.map((days, m): [string, string, string, number] => ['H', `u${u}`, window[m]!, days]),
    ),
    ...changes,
  });
  return scoreMonth(input).units.map(({ indicators: [row] }) => row!);
}

describe('weighted rates', () => {
  it('are per 10 000 residents and month', () => {
    // 12 ÷ 3, 30 ÷ 6, 18 ÷ 3 and 0.
    expect(rows().map(({ value }) => value)).toEqual([4, 5, 6, 0]);
    expect(rows()[1]).toMatchObject({ numerator: 30, denominator: 60_000, months: 3, score: 95 });
    expect(rows({ units: [unit('u0', { population: null })] })[0]).toMatchObject({
      value: null,
      missing_reason: 'no_population',
    });
  });

  it('are held against the class mean per resident', () => {
    const goalposts = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;
    const base = rows({ dimensions: [dimension([{ ...harm, goalposts }])] })[0]?.goalposts?.base;
    // 60 days over 5 times 10 000 residents and 3 months.
    expect(base).toMatchObject({ scope: 'class', months: 3 });
    expect(base?.value).toBeCloseTo(4, 12);
  });

  it('are shrunken as so many events as their monthly sums jump like', () => {
    // Squares about each unit's own mean: 12² terms 16+36+4, 400+100+100, 4+4+16, 0 over 4 × 2; mean 60 ÷ 12.
    const dispersion = (56 + 600 + 24) / 8 / 5;
    const observations = sums.map((own, u) => ({
      family: 'gamma' as const,
      events: own.reduce((a, b) => a + b) / dispersion,
      exposure: (people[u]! * 3) / 10_000 / dispersion,
      scale: 1,
    }));
    const prior = fitPrior(observations)!;
    const shrunken = rows({ shrinkage: { method: 'empirical_bayes', min_class: 4 } });
    shrunken.forEach(({ shrunken_value }, u) => {
      expect(shrunken_value).toBeCloseTo(shrink(observations[u]!, prior), 12);
    });
    const asRate = rows({
      shrinkage: { method: 'empirical_bayes', min_class: 4 },
      dimensions: [dimension([{ ...harm, kind: 'rate' }])],
    });
    // Taken for single events, 30 days would be trusted far more.
    expect(shrunken[3]?.shrunken_value).toBeGreaterThan(asRate[3]?.shrunken_value ?? 0);
  });
});

describe('a window of the year to date', () => {
  const months = monthsBetween('2025-01', '2026-03');
  const cells = months.map((month, m): [string, string, string, number, number] => ['Y', 'u1', month, m, 20]);
  const of = (period: string, changes = {}) =>
    scoreMonth(
      monthInput({
        period,
        covered: months,
        cells,
        trend: { share: 0.3 },
        dimensions: [dimension([indicator('Y', { window: 'ytd', ...changes })])],
      }),
    ).units[0]!.indicators[0]!;

  it('begins in January of the period', () => {
    expect(of('2026-03')).toMatchObject({
      numerator: 39,
      denominator: 60,
      months: 3,
      window: { from: '2026-01', to: '2026-03' },
    });
    expect(of('2026-01')).toMatchObject({ numerator: 12, months: 1 });
    expect(of('2025-12')).toMatchObject({ numerator: 66, months: 12 });
  });

  it('has the year before as its own baseline, counts brought to the months passed', () => {
    expect(of('2026-03').own_mean).toBeCloseTo((66 / 240) * 100, 12);
    const count = { kind: 'count', direction: -1, goalposts: { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } };
    const row = of('2026-03', count);
    expect(row).toMatchObject({ value: 39 });
    expect(row.own_mean).toBeCloseTo((66 / 12) * 3, 12);
    expect(row.goalposts?.base?.value).toBeCloseTo((66 / 12) * 3, 12);
    expect(of('2025-12', count).trend).toBeNull();
  });
});

describe('a minimum of cases', () => {
  const scored = (min_n: number) =>
    scoreMonth(
      monthInput({
        cells: [
          ['A', 'u1', '2026-03', 19, 20],
          ['B', 'u1', '2026-03', 50, 100],
        ],
        dimensions: [dimension([indicator('A', { min_n }), indicator('B', { weight: 4 })])],
      }),
    ).units[0]!;

  it('leaves out what rests on fewer, and hands its weight on', () => {
    expect(scored(20).indicators[0]).toMatchObject({ score: 95, weight: 0.2, missing_reason: null });
    expect(scored(20).score).toBeCloseTo(59, 10);
    expect(scored(21).indicators[0]).toMatchObject({
      value: 95,
      shrunken_value: 95,
      level: null,
      score: null,
      weight: 0,
      missing_reason: 'below_minimum',
    });
    expect(scored(21).score).toBeCloseTo(50, 10);
  });

  it.each([{ min_n: -1 }, { min_n: 5, kind: 'rate' }, { window: 0 }, { window: 1.5 }] as const)(
    'refuses %j',
    (changes) => {
      const input = monthInput({ dimensions: [dimension([indicator('A', changes)])] });
      expect(() => scoreMonth(input)).toThrow(RangeError);
    },
  );
});
