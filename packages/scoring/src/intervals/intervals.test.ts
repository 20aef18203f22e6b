import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import gammaQuantile from '@stdlib/stats-base-dists-gamma-quantile';
import { describe, expect, it } from 'vitest';
import { scoreMonth } from '../month/score-month.js';
import { dimension, indicator, monthInput, monthsBetween, type Sketch, unit } from '../month/test-input.js';
import { compareDraws, maximalRuns, placeAt } from './compare.js';
import { betaAt, CUBE_FROM, gammaAt, Sampler } from './gamma.js';
import { Generator } from './generator.js';
import { rankIntervals } from './rank-intervals.js';

const falling = { rule: 'absolute', g0: 1000, g60: 400, g100: 0 } as const;
const rateOf = (code: string, changes = {}) =>
  indicator(code, { kind: 'rate', direction: -1, window: 1, goalposts: falling, ...changes });

const covered = monthsBetween('2025-01', '2026-03');

/** Six units; unit i has `counts[i]` events in every month. */
function county(counts: number[], changes: Sketch = {}) {
  const units = counts.map((_, i) => unit(`u${i}`));
  return monthInput({
    covered,
    units,
    dimensions: [dimension([rateOf('A')])],
    cells: units.flatMap(({ code }, i) =>
      covered.map((month): [string, string, string, number] => ['A', code, month, counts[i]!]),
    ),
    ...changes,
  });
}

describe('generators', () => {
  const sample = (draw: (at: number) => number, size = 200_000) => {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const x = draw(i);
      sum += x;
      squares += x * x;
    }
    return { mean: sum / size, variance: squares / size - (sum / size) ** 2 };
  };

  it('draw normal, gamma and beta numbers of the right mean and variance', () => {
    const generator = new Generator(7, 'moments');
    const sampler = new Sampler(generator);
    const normal = sample(() => generator.normal());
    expect(Math.abs(normal.mean)).toBeLessThan(0.01);
    expect(Math.abs(normal.variance - 1)).toBeLessThan(0.015);
    for (const shape of [0.3, 1, 4.5, 80]) {
      const { mean, variance } = sample(() => sampler.gamma(shape));
      expect(Math.abs(mean / shape - 1)).toBeLessThan(0.015);
      expect(Math.abs(variance / shape - 1)).toBeLessThan(0.03);
    }
    const beta = sample(() => sampler.beta(2, 6));
    expect(Math.abs(beta.mean - 0.25)).toBeLessThan(0.002);
    expect(Math.abs(beta.variance - 12 / (64 * 9))).toBeLessThan(0.001);
  });

  it('draw gamma numbers of the right tails', () => {
    const sampler = new Sampler(new Generator(3, 'tails'));
    for (const shape of [0.5, 7]) {
      const draws = Float64Array.from({ length: 100_000 }, () => sampler.gamma(shape));
      for (const share of [0.05, 0.5, 0.95, 0.999]) {
        const limit = gammaQuantile(share, shape, 1);
        const below = draws.filter((x) => x < limit).length / draws.length;
        expect(Math.abs(below - share)).toBeLessThan(0.004);
      }
    }
  });

  const normalQuantiles = [
    [0.01, -2.3263478740408408],
    [0.05, -1.6448536269514722],
    [0.5, 0],
    [0.95, 1.6448536269514722],
    [0.99, 2.3263478740408408],
  ] as const;

  it('take a cube of a normal number for a gamma number where the two hardly differ', () => {
    const errors = [CUBE_FROM, 8, 20, 100].map((shape) =>
      Math.max(
        ...normalQuantiles.map(
          ([share, deviate]) => Math.abs(gammaAt(deviate, shape) - gammaQuantile(share, shape, 1)) / Math.sqrt(shape),
        ),
      ),
    );
    expect(errors[0]).toBeLessThan(0.011);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
  });

  it('take one normal number for a beta number where it hardly differs', () => {
    for (const [a, b] of [
      [CUBE_FROM, CUBE_FROM],
      [CUBE_FROM, 300],
      [40, 6],
      [250, 400],
    ] as const) {
      const deviation = Math.sqrt((a * b) / (a + b + 1)) / (a + b);
      for (const [share, deviate] of normalQuantiles) {
        const error = Math.abs(betaAt(deviate, a, b) - betaQuantile(share, a, b)) / deviation;
        expect(error, `${a} ${b} ${share}`).toBeLessThan(0.02);
      }
    }
  });

  it('fill tables with bytes that are all equally frequent', () => {
    const table = new Uint8Array(256_000);
    new Generator(5, 'bytes').fillBytes(table);
    const counts = new Float64Array(256);
    for (const byte of table) counts[byte]! += 1;
    // χ² of 255 degrees of freedom lies between 180 and 345 but for one in ten thousand.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeGreaterThan(180);
    expect(chiSquare).toBeLessThan(345);
  });

  it('fill tables with normal numbers of the right mean, variance and tails', () => {
    const table = new Float64Array(200_000);
    new Generator(9, 'normals').fillNormals(table);
    const { mean, variance } = sample((i) => table[i]!);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.015);
    for (const [limit, share] of [
      [-1.2815515655446004, 0.1],
      [1.6448536269514722, 0.95],
      [3.090232306167813, 0.999],
      [3.6, 0.9998409],
    ] as const) {
      const spread = Math.sqrt((share * (1 - share)) / table.length);
      expect(Math.abs(table.filter((x) => x < limit).length / table.length - share)).toBeLessThan(4 * spread);
    }
  });

  it('differ by key and repeat by seed', () => {
    const first = (seed: number, key: string) => new Generator(seed, key).uniform();
    expect(first(1, 'a')).toBe(first(1, 'a'));
    expect(new Set([first(1, 'a'), first(1, 'b'), first(2, 'a'), first(2, 'b')]).size).toBe(4);
  });
});

