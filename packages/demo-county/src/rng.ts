/** Two 32-bit words that seed a generator. */
export type Seed = readonly [number, number];

function finish(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Seed of a text, e.g. `42/610222/2026-10/police`; equal texts give equal seeds on every machine. */
export function seedOf(text: string): Seed {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b) + 0x6d2b79f5;
  }
  return [finish(a), finish(b)];
}

/** Seed of the n-th thing under a seed. */
export function childSeed(seed: Seed, n: number): Seed {
  const step = finish(Math.imul(n + 1, 0x9e3779b1));
  return [finish(seed[0] ^ step), finish(seed[1] + step)];
}

/** Values with their running sums, ready to draw from. */
export interface Draw<T> {
  values: readonly T[];
  cumulative: readonly number[];
}

export function drawOf<T>(pairs: ReadonlyArray<readonly [T, number]>): Draw<T> {
  let sum = 0;
  return {
    values: pairs.map(([value]) => value),
    cumulative: pairs.map(([, weight]) => {
      sum += weight;
      return sum;
    }),
  };
}

const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k));

/** xoroshiro64** (Blackman and Vigna, public domain): small enough to seed one per case. */
export class Rng {
  #s0: number;
  #s1: number;

  constructor(seed: Seed) {
    this.#s0 = seed[0] | 0;
    this.#s1 = seed[1] | 0;
    if (this.#s0 === 0 && this.#s1 === 0) this.#s1 = 1;
  }

  /** In [0, 1). */
  next(): number {
    const s0 = this.#s0;
    const result = Math.imul(rotl(Math.imul(s0, 0x9e3779bb), 5), 5) >>> 0;
    const s1 = this.#s1 ^ s0;
    this.#s0 = rotl(s0, 26) ^ s1 ^ (s1 << 9);
    this.#s1 = rotl(s1, 13);
    return result / 4_294_967_296;
  }

  /** Whole number in [from, to]. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(draw: Draw<T>): T {
    const { values, cumulative } = draw;
    const at = this.next() * cumulative[cumulative.length - 1]!;
    let low = 0;
    let high = values.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at >= cumulative[middle]!) low = middle + 1;
      else high = middle;
    }
    return values[low]!;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** How many of `n` succeed: exact up to 60, by the normal curve above. */
  binomial(n: number, p: number): number {
    if (n > 60) {
      return Math.min(n, Math.max(0, Math.round(n * p + Math.sqrt(n * p * (1 - p)) * this.normal())));
    }
    let count = 0;
    for (let i = 0; i < n; i += 1) if (this.next() < p) count += 1;
    return count;
  }

  /** Exact below 30, by the normal curve above. */
  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count += 1;
    return count;
  }
}

/** Normal quantile (Acklam's approximation, error below 1.2e-9 relative). */
export function probit(p: number): number {
  const tail = (q: number) =>
    (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1);
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 0.97575) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  );
}
