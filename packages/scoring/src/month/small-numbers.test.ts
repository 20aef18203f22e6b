import { describe, expect, it } from 'vitest';
import { fitPrior, shrink } from '../small-numbers/prior.js';
import { scoreMonth } from './score-month.js';
import { dimension, indicator, monthInput, monthsBetween, type Sketch, unit } from './test-input.js';

const shrinkage = { method: 'empirical_bayes', min_class: 4 } as const;
const linear = { rule: 'absolute', g0: 100, g60: 40, g100: 0 } as const;
const covered = monthsBetween('2025-01', '2026-03');
const codes = ['a', 'b', 'c', 'd', 'e', 'f'];
const counts = [1, 8, 3, 0, 30, 5];

const rate = indicator('R', { kind: 'rate', direction: -1, goalposts: linear });

function scored(changes: Sketch = {}) {
  return scoreMonth(
    monthInput({
      shrinkage,
      covered,
      units: codes.map((code, i) =>
        unit(code, { peerClass: i < 4 ? 'town' : 'street', population: 10_000 + 1000 * i }),
      ),
      dimensions: [dimension([rate])],
      cells: codes.map((code, i): [string, string, string, number] => ['R', code, '2026-03', counts[i]!]),
      ...changes,
    }),
  );
}

describe('shrinkage in the index', () => {
  it('scores the shrunken value and keeps the counted one', () => {
    const { units } = scored();
    const observations = counts
      .slice(0, 4)
      .map((events, i) => ({ family: 'gamma', events, exposure: 1 + 0.1 * i, scale: 1 }) as const);
    const prior = fitPrior(observations);
    units.slice(0, 4).forEach(({ indicators: [row] }, i) => {
      const expected = shrink(observations[i]!, prior!);
      expect(row?.value).toBeCloseTo(counts[i]! / (1 + 0.1 * i), 12);
      expect(row?.shrunken_value).toBeCloseTo(expected, 12);
      expect(row?.score).toBeCloseTo(100 - expected, 10);
    });
  });

  it('reports the prior of every class, the county standing in for a small one', () => {
    const { priors } = scored();
    expect(priors).toHaveLength(2);
    const county = counts.reduce((sum, count) => sum + count, 0) / 7.5;
    expect(priors[0]).toMatchObject({ indicator: 'R', peer_class: 'street', scope: 'county', units: 6 });
    expect(priors[0]?.mean).toBeCloseTo(county, 12);
    expect(priors[1]).toMatchObject({ peer_class: 'town', scope: 'class', units: 4, family: 'poisson_gamma' });
    expect(priors[1]?.mean).toBeCloseTo(12 / 4.6, 12);
    expect(priors[1]?.moment_variance).toBeGreaterThan(0);
    expect(scored({ shrinkage: { method: 'none', min_class: 4 } }).priors).toEqual([]);
  });

  it('leaves a lone unit as it is', () => {
    const { units, priors } = scored({ units: [unit('a')] });
    expect(units[0]?.indicators[0]).toMatchObject({ value: 1, shrunken_value: 1 });
    expect(priors).toEqual([]);
  });

  it('compares counts by population, and not at all without one', () => {
    const count = indicator('R', { kind: 'count', direction: -1, goalposts: { rule: 'per_unit', penalty: 1 } });
    const units = codes.map((code, i) => unit(code, { population: i === 1 ? null : i === 4 ? 60_000 : 10_000 }));
    const rows = scored({ dimensions: [dimension([count])], units }).units.map(({ indicators: [row] }) => row!);
    expect(rows[1]).toMatchObject({ value: 8, shrunken_value: 8 });
    // 39 events among 100 000: 3.9 per 10 000, so 30 of 60 000 lie above it and 3 of 10 000 below.
    expect(rows[4]?.shrunken_value).toBeGreaterThan(23.4);
    expect(rows[4]?.shrunken_value).toBeLessThan(30);
    expect(rows[2]?.shrunken_value).toBeGreaterThan(3);
    expect(rows[2]?.shrunken_value).toBeLessThan(3.9);
  });

  it('shrinks an intensity the more the heavier its single events', () => {
    const intensity = indicator('R', {
      kind: 'intensity',
      direction: -1,
      window: 3,
      weighting: 'ewma',
      goalposts: linear,
    });
    const of = (values: number[][]) =>
      scored({
        dimensions: [dimension([intensity])],
        cells: codes.flatMap((code, i) =>
          ['2026-01', '2026-02', '2026-03'].map((month, m): [string, string, string, number] => [
            'R',
            code,
            month,
            values[i % 2]![m]!,
          ]),
        ),
      }).units.map(({ indicators: [row] }) => (row?.shrunken_value ?? 0) - (row?.value ?? 0));
    const steady = of([
      [4, 4, 4],
      [8, 8, 8],
    ]);
    const jumpy = of([
      [12, 0, 4],
      [0, 20, 4],
    ]);
    expect(Math.abs(steady[0]!)).toBeGreaterThan(0);
    expect(Math.abs(jumpy[1]!)).toBeGreaterThan(Math.abs(steady[1]!));
  });

  it('counts ranks inside the class on request', () => {
    const ranks = scored({ peer_ranks: true }).units.map(({ rank, class_rank }) => [rank, class_rank]);
    expect(ranks.map(([, inside]) => inside)).toEqual([2, 4, 3, 1, 2, 1]);
    expect(scored().units.every(({ class_rank }) => class_rank === null)).toBe(true);
  });
});