describe('maximalRuns', () => {
  it.each([
    [[], 4, [[0, 3]]],
    [
      ['0-1', '0-2', '0-3', '1-2', '1-3', '2-3'],
      4,
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    ],
    [
      ['0-2', '0-3', '1-3'],
      4,
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    ],
    [
      ['0-3'],
      4,
      [
        [0, 2],
        [1, 3],
      ],
    ],
    [
      ['1-2'],
      3,
      [
        [0, 1],
        [2, 2],
      ],
    ],
  ])('told apart %j', (apart, count, expected) => {
    expect(maximalRuns(count, (a, b) => apart.includes(`${a}-${b}`))).toEqual(expected);
  });
});

describe('compareDraws', () => {
  it('counts places from both ends, ties at the better one', () => {
    // Three units, two draws: 5 7 | 5 6 | 1 9.
    const { places, fromWorst, above } = compareDraws(Float64Array.from([5, 7, 5, 6, 1, 9]), 3, 2);
    expect([...places]).toEqual([1, 1, 0, 1, 0, 1, 1, 0, 1]);
    expect([...fromWorst]).toEqual([0, 2, 0, 1, 1, 0, 1, 0, 1]);
    expect([...above]).toEqual([0, 1.5, 1, 0.5, 0, 1, 1, 1, 0]);
    expect([placeAt(places.subarray(3, 6), 0.05), placeAt(places.subarray(3, 6), 0.95)]).toEqual([0, 2]);
  });
});

