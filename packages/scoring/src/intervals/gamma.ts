import type { Generator } from './generator.js';

/** Draws gamma and beta numbers, and tells how far from its middle the last one came to lie. */
export class Sampler {
  readonly #generator: Generator;
  /** In standard deviations; NaN where the way a number was drawn does not say. */
  deviate = 0;

  constructor(generator: Generator) {
    this.#generator = generator;
  }

  /**
   * A gamma number of rate 1 (Marsaglia and Tsang 2000; below shape 1 by their power of a uniform). Their cube of a normal
   * number is Wilson and Hilferty's: the normal number says how far from the middle the result lies.
   */
  gamma(shape: number): number {
    const generator = this.#generator;
    if (shape < 1) {
      const larger = this.gamma(shape + 1);
      this.deviate = Number.NaN;
      return larger * generator.uniform() ** (1 / shape);
    }
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = generator.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const cube = root * root * root;
      const u = generator.uniform();
      const square = x * x;
      if (u < 1 - 0.0331 * square * square || Math.log(u) < 0.5 * square + d * (1 - cube + Math.log(cube))) {
        this.deviate = x;
        return d * cube;
      }
    }
  }

  /**
   * A beta number from two gamma numbers; both can vanish only where a and b are tiny, then one end is picked. Its logit
   * is the difference of their logarithms, whose deviations are those of the gammas ÷ √a and ÷ √b: together, scaled to
   * one, the deviate.
   */
  beta(a: number, b: number): number {
    const x = this.gamma(a);
    const ofA = this.deviate;
    const y = this.gamma(b);
    this.deviate = (ofA * Math.sqrt(b) - this.deviate * Math.sqrt(a)) / Math.sqrt(a + b);
    const sum = x + y;
    if (sum > 0) return x / sum;
    return this.#generator.uniform() * (a + b) < a ? 1 : 0;
  }
}
