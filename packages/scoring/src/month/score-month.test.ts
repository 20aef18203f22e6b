import { describe, expect, it } from 'vitest';
import { scoreMonth } from './score-month.js';
import { dimension, indicator, monthInput, unit } from './test-input.js';

const only = (input: Parameters<typeof monthInput>[0]) => scoreMonth(monthInput(input)).units[0]!;

describe('scoreMonth', () => {
  it('computes a small index as by hand', () => {
    const result = only({
      startMonth: '2026-01',
      covered: ['2026-01', '2026-02', '2026-03'],
      dimensions: [
        dimension(
          [
            indicator('R', {
              kind: 'rate',
              direction: -1,
              window: 3,
              weight: 3,
              goalposts: { rule: 'absolute', g0: 4, g60: 2, g100: 1 },
            }),
            indicator('C', {
              kind: 'count',
              direction: -1,
              window: 12,
              weight: 1,
              goalposts: { rule: 'per_unit', penalty: 20 },
            }),
          ],
          'police',
          60,
        ),
        dimension([indicator('Q', { goalposts: { rule: 'absolute', g0: 80, g60: 92, g100: 100 } })], 'petition', 40),
      ],
      cells: [
        ['R', 'u1', '2026-01', 2],
        ['R', 'u1', '2026-02', 3],
        ['R', 'u1', '2026-03', 4],
        ['C', 'u1', '2026-02', 2],
        ['Q', 'u1', '2026-03', 48, 50],
      ],
    });
    // R: 9 ÷ 30 000 × 10 000 = 3 → 30 points. C: 2 → 60. Police: (3 × 30 + 60) ÷ 4 = 37.5.
    // Q: 96 % → 80. Index: 0.6 × 37.5 + 0.4 × 80 = 54.5.
    expect(result.score).toBeCloseTo(54.5, 12);
    expect(result).toMatchObject({ code: 'u1', rank: 1, band: 'red', missing_reason: null });
    expect(result.dimensions).toEqual([
      { id: 'police', score: 37.5, weight: 0.6, missing_reason: null },
      { id: 'petition', score: 80, weight: 0.4, missing_reason: null },
    ]);
    expect(result.indicators[0]).toEqual({
      dimension: 'police',
      code: 'R',
      numerator: 9,
      denominator: 30_000,
      population: 10_000,
      window: { from: '2026-01', to: '2026-03' },
      months: 3,
      value: 3,
      shrunken_value: 3,
      level: 30,
      trend: null,
      own_mean: null,
      own_ratio: null,
      score: 30,
      weight: 0.6 * 0.75,
      contribution: 0.6 * 0.75 * 30,
      goalposts: { rule: 'absolute', g0: 4, g60: 2, g100: 1, base: null },
      missing_reason: null,
    });
    const contributions = result.indicators.map(({ contribution }) => contribution);
    for (const [i, expected] of [13.5, 9, 32].entries()) expect(contributions[i]).toBeCloseTo(expected, 12);
  });

  it('scores a scheme of one dimension and one indicator', () => {
    const result = only({ dimensions: [dimension([indicator('A')])], cells: [['A', 'u1', '2026-03', 9, 10]] });
    expect(result).toMatchObject({ score: 90, band: 'blue', rank: 1 });
  });

  it('says so when a class mean has nothing to rest on', () => {
    const goalposts = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;
    const dimensions = [dimension([indicator('A', { kind: 'rate', direction: -1, goalposts })])];
    const [row] = only({ dimensions }).indicators;
    expect(row).toMatchObject({ value: 0, score: null, goalposts: null, missing_reason: 'no_baseline' });
  });

  const weighted = (weights: number[], present: number[]) =>
    only({
      dimensions: [dimension(weights.map((weight, i) => indicator(`A${i}`, { weight })))],
      cells: present.map((i) => [`A${i}`, 'u1', '2026-03', 8, 10]),
    });

  it('spreads up to exactly 30 % of missing weight inside a dimension', () => {
    const result = weighted([0.1, 0.2, 0.7], [2]);
    expect(result.score).toBeCloseTo(80, 12);
    expect(result.indicators.map(({ weight }) => weight)).toEqual([0, 0, 1]);
    expect(result.indicators[1]).toMatchObject({ score: null, contribution: 0, missing_reason: 'no_cases' });
  });

  it('gives no score beyond that', () => {
    const result = weighted([69, 31], [0]);
    expect(result).toMatchObject({ score: null, rank: null, band: null, missing_reason: 'insufficient_data' });
    expect(result.dimensions).toEqual([{ id: 'police', score: null, weight: 1, missing_reason: 'insufficient_data' }]);
    expect(result.indicators[0]).toMatchObject({ score: 80, weight: 0, contribution: 0 });
  });

  it.each([
    [[70, 30], 80],
    [[69, 31], null],
  ])('treats missing dimensions alike: %j', ([first, second], score) => {
    const result = only({
      dimensions: [dimension([indicator('A')], 'police', first), dimension([indicator('B')], 'petition', second)],
      cells: [['A', 'u1', '2026-03', 8, 10]],
    });
    expect(result.score).toBe(score);
    expect(result.dimensions.map((entry) => entry.score)).toEqual([80, null]);
  });

  it('ranks equal units equally and orders them by code', () => {
    const { units } = scoreMonth(
      monthInput({
        dimensions: [dimension([indicator('A')])],
        units: ['c', 'a', 'd', 'b'].map((code) => unit(code)),
        cells: [
          ['A', 'a', '2026-03', 1, 2],
          ['A', 'b', '2026-03', 2, 3],
          ['A', 'c', '2026-03', 4, 6],
        ],
      }),
    );
    expect(units.map(({ code, rank }) => [code, rank])).toEqual([
      ['a', 3],
      ['b', 1],
      ['c', 1],
      ['d', null],
    ]);
  });

  it.each([
    ['a malformed month', { period: '2026-3' }],
    ['a period before the start', { period: '2024-12' }],
    ['a unit twice', { units: [unit('a'), unit('a')] }],
    ['a negative weight', { dimensions: [dimension([indicator('A', { weight: -1 })])] }],
    ['a weight that is not finite', { dimensions: [dimension([indicator('A')], 'police', Number.NaN)] }],
  ])('refuses %s', (_what, changes) => {
    expect(() => scoreMonth(monthInput(changes))).toThrow(RangeError);
  });
});
