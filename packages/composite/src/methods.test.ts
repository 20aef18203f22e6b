import { describe, expect, it } from 'vitest';
import { copeland } from './aggregate.js';
import { benefitOfTheDoubt } from './benefit-of-doubt.js';
import { cChart, individualsChart, uChart } from './control-charts.js';
import { correlation, correlationPValue } from './correlation.js';
import { splitByTime } from './dataset.js';
import { binomialBayes, marshallGlobal } from './empirical-bayes.js';
import { ScoringError } from './errors.js';
import { overdispersedFunnel, overdispersion, poissonFunnel } from './funnel.js';
import { ancestors, excludeElements, readModel } from './model.js';
import { fractionOfMax } from './normalise.js';
import { imputeSeries } from './panel.js';
import { planAggregation } from './plan.js';
import { choose, seededRandom } from './random.js';
import { strengthsAndWeaknesses } from './results.js';
import { sobolIndices } from './sobol.js';
import { quantile7 } from './stats.js';
import { logCtPlus, logShifted } from './treat.js';
import { compoundGrowth, latestPoints, percentChange } from './trend.js';
import { removeEach } from './uncertainty.js';
import { givenWeights } from './weights.js';
import { ahpWeights } from './weights-ahp.js';
import { correlationWeights } from './weights-correlation.js';
import { criticWeights, entropyWeights, factorWeights, principalComponent } from './weights-data.js';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ScoringError) return error.code;
    throw error;
  }
  return 'not refused';
}

const numbersOf = (random: () => number, n: number): number[] => Array.from({ length: n }, random);