describe('rankIntervals', () => {
  it('without shrinkage spans the quantiles of the weak posterior', () => {
    const { units } = rankIntervals(county([4, 400]), { seed: 1, draws: 40_000 });
    // Score 100 − value ÷ 10; the posterior of 4 events per 10 000 is gamma(4.5, 1).
    const interval = units[0]?.score_interval;
    expect(interval?.lower).toBeCloseTo(100 - gammaQuantile(0.95, 4.5, 1) / 10, 1);
    expect(interval?.upper).toBeCloseTo(100 - gammaQuantile(0.05, 4.5, 1) / 10, 1);
    expect(units[0]).toMatchObject({
      rank: 1,
      rank_interval: { best: 1, worst: 1 },
      best_quarter: 1,
      worst_quarter: 0,
    });
    expect(units[1]).toMatchObject({
      rank: 2,
      rank_interval: { best: 2, worst: 2 },
      best_quarter: 0,
      worst_quarter: 1,
    });
  });

  it('tells apart what differs widely and nothing else', () => {
    const { groups, pairs } = rankIntervals(county([10, 11, 300, 310, 800, 12]), { seed: 5 });
    expect(groups).toEqual([['u0', 'u1', 'u5'], ['u2', 'u3'], ['u4']]);
    expect(pairs).toHaveLength(15);
    expect(pairs.find(({ a, b }) => a === 'u0' && b === 'u4')?.probability).toBe(1);
    const close = pairs.find(({ a, b }) => a === 'u0' && b === 'u1')?.probability ?? 0;
    expect(close).toBeGreaterThan(0.5);
    expect(close).toBeLessThan(0.7);
  });

  it('puts equal units half before each other and all places within reach', () => {
    const { units, pairs, groups } = rankIntervals(county([5, 5, 5, 5]), { seed: 2 });
    for (const { rank_interval, best_quarter } of units) {
      expect(rank_interval).toEqual({ best: 1, worst: 4 });
      expect(Math.abs((best_quarter ?? 0) - 0.25)).toBeLessThan(0.04);
    }
    for (const { probability } of pairs) expect(Math.abs(probability - 0.5)).toBeLessThan(0.05);
    expect(groups).toHaveLength(1);
  });

  const classMean = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;
  const everything: Sketch = {
    dimensions: [
      dimension([rateOf('A', { goalposts: classMean }), indicator('Q', { window: 3 })]),
      dimension(
        [
          indicator('C', { kind: 'count', direction: -1, window: 12, goalposts: { rule: 'per_unit', penalty: 15 } }),
          indicator('I', { kind: 'intensity', weighting: 'ewma', window: 3, direction: -1, goalposts: classMean }),
          indicator('N', { direction: -1, window: 3, goalposts: classMean }),
          indicator('H', { kind: 'weighted_rate', direction: -1, window: 'ytd', goalposts: classMean, weight: 0.5 }),
        ],
        'other',
      ),
    ],
    units: [0, 1, 2, 3, 4, 5].map((i) =>
      unit(`u${i}`, { peerClass: i < 4 ? 'town' : 'street', population: i === 5 ? null : 9000 + 500 * i }),
    ),
    cells: [0, 1, 2, 3, 4, 5].flatMap((i) =>
      covered.flatMap(
        (month, m): Array<[string, string, string, number, number?]> => [
          ['A', `u${i}`, month, (i * 7 + m * 3) % 5],
          ['Q', `u${i}`, month, 8 + ((i + m) % 3), 10],
          ['C', `u${i}`, month, (i + m) % 7 === 0 ? 1 : 0],
          ['I', `u${i}`, month, ((i * 5 + m) % 4) * 2.5],
          ['N', `u${i}`, month, (i + m) % 3, 12],
          ['H', `u${i}`, month, ((i * 3 + m) % 5) * 40],
        ],
      ),
    ),
    trend: { share: 0.3 },
    missing: { max_share: 0.6 },
    shrinkage: { method: 'empirical_bayes', min_class: 4 },
  };

  it.each(['none', 'empirical_bayes'] as const)('gives the same bytes in any order of units: %s', (method) => {
    const input = monthInput({ covered, ...everything, shrinkage: { method, min_class: 4 } });
    const turned = {
      ...input,
      units: [...input.units].reverse(),
      components: new Map([...input.components].reverse()),
    };
    const text = JSON.stringify(rankIntervals(input, { seed: 11, draws: 300 }));
    expect(JSON.stringify(rankIntervals(turned, { seed: 11, draws: 300 }))).toBe(text);
    expect(JSON.stringify(rankIntervals(input, { seed: 12, draws: 300 }))).not.toBe(text);
  });

  it('holds every kind of indicator, and the score, inside its interval', () => {
    const input = monthInput({ covered, ...everything });
    for (const { score, score_interval } of rankIntervals(input, { seed: 4 }).units) {
      expect(score_interval?.lower).toBeLessThan(score ?? 0);
      expect(score_interval?.upper).toBeGreaterThan(score ?? 0);
    }
  });

  it('leaves a unit without a score out of the ranking', () => {
    const input = monthInput({ covered, ...everything, missing: { max_share: 0.3 } });
    const { units, pairs } = rankIntervals(input, { seed: 4, draws: 200 });
    expect(scoreMonth(input).units[5]?.score).toBeNull();
    expect(units[5]).toEqual({
      code: 'u5',
      score: null,
      rank: null,
      score_interval: null,
      rank_interval: null,
      best_quarter: null,
      worst_quarter: null,
    });
    expect(pairs).toHaveLength(10);
  });

  it('moves with certain deductions', () => {
    const rules = [{ id: 'v', name: '否决', kind: 'veto', events: ['veto'], points: 30, doubled_in: [] } as const];
    const red_lines = [{ unit: 'u0', date: '2026-03-02', kind: 'veto', deaths: 0, case_ref: 'c' }];
    const plain = rankIntervals(county([5, 5]), { seed: 8 }).units[0]?.score_interval;
    const hit = rankIntervals(county([5, 5], { deductions: { cap: 30, rules }, red_lines }), { seed: 8 }).units[0];
    expect(hit?.score_interval?.upper).toBeCloseTo((plain?.upper ?? 0) - 30, 9);
    expect(hit?.rank_interval).toEqual({ best: 2, worst: 2 });
  });

  it.each([{ draws: 0 }, { draws: 1.5 }, { level: 1 }, { seed: 0.5 }])('refuses %j', (options) => {
    expect(() => rankIntervals(county([1, 2]), { seed: 1, ...options })).toThrow(RangeError);
  });
});
