import { describe, expect, it } from 'vitest';
import { childSeed, drawOf, probit, Rng, seedOf } from './rng.js';

describe('Rng', () => {
  const rng = new Rng(seedOf('test'));
  const mean = (draw: () => number, n = 40_000) => Array.from({ length: n }, draw).reduce((a, b) => a + b, 0) / n;

  it('is uniform, normal and Poisson as it says', () => {
    expect(mean(() => rng.next())).toBeCloseTo(0.5, 2);
    expect(mean(() => rng.normal())).toBeCloseTo(0, 1);
    expect(mean(() => rng.normal() ** 2)).toBeCloseTo(1, 1);
    for (const expected of [0.2, 5, 29, 31, 400]) {
      expect(Math.abs(mean(() => rng.poisson(expected)) / expected - 1)).toBeLessThan(0.03);
    }
    const draw = drawOf([
      ['a', 1],
      ['b', 3],
    ]);
    expect(mean(() => (rng.pick(draw) === 'b' ? 1 : 0))).toBeCloseTo(0.75, 1);
  });

  it('gives neighbouring seeds unrelated first numbers', () => {
    const seed = seedOf('cell');
    const firsts = Array.from({ length: 10_000 }, (_, n) => new Rng(childSeed(seed, n)).next());
    expect(new Set(firsts).size).toBeGreaterThan(9_990);
    const product = firsts.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * (firsts[i]! - 0.5), 0) / firsts.length;
    expect(Math.abs(product)).toBeLessThan(0.003);
  });

  it('knows the normal quantiles', () => {
    expect(probit(0.975)).toBeCloseTo(1.959964, 5);
    expect(probit(0.5)).toBeCloseTo(0, 9);
    expect(probit(0.01)).toBeCloseTo(-2.326348, 5);
  });
});
