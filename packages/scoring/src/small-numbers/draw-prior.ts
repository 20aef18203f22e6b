import { type HyperPosterior, LOG_STEP, MEAN, parametersAt, variations } from './hyper.js';

/** Prior parameters of every draw. */
export interface DrawnPrior {
  a: Float64Array;
  b: Float64Array;
}

/** As many as a byte tells apart. */
const SAMPLE_SIZE = 256;

/** Multiples of it, without their whole part, are spread evenly over (0, 1) however many there are (Weyl 1916). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The level density inside the cells adds step² ÷ 12 to a variance of one (in units of `reach`); this takes it back. */
const SQUEEZE = 1 / Math.sqrt(1 + MEAN.step ** 2 / 12);

/** 256 priors, each standing for an equal part of the hyperposterior. */
export function samplePriors({ cumulative, centre, steps, family }: HyperPosterior): DrawnPrior {
  const sample = { a: new Float64Array(SAMPLE_SIZE), b: new Float64Array(SAMPLE_SIZE) };
  const last = cumulative.length - 1;
  for (let k = 0, point = 0; k < SAMPLE_SIZE; k++) {
    const target = (k + 0.5) / SAMPLE_SIZE;
    while (point < last && cumulative[point]! < target) point++;
    const before = point === 0 ? 0 : cumulative[point - 1]!;
    const across = (target - before) / (cumulative[point]! - before);
    const i = Math.floor(point / MEAN.nodes);
    const fromMiddle = point - i * MEAN.nodes - MEAN.nodes / 2 + across;
    const variation = variations[i]! * Math.exp((((k * GOLDEN) % 1) - 0.5) * LOG_STEP);
    const { a, b } = parametersAt(family, centre + SQUEEZE * fromMiddle * steps[i]!, variation);
    sample.a[k] = a;
    sample.b[k] = b;
  }
  return sample;
}

/** For each byte one of the 256 priors. */
export function drawPriors(hyper: HyperPosterior, bytes: Uint8Array): DrawnPrior {
  const sample = samplePriors(hyper);
  const drawn = { a: new Float64Array(bytes.length), b: new Float64Array(bytes.length) };
  for (let d = 0; d < bytes.length; d++) {
    drawn.a[d] = sample.a[bytes[d]!]!;
    drawn.b[d] = sample.b[bytes[d]!]!;
  }
  return drawn;
}