describe('weights from data', () => {
  const random = seededRandom(3);
  const common = numbersOf(random, 60);
  const columns = [0.2, 0.5, 2].map((noise) => common.map((x) => x + noise * random()));

  it('principal component: an eigenvector of the correlation matrix, sign fixed', () => {
    const { loadings, eigenvalues, explained } = principalComponent(columns);
    const matrix = columns.map((a) => columns.map((b) => correlation(a, b)!));
    matrix.forEach((row, i) => {
      const image = row.reduce((sum, r, j) => sum + r * loadings[j]!, 0);
      expect(image).toBeCloseTo(eigenvalues[0]! * loadings[i]!, 10);
    });
    expect(loadings.reduce((sum, l) => sum + l * l, 0)).toBeCloseTo(1, 12);
    expect(loadings.reduce((sum, l) => sum + l, 0)).toBeGreaterThan(0);
    expect(eigenvalues.reduce((sum, e) => sum + e, 0)).toBeCloseTo(3, 10);
    expect(explained).toBeCloseTo(eigenvalues[0]! / 3, 12);
    const turned = principalComponent(columns.map((column) => column.map((x) => -x)));
    turned.loadings.forEach((loading, i) => {
      expect(loading).toBeCloseTo(loadings[i]!, 10);
    });
  });

  it('principal component of two columns: both load 1/sqrt 2, opposite when they work against each other', () => {
    const [a, b] = [columns[0]!, columns[1]!.map((x) => -x)];
    const { loadings } = principalComponent([a, b, a]);
    expect(loadings[0]).toBeCloseTo(loadings[2]!, 10);
    expect(loadings[1]).toBeLessThan(0);
    expect(factorWeights([a, b, a]).every((weight) => weight > 0)).toBe(true);
  });

  it('refuses what cannot carry weights', () => {
    expect(codeOf(() => principalComponent([[1, 1, 1, 1], columns[0]!.slice(0, 4)]))).toBe('CONSTANT_COLUMN');
    expect(
      codeOf(() =>
        principalComponent([
          [1, null, 3],
          [1, 2, null],
        ]),
      ),
    ).toBe('TOO_FEW_POINTS');
    expect(codeOf(() => entropyWeights([[1, -2, 3]]))).toBe('NEGATIVE_VALUE');
    expect(codeOf(() => entropyWeights([[2, 2, 2]]))).toBe('ZERO_WEIGHT_SUM');
    expect(
      codeOf(() =>
        criticWeights([
          [1, 2, 3],
          [2, 4, 6],
        ]),
      ),
    ).toBe('ZERO_WEIGHT_SUM');
  });

  it('balances correlations with positive weights, and says when it cannot', () => {
    const index = (set: readonly number[], of: readonly (readonly number[])[]) =>
      of[0]!.map((_, i) => of.reduce((sum, column, k) => sum + set[k]! * column[i]!, 0));
    const found = correlationWeights(columns, { index: (set) => index(set, columns) });
    found.shares.forEach((share) => {
      expect(share).toBeCloseTo(1 / 3, 4);
    });
    expect(found.warnings).toEqual([]);
    expect(Math.min(...found.weights)).toBeGreaterThan(0);
    const skewed = correlationWeights(columns, { index: (set) => index(set, columns), targets: [1, 1, 40] });
    expect(skewed.warnings.map(({ code }) => code)).toContain('TARGET_NOT_REACHED');
    const most = correlationWeights(columns, { index: (set) => index(set, columns), objective: 'infomax' });
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(most.correlations)).toBeGreaterThanOrEqual(sum(found.correlations) - 1e-9);
  });

  it('AHP refuses judgements that are not reciprocal and warns of contradictions', () => {
    expect(
      codeOf(() =>
        ahpWeights([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toBe('NOT_RECIPROCAL');
    const circular = ahpWeights([
      [1, 9, 1 / 9],
      [1 / 9, 1, 9],
      [9, 1 / 9, 1],
    ]);
    expect(circular.warnings.map(({ code }) => code)).toEqual(['INCONSISTENT_JUDGEMENTS']);
    const nine = Array.from({ length: 9 }, (_, i) => Array.from({ length: 9 }, (_, j) => 2 ** (j - i)));
    expect(ahpWeights(nine).consistencyRatio).toBeNull();
    expect(ahpWeights(nine, { randomIndex: 'saaty2005' }).consistencyRatio).toBeCloseTo(0, 9);
  });
});

describe('benefit of the doubt', () => {
  it('one indicator: every unit against the best', () => {
    expect(benefitOfTheDoubt([[2, 8, 4]]).scores).toEqual([0.25, 1, 0.5].map((x) => expect.closeTo(x, 10)));
  });

  it('the best in any indicator reaches 1, a dominated unit does not', () => {
    const { scores } = benefitOfTheDoubt([
      [10, 1, 5, 4],
      [1, 10, 5, 4],
    ]);
    expect(scores[0]).toBeCloseTo(1, 10);
    expect(scores[1]).toBeCloseTo(1, 10);
    // On the line between the two best, (5, 5) reaches 10 of the 11 of their mean.
    expect(scores[2]).toBeCloseTo(10 / 11, 10);
    expect(scores[3]).toBeCloseTo(8 / 11, 10);
  });

  it('keeps the shares of the score within bounds, which costs score', () => {
    const columns = [
      [10, 1, 5],
      [1, 10, 5],
    ];
    const { scores, weights } = benefitOfTheDoubt(columns, { shares: { lower: 0.3, upper: 0.7 } });
    scores.forEach((score, i) => {
      columns.forEach((column, k) => {
        const share = (weights[i]![k]! * column[i]!) / score;
        expect(share).toBeGreaterThanOrEqual(0.3 - 1e-9);
        expect(share).toBeLessThanOrEqual(0.7 + 1e-9);
      });
    });
    expect(scores[0]).toBeLessThan(1);
    expect(codeOf(() => benefitOfTheDoubt(columns, { shares: { lower: 0.6, upper: 0.9 } }))).toBe('BAD_OPTION');
    expect(codeOf(() => benefitOfTheDoubt([[1, null]]))).toBe('TOO_FEW_POINTS');
    expect(
      codeOf(() =>
        benefitOfTheDoubt([
          [1, 0],
          [1, 0],
        ]),
      ),
    ).toBe('NON_POSITIVE_VALUE');
  });
});

describe('sensitivity', () => {
  it('finds the known indices of the Ishigami function', () => {
    const model = (u: readonly number[]): number => {
      const [x1, x2, x3] = u.map((draw) => Math.PI * (2 * draw - 1)) as [number, number, number];
      return Math.sin(x1) + 7 * Math.sin(x2) ** 2 + 0.1 * x3 ** 4 * Math.sin(x1);
    };
    const found = sobolIndices({ dimension: 3, samples: 20000, seed: 1, model, bootstrap: 50 });
    const known = [
      [0.3139, 0.5576],
      [0.4424, 0.4424],
      [0, 0.2437],
    ];
    found.indices.forEach(({ first, total, firstBounds }, i) => {
      expect(Math.abs(first - known[i]![0]!)).toBeLessThan(0.02);
      expect(Math.abs(total - known[i]![1]!)).toBeLessThan(0.02);
      expect(firstBounds![0]).toBeLessThan(firstBounds![1]);
    });
    expect(found.variance).toBeCloseTo(13.845, 0);
  });

  it('leaves out failed runs and refuses an output that never moves', () => {
    const model = (u: readonly number[]) => (u[0]! < 0.1 ? null : u[0]! + choose(u[1]!, [0, 1]));
    const found = sobolIndices({ dimension: 2, samples: 500, seed: 5, model });
    expect(found.failed).toBeGreaterThan(0);
    expect(found.indices[1]!.first).toBeGreaterThan(found.indices[0]!.first);
    expect(codeOf(() => sobolIndices({ dimension: 1, samples: 10, seed: 1, model: () => 3 }))).toBe('CONSTANT_COLUMN');
    expect(codeOf(() => seededRandom(0.5))).toBe('BAD_OPTION');
  });

  it('removing an element that decides nothing moves nobody', () => {
    const rows = ['x', 'y', 'z'].map((iCode) => ({
      Level: 1,
      iCode,
      Parent: 'top',
      Direction: 1,
      Weight: 1,
      Type: 'Indicator',
    }));
    const model = readModel([...rows, { Level: 2, iCode: 'top', Direction: 1, Weight: 1, Type: 'Aggregate' }]);
    const columns = new Map([
      ['x', [1, 2, 3]],
      ['y', [1, 2, 3]],
      ['z', [9, 0, 0]],
    ]);
    const plan = planAggregation({ units: ['p', 'q', 'r'], columns }, model);
    expect(removeEach(plan, model, givenWeights(model), 1)).toEqual([
      { code: 'x', shift: 0 },
      { code: 'y', shift: 0 },
      { code: 'z', shift: 4 / 3 },
    ]);
  });
});

describe('series', () => {
  const times = [2018, 2019, 2020, 2021, 2022];
  const gaps = [null, 10, null, 40, null];

  it.each([
    ['latest', [null, 10, 10, 40, 40], [null, 2019, 2019, 2021, 2021]],
    ['constant', [10, 10, 10, 40, 40], [2019, 2019, 2019, 2021, 2021]],
    ['linear', [10, 10, 25, 40, 40], [2019, 2019, null, 2021, 2021]],
  ] as const)('%s', (method, values, from) => {
    expect(imputeSeries(times, gaps, { method })).toEqual({ values, from });
  });

  it('takes no value older than allowed, and one value for a line only when asked', () => {
    const far = [5, null, null, null, 6];
    expect(imputeSeries(times, far, { method: 'latest', maxTime: 2 }).values).toEqual([5, 5, 5, null, 6]);
    const one = [null, 7, null, null, null];
    expect(codeOf(() => imputeSeries(times, one, { method: 'linear' }))).toBe('TOO_FEW_POINTS');
    expect(imputeSeries(times, one, { method: 'linear_constant' }).values).toEqual([7, 7, 7, 7, 7]);
    expect(codeOf(() => imputeSeries([1, 1], [1, 2], { method: 'latest' }))).toBe('BAD_OPTION');
    expect([
      ...splitByTime([
        { uCode: 'a', Time: 2 },
        { uCode: 'a', Time: 1 },
      ]).keys(),
    ]).toEqual([1, 2]);
  });

  it('growth and trend', () => {
    expect(compoundGrowth([0, 1, 2], [100, null, 121])).toBeCloseTo(0.1, 12);
    expect(compoundGrowth([0, 5], [0, 0])).toBe(0);
    expect(compoundGrowth([0, 2], [9, 0])).toBe(-1);
    expect(percentChange([0, 1, 2, 3], [10, 12, 14, 16])).toBeCloseTo(20, 12);
    // Least squares through (0, 1), (1, 3), (2, 2): slope 1/2, start 3/2.
    expect(percentChange([0, 1, 2], [1, 3, 2])).toBeCloseTo(100 / 3, 10);
    expect(codeOf(() => percentChange([0, 1], [0, 5]))).toBe('GROWTH_UNDEFINED');
    expect(latestPoints(times, gaps, 2)).toEqual({ times: [2020, 2021], values: [null, 40] });
  });
});

describe('charts', () => {
  it('individuals: limits from the mean moving range, one wild value found', () => {
    const { individuals, ranges } = individualsChart([10, 12, 10, 12, 10, 12, 30]);
    expect(ranges.centre).toBeCloseTo(28 / 6, 12);
    expect(individuals.points[0]!.upper - individuals.centre).toBeCloseTo((3 * 28) / 6 / 1.128379167, 8);
    expect(ranges.points[0]!.upper / ranges.centre).toBeCloseTo(3.2665, 3);
    expect(ranges.points.map(({ signal }) => signal)).toEqual([false, false, false, false, false, true]);
  });

  it('counts: limits stay at 0 or above and widen with less exposure', () => {
    const c = cChart([4, 5, 3, 4, 20]);
    expect(c.centre).toBeCloseTo(7.2, 12);
    expect(c.points[0]).toMatchObject({ lower: 0, signal: false });
    expect(c.points[4]!.upper).toBeCloseTo(7.2 + 3 * Math.sqrt(7.2), 12);
    expect(c.points[4]!.signal).toBe(true);
    const u = uChart([4, 10], [10, 40]);
    expect(u.centre).toBeCloseTo(0.28, 12);
    expect(u.points[0]!.upper).toBeGreaterThan(u.points[1]!.upper);
    expect(codeOf(() => uChart([1], [0]))).toBe('BAD_OPTION');
  });
});

describe('small numbers', () => {
  it('equal rates shrink to the common one', () => {
    expect(marshallGlobal([1, 2, 3], [100, 200, 300]).estimates).toEqual([0.01, 0.01, 0.01]);
    expect(marshallGlobal([0, 0], [10, 20]).estimates).toEqual([0, 0]);
    expect(codeOf(() => marshallGlobal([1], [0]))).toBe('BAD_OPTION');
  });

  it('binomial: a hand-worked pair', () => {
    // g = 50/200, s2 = 1/16, mean 100: f = (6.25 - 0.1875)/99; weight f/(f + (0.1875 - f)/100).
    const { estimates, variance } = binomialBayes([0, 50], [100, 100]);
    const f = 6.0625 / 99;
    expect(variance).toBeCloseTo(f, 14);
    const kept = f / (f + (0.1875 - f) / 100);
    expect(estimates).toEqual([expect.closeTo(0.25 * (1 - kept), 12), expect.closeTo(0.25 + 0.25 * kept, 12)]);
    expect(codeOf(() => binomialBayes([5], [4]))).toBe('BAD_OPTION');
  });

  it('funnel: interpolated Poisson quantiles', () => {
    // P(X <= 4 | 10) = .0293, P(X <= 3) = .0103: 2.5 % lies between; P(X <= 16) = .9730, P(X <= 17) = .9857.
    const { lower, upper } = poissonFunnel(10);
    expect(lower).toBeCloseTo((4 - (0.029252688 - 0.025) / (0.029252688 - 0.010336051)) / 10, 6);
    expect(upper).toBeCloseTo((17 - (0.985722386 - 0.975) / (0.985722386 - 0.97295839)) / 10, 6);
    expect(poissonFunnel(1).lower).toBe(0);
    const wide = poissonFunnel(10, { level: 0.998 });
    expect(wide.lower).toBeLessThan(lower);
    expect(wide.upper).toBeGreaterThan(upper);
  });

  it('overdispersion widens the funnel only where there is some', () => {
    const expected = Array.from({ length: 20 }, () => 100);
    const calm = overdispersion(expected, expected);
    expect([calm.phi, calm.tau2]).toEqual([0, 0]);
    const wild = overdispersion(
      expected.map((e, i) => (i % 2 === 0 ? e / 2 : e * 2)),
      expected,
    );
    expect(wild.phi).toBeGreaterThan(1);
    // 20 units of precision 400: tau2 = (20 phi - 19)/(8000 - 400).
    expect(wild.tau2).toBeCloseTo((20 * wild.phi - 19) / 7600, 12);
    const plain = overdispersedFunnel(100, { tau2: 0 });
    const wider = overdispersedFunnel(100, { tau2: wild.tau2 });
    expect(wider.lower).toBeLessThan(plain.lower);
    expect(wider.upper).toBeGreaterThan(plain.upper);
    expect(plain.upper).toBeCloseTo((1 + 1.959964 / 20) ** 2, 6);
  });
});

describe('odds and ends', () => {
  it('Copeland calls a draw where sums of weights differ by noise only', () => {
    const columns = [
      [1, 2],
      [1, 2],
      [1, 2],
      [2, 1],
    ];
    expect(copeland(columns, [0.1, 0.1, 0.5, 0.7])).toEqual([0, 0]);
    expect(copeland(columns, [0.1, 0.1, 0.5, 0.6])).toEqual([-1, 1]);
  });

  it('p values of Spearman and Kendall', () => {
    const x = [1, 2, 3, 4, 5, 6, 7, 8];
    const y = [2, 1, 4, 3, 6, 5, 8, 7];
    expect(correlation(x, y, { kind: 'kendall' })).toBeCloseTo(20 / 28, 12);
    // z = 20/sqrt(8 * 7 * 21/18) = 2.4744.
    expect(correlationPValue(x, y, { kind: 'kendall' })).toBeCloseTo(0.01334, 4);
    // r = 19/21, t = 5.2223 with 6 degrees of freedom.
    expect(correlationPValue(x, y, { kind: 'spearman' })).toBeCloseTo(0.00198, 4);
    expect(correlationPValue([1, 2], [2, 1])).toBeNull();
    expect(correlation([1, 1, 1], [1, 2, 3])).toBeNull();
  });

  it('fractions of the best keep the direction', () => {
    expect(fractionOfMax([5, 10, 20])).toEqual([0.25, 0.5, 1]);
    expect(fractionOfMax([5, 10, 20], { direction: -1 })).toEqual([1, 0.5, 0.25]);
    expect(codeOf(() => fractionOfMax([0, 4], { direction: -1 }))).toBe('NON_POSITIVE_VALUE');
  });

  it('log transforms', () => {
    const low = [1, 90, 95, 97, 99, 100];
    expect(logCtPlus(low)[0]).toBeCloseTo(-Math.log(99.99), 12);
    expect(logShifted([3, 5])).toEqual([0, Math.log(3)]);
    expect(quantile7([4, 1, null, 3, 2], 0.25)).toBe(1.75);
  });

  it('excluding the last indicator of a pillar removes the pillar', () => {
    const element = (iCode: string, Level: number, Parent: string | null) => ({
      iCode,
      Level,
      Parent,
      Direction: 1,
      Weight: 1,
      Type: Level === 1 ? 'Indicator' : 'Aggregate',
    });
    const model = readModel([
      element('a', 1, 'P'),
      element('b', 1, 'Q'),
      element('c', 1, 'Q'),
      element('P', 2, 'I'),
      element('Q', 2, 'I'),
      element('I', 3, null),
    ]);
    expect([...excludeElements(model, ['a']).elements.keys()]).toEqual(['b', 'c', 'Q', 'I']);
    expect(ancestors(model, 'a')).toEqual(['P', 'I']);
    expect(codeOf(() => excludeElements(model, ['z']))).toBe('UNKNOWN_CODE');
    const columns = new Map([
      ['a', [1, 2, 3]],
      ['b', [3, 1, 2]],
      ['c', [5, 5, 9]],
    ]);
    const standing = strengthsAndWeaknesses({ units: ['u', 'v', 'w'], columns }, model, 'u', { count: 2 });
    expect(standing.strengths.map(({ code }) => code)).toEqual(['b']);
    expect(standing.weaknesses.map(({ code }) => code)).toEqual(['a', 'c']);
  });
});
