import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawPriors, samplePriors } from './draw-prior.js';
import { hyperPosterior, priorAt, variations } from './hyper.js';
import { logGamma } from './log-gamma.js';
import type { Observation } from './observation.js';
import { fitPrior, shrink } from './prior.js';

/** Columns of a reference table of `packages/composite`, which says where it comes from. */
function reference(name: string): (column: string) => number[] {
  const text = readFileSync(new URL(`../../../composite/testdata/${name}`, import.meta.url), 'utf8');
  const [header = [], ...lines] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return (column) => lines.map((cells) => Number(cells[header.indexOf(column)]));
}

const rate = (events: number, exposure: number): Observation => ({ family: 'gamma', events, exposure, scale: 1 });
const share = (events: number, exposure: number): Observation => ({ family: 'beta', events, exposure, scale: 100 });

function fitted(observations: Observation[]) {
  const prior = fitPrior(observations);
  if (prior === null) throw new Error('no prior');
  return { prior, values: observations.map((one) => shrink(one, prior)) };
}

describe('logGamma', () => {
  it.each([
    [0.5, Math.log(Math.PI) / 2],
    [1, 0],
    [2, 0],
    [5, Math.log(24)],
    [11, Math.log(3_628_800)],
    [1e-3, 6.907178885383853],
    [1e4, 82_099.71749644238],
  ])('of %f', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-11 * Math.max(1, Math.abs(expected)));
  });
});

describe('fitPrior', () => {
  it('has the moments spdep finds for Auckland and North Carolina', () => {
    const auckland = reference('X_eb_auckland.csv');
    const deaths = auckland('deaths_1977_85');
    const people = auckland('population_at_risk');
    const { prior, values } = fitted(deaths.map((count, i) => rate(count, people[i]!)));
    expect(prior.momentVariance).toBeCloseTo(7.284172900975147e-7, 16);
    expect(prior.mean).toBeCloseTo(0.0026334361931361727, 14);
    // 167 areas leave little doubt about the variance: averaging over it comes close to Marshall's estimates.
    auckland('eb_global').forEach((expected, i) => {
      expect(Math.abs(values[i]! - expected)).toBeLessThan(0.15 * expected);
    });
    const carolina = reference('X_eb_nc_sids.csv');
    const births = carolina('BIR74');
    const sids = fitted(carolina('SID74').map((count, i) => rate(count, births[i]!)));
    expect(sids.prior.momentVariance).toBeCloseTo(7.692930647014651e-7, 16);
    expect(sids.prior.mean).toBeCloseTo(0.0020214448936544207, 14);
  });

  it('computes binomial moments as by hand', () => {
    // Shares 0 and 0.5 of 100: mean 0.25, s2 = 0.0625, f = (100 × 0.0625 − 0.1875) ÷ 99.
    const { prior } = fitted([share(0, 100), share(50, 100)]);
    expect(prior.mean).toBe(0.25);
    expect(prior.momentVariance).toBeCloseTo(6.0625 / 99, 14);
  });

  it('does not take counts that happen to be equal for equal units', () => {
    const { prior, values } = fitted([1, 2, 1, 2, 1, 2].map((count) => rate(count, 1)));
    expect(prior.momentVariance).toBe(0);
    expect(prior.variance).toBeGreaterThan(0);
    expect(values[0]).toBeLessThan(values[1]!);
    expect(values[0]).toBeGreaterThan(1);
  });

  it.each([
    ['no events anywhere', [rate(0, 1), rate(0, 2)], [0, 0]],
    ['every case a success', [share(3, 3), share(40, 40)], [100, 100]],
    ['more successes than cases', [share(5, 4), share(4, 4)], [100, 100]],
    ['one case each', [share(0, 1), share(0, 1)], [0, 0]],
  ])('keeps %s', (_what, observations, expected) => {
    expect(fitted(observations).values).toEqual(expected);
  });

  it('needs two units', () => {
    expect(fitPrior([])).toBeNull();
    expect(fitPrior([rate(3, 1)])).toBeNull();
  });
});

