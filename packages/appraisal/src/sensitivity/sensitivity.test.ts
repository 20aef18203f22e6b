import { componentKey, coverageKey, type MonthInput, scoreMonth } from '@pingan/scoring';
import { describe, expect, it } from 'vitest';
import { asPublished, gridOf, indexOf } from './grid.js';
import { sensitivity } from './sensitivity.js';

const codes = ['A1', 'A2', 'B1', 'B2'];
const units = ['u1', 'u2', 'u3', 'u4', 'u5'];

/** Ratios in %; a unit without a figure has no case. */
function month(figures: Record<string, (number | null)[]>, changes: Partial<MonthInput> = {}): MonthInput {
  const indicator = (code: string) => ({
    code,
    recordType: 'test',
    kind: 'ratio' as const,
    direction: 1 as const,
    window: 1,
    weighting: 'sum' as const,
    goalposts: { rule: 'absolute', g0: 0, g60: 60, g100: 100 } as const,
    weight: code.endsWith('1') ? 2 : 1,
  });
  const cells = codes.flatMap((code) =>
    units.flatMap((unit, u) => {
      const figure = figures[code]![u]!;
      return figure === null
        ? []
        : [[componentKey(code, unit, '2026-03'), { numerator: figure, denominator: 100 }] as const];
    }),
  );
  return {
    period: '2026-03',
    startMonth: '2026-01',
    dimensions: [
      { id: 'a', weight: 3, indicators: [indicator('A1'), indicator('A2')] },
      { id: 'b', weight: 1, indicators: [indicator('B1'), indicator('B2')] },
    ],
    units: units.map((code) => ({ code, peerClass: 'town', population: 10_000 })),
    components: new Map(cells),
    coverage: new Set([coverageKey('test', '2026-03')]),
    missing: { max_share: 0.4 },
    bands: [{ id: 'red', min: 0 }],
    tie: { decimals: 9 },
    baseline: { months: 12, min_months: 3 },
    ...changes,
  };
}

const mixed = month(
  {
    A1: [90, 80, 70, 60, 50],
    A2: [50, 95, 60, 90, 40],
    B1: [70, 60, 99, 80, 30],
    B2: [40, null, 80, 20, 60],
  },
  {
    red_lines: [{ unit: 'u1', date: '2026-03-05', kind: 'veto', deaths: 0, case_ref: 'c1' }],
    deductions: {
      cap: 30,
      rules: [{ id: 'veto', name: '否决', kind: 'veto', events: ['veto'], points: 8, doubled_in: [] }],
    },
  },
);
const options = { draws: 2000, spread: 0.25, seed: 7 };

describe('sensitivity', () => {
  it('starts from the published scores', () => {
    const { units: scored } = scoreMonth(mixed);
    const grid = gridOf(mixed, scored);
    const nominal = asPublished(grid);
    for (const [u, score] of indexOf(grid, nominal, nominal).entries()) {
      expect(score).toBeCloseTo(scored[u]!.score!, 9);
    }
  });

  it('gives shares of ranks that sum to one and agree with the mean', () => {
    const result = sensitivity(mixed, options);
    expect(result.units.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    for (const { acceptability, mean_rank } of result.units) {
      expect(acceptability.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      const mean = acceptability.reduce((sum, share, i) => sum + share * (i + 1), 0);
      expect(mean).toBeCloseTo(mean_rank!, 9);
    }
  });

  it('leaves a unit that is best in everything first, and one that is worst last', () => {
    const clear = month({
      A1: [99, 50, 60, 55, 10],
      A2: [99, 60, 50, 55, 10],
      B1: [99, 40, 60, 55, 10],
      B2: [99, 60, 40, 55, 10],
    });
    const { units: rows } = sensitivity(clear, options);
    expect(rows[0]).toMatchObject({ region_code: 'u1', rank_low: 1, rank_high: 1 });
    expect(rows[0]?.acceptability[0]).toBe(1);
    expect(rows.at(-1)?.acceptability.at(-1)).toBe(1);
  });

  it('removes an indicator as scoring without it would', () => {
    const { removed } = sensitivity(mixed, options);
    const base = new Map(scoreMonth(mixed).units.map(({ code, rank }) => [code, rank]));
    for (const { code, moved } of removed) {
      const dimensions = mixed.dimensions.map((dimension) => ({
        ...dimension,
        indicators: dimension.indicators.filter((own) => own.code !== code),
      }));
      const after = new Map(scoreMonth({ ...mixed, dimensions }).units.map((unit) => [unit.code, unit.rank]));
      const expected = units.filter((unit) => base.get(unit) !== after.get(unit));
      expect([code, moved.map(({ region_code }) => region_code).sort()]).toEqual([code, expected]);
      for (const { region_code, from, to } of moved) {
        expect([from, to]).toEqual([base.get(region_code), after.get(region_code)]);
      }
    }
    expect(removed.some(({ moved }) => moved.length > 0)).toBe(true);
  });

  it('tells which choice matters', () => {
    const { choices } = sensitivity(mixed, { ...options, spread: 0 });
    expect(choices).toHaveLength(3);
    expect(choices![0]).toMatchObject({ choice: 'weights', first: 0, total: 0 });
    expect(choices![1]!.total + choices![2]!.total).toBeGreaterThan(0.9);
  });

  it('has nothing to tell where no draw moves anything', () => {
    const same = [99, 80, 60, 40, 20];
    expect(sensitivity(month({ A1: same, A2: same, B1: same, B2: same }), options).choices).toBeNull();
  });

  it('keeps units without a score apart', () => {
    const gaps = month({
      A1: [90, null, 70, 60, 50],
      A2: [50, 95, 60, 90, 40],
      B1: [70, 60, 99, 80, 30],
      B2: [4, 5, 6, 7, 8],
    });
    const last = sensitivity(gaps, options).units.at(-1)!;
    expect(last).toMatchObject({ region_code: 'u2', score: null, rank: null, mean_rank: null });
    expect(last.acceptability.every((share) => share === 0)).toBe(true);
  });

  it('repeats itself with the same seed only', () => {
    const text = (seed: number) => JSON.stringify(sensitivity(mixed, { ...options, seed }).units);
    expect(text(7)).toBe(text(7));
    expect(text(8)).not.toBe(text(7));
  });
});