describe('trend in the index', () => {
  const own = (
    indicatorOf: Parameters<typeof indicator>[1],
    before: [number, number],
    now: [number, number],
    months = covered,
  ) =>
    scoreMonth(
      monthInput({
        covered: months,
        trend: { share: 0.3 },
        dimensions: [dimension([indicator('R', indicatorOf)])],
        cells: [
          ...months
            .filter((month) => month < '2026-03')
            .map((month): [string, string, string, number, number] => ['R', 'u1', month, ...before]),
          ['R', 'u1', '2026-03', ...now],
        ],
      }),
    ).units[0]!.indicators[0]!;
  const fewer = { kind: 'rate', direction: -1, goalposts: linear } as const;

  it.each([
    ['as before', 10, 60],
    ['halved', 5, 100],
    ['doubled', 20, 0],
    ['half as much again', 15, 30],
    ['down by a quarter', 7.5, 80],
  ])('less is better: %s', (_what, now, trend) => {
    const row = own(fewer, [10, 0], [now, 0]);
    expect(row.trend).toBeCloseTo(trend, 10);
    expect(row.own_mean).toBeCloseTo(10, 12);
    expect(row.level).toBeCloseTo(100 - now, 10);
    expect(row.score).toBeCloseTo(0.7 * (100 - now) + 0.3 * trend, 10);
  });

  it.each([
    ['as before', 90, 60],
    ['failures halved', 95, 100],
    ['failures doubled', 80, 0],
    ['nothing failed', 100, 100],
  ])('more is better, in %%: %s', (_what, now, trend) => {
    expect(own({}, [90, 100], [now, 100]).trend).toBeCloseTo(trend, 10);
  });

  it.each([
    ['without events before', fewer, [0, 0], [3, 0]],
    ['with nothing failed before', {}, [10, 10], [9, 10]],
  ] as const)('is left out %s', (_what, changes, before, now) => {
    const row = own(changes, [...before], [...now]);
    expect(row).toMatchObject({ trend: null, own_ratio: null });
    expect(row.score).toBe(row.level);
  });

  it('is left out with fewer months before the window than a baseline needs', () => {
    expect(own(fewer, [10, 0], [5, 0], monthsBetween('2026-01', '2026-03')).trend).toBeNull();
    expect(own(fewer, [10, 0], [5, 0], monthsBetween('2025-12', '2026-03')).trend).toBeCloseTo(100, 10);
    expect(own({ ...fewer, window: 12 }, [10, 0], [5, 0]).own_mean).toBeCloseTo(10, 12);
    expect(own({ ...fewer, window: 13 }, [10, 0], [5, 0]).trend).toBeNull();
  });

  it('does not show a change where small units are shrunken and nothing changed', () => {
    const steady = [1, 1, 1, 1, 3, 3];
    const { units } = scored({
      trend: { share: 0.3 },
      units: codes.map((code) => unit(code)),
      cells: codes.flatMap((code, i) =>
        covered.map((month): [string, string, string, number] => ['R', code, month, steady[i]!]),
      ),
    });
    for (const {
      indicators: [row],
    } of units) {
      expect(Math.abs((row?.shrunken_value ?? 0) - (row?.value ?? 0))).toBeGreaterThan(0.2);
      expect(Math.abs((row?.trend ?? 0) - 60)).toBeLessThan(6);
    }
  });
});