describe('shrink', () => {
  it.each([
    ['rates', rate],
    ['shares', share],
  ])('stays between own value and mean, moving small units more: %s', (_what, of) => {
    const observations = [of(6, 10), of(60, 100), of(2, 10), of(20, 100), of(300, 1000)];
    const { prior, values } = fitted(observations);
    const mean = prior.mean * observations[0]!.scale;
    observations.forEach(({ events, exposure, scale }, i) => {
      const own = (scale * events) / exposure;
      expect(values[i]).toBeGreaterThanOrEqual(Math.min(own, mean));
      expect(values[i]).toBeLessThanOrEqual(Math.max(own, mean));
    });
    expect(Math.abs(values[0]! - mean)).toBeLessThan(Math.abs(values[1]! - mean));
    expect(Math.abs(values[2]! - mean)).toBeLessThan(Math.abs(values[3]! - mean));
  });

  it('of one variance is Marshall', () => {
    // Mean 2, variation 0.5: a = 4, b = 2; 9 events over 3 give (4 + 9) ÷ (2 + 3).
    const { a, b } = priorAt('gamma', 2, 0.5);
    expect([a, b]).toEqual([4, expect.closeTo(2, 12)]);
    expect(2 + (3 - 2) * (3 / (3 + b))).toBeCloseTo(13 / 5, 12);
    // Share 0.2, variation 0.5: a + b = 1 ÷ (0.25 × 0.16) − 1 = 24.
    const beta = priorAt('beta', 0.2, 0.5);
    expect([beta.a, beta.b]).toEqual([expect.closeTo(4.8, 10), expect.closeTo(19.2, 10)]);
  });
});

describe('hyperPosterior', () => {
  /** Mean of the variation by plain summation over a fine grid, the likelihood written out anew. */
  function expectedVariation(counts: number[], exposure: number): number {
    let weight = 0;
    let sum = 0;
    for (let v = 0.01; v < 1.6; v += 0.02) {
      for (let logMean = -3; logMean < 3; logMean += 0.05) {
        const a = 1 / v ** 2;
        const p = exposure / (exposure + a / Math.exp(logMean));
        const log = counts.reduce((total, y) => {
          let own = a * Math.log(1 - p) + y * Math.log(p);
          for (let k = 0; k < y; k++) own += Math.log((a + k) / (k + 1));
          return total + own;
        }, 0);
        const density = v * Math.exp(-v / 0.25) * Math.exp(logMean / 2 + log);
        weight += density;
        sum += v * density;
      }
    }
    return sum / weight;
  }

  it.each([
    [[3, 1, 4, 1, 5, 9], 2],
    [[0, 0, 1, 0], 1],
  ])('agrees with a fine grid: %j over %d', (counts, exposure) => {
    const { variationWeights } = hyperPosterior(counts.map((count) => rate(count, exposure)));
    const mean = variations.reduce((sum, variation, i) => sum + variation * variationWeights[i]!, 0);
    expect(variationWeights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(Math.abs(mean - expectedVariation(counts, exposure))).toBeLessThan(0.015);
  });

  it('finds wide differences wide and draws its priors around the mean', () => {
    const wide = hyperPosterior([10, 200, 40, 90, 5].map((count) => rate(count, 10)));
    const narrow = hyperPosterior([70, 68, 71, 66, 69].map((count) => rate(count, 10)));
    const likely = ({ variationWeights }: typeof wide) =>
      variations.reduce((sum, variation, i) => sum + variation * variationWeights[i]!, 0);
    expect(likely(wide)).toBeGreaterThan(0.7);
    expect(likely(narrow)).toBeLessThan(0.15);
    const { a, b } = drawPriors(narrow, Uint8Array.of(0, 128, 255));
    for (let d = 0; d < 3; d++) expect(Math.abs(a[d]! / b[d]! - 6.9)).toBeLessThan(1.5);
  });

  it('is stood for by priors of its own mean and variance', () => {
    const hyper = hyperPosterior([10, 200, 40, 90, 5, 30, 60].map((count) => rate(count, 10)));
    const cells = hyper.cumulative.length / variations.length;
    const moments = (points: ReadonlyArray<readonly [weight: number, x: number]>) => {
      const mean = points.reduce((sum, [weight, x]) => sum + weight * x, 0);
      return { mean, deviation: Math.sqrt(points.reduce((sum, [weight, x]) => sum + weight * (x - mean) ** 2, 0)) };
    };
    const ofGrid = moments(
      Array.from(hyper.cumulative, (upTo, point) => {
        const i = Math.floor(point / cells);
        const x = hyper.centre + (point - i * cells - (cells - 1) / 2) * hyper.steps[i]!;
        return [upTo - (hyper.cumulative[point - 1] ?? 0), x] as const;
      }),
    );
    const { a, b } = samplePriors(hyper);
    const ofSample = moments(Array.from(a, (shape, k) => [1 / a.length, Math.log(shape / b[k]!)] as const));
    expect(Math.abs(ofSample.mean - ofGrid.mean) / ofGrid.deviation).toBeLessThan(0.02);
    expect(Math.abs(ofSample.deviation / ofGrid.deviation - 1)).toBeLessThan(0.03);
  });
});
