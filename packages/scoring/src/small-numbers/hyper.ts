import { logGamma } from './log-gamma.js';
import { boundedEvents, type Observation, type Parameters } from './observation.js';

/**
 * How much the units of a class may differ before any data: standard deviation ÷ mean of a rate, or of the odds of the
 * rarer outcome of a share, is gamma of shape 2 and this scale: most likely 0.25 and 0.5 on average; for shares, whose
 * failures depend on how an office works, 0.4 and 0.8. Shape 2 keeps away from the end where all units are equal (Chung
 * and others 2013): few units often show no differences where there are some.
 */
export const VARIATION_SCALE = { gamma: 0.25, beta: 0.4 } as const;

const VARIATION = { from: 0.01, to: 1.6, nodes: 24 } as const;
/** Grid of the mean, in standard deviations by which the data leave it open. */
export const MEAN = { nodes: 9, step: 1 } as const;
/** Between neighbours of `variations`, ln. */
export const LOG_STEP = Math.log(VARIATION.to / VARIATION.from) / (VARIATION.nodes - 1);
/** Grid of the standard deviation between units ÷ mean. */
export const variations: readonly number[] = Array.from(
  { length: VARIATION.nodes },
  (_, i) => VARIATION.from * Math.exp(i * LOG_STEP),
);
const meanSteps = Array.from({ length: MEAN.nodes }, (_, i) => (i - (MEAN.nodes - 1) / 2) * MEAN.step);

/** Smallest a + b of a beta prior on the grid. */
const MIN_STRENGTH = 0.1;

/** Where the mean lies on its own scale (log for rates, logit for shares) and how far the data leave it open. */
interface Centre {
  at: number;
  variance: number;
}

interface Family {
  centre: (observations: readonly Observation[]) => Centre;
  /** ln of the Jeffreys density of the mean on its own scale. */
  logDensity: (mean: number) => number;
  parameters: (mean: number, variation: number) => Parameters;
  /** ln likelihood of any prior, but for a constant. */
  likelihoodOf: (data: Data) => (a: number, b: number) => number;
}

/** Observations in columns: this is read hundreds of times. */
interface Data {
  events: Float64Array;
  exposures: Float64Array;
}

const dataOf = (observations: readonly Observation[]): Data => ({
  events: Float64Array.from(observations, boundedEvents),
  exposures: Float64Array.from(observations, ({ exposure }) => exposure),
});

const total = (observations: readonly Observation[], of: (entry: Observation) => number) =>
  observations.reduce((sum, entry) => sum + of(entry), 0);

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const gamma: Family = {
  centre: (observations) => {
    const events = total(observations, boundedEvents) + 0.5;
    return { at: Math.log(events / total(observations, ({ exposure }) => exposure)), variance: 1 / events };
  },
  logDensity: (mean) => mean / 2,
  parameters: (mean, variation) => {
    const shape = 1 / (variation * variation);
    return { a: shape, b: shape / Math.exp(mean) };
  },
  likelihoodOf: ({ events, exposures }) => {
    let shape = Number.NaN;
    let ofShape = 0;
    return (a, b) => {
      // The shape is that of the variation alone: one value for all means of the grid.
      if (a !== shape) {
        shape = a;
        ofShape = 0;
        const none = logGamma(a);
        for (let u = 0; u < events.length; u++) ofShape += logGamma(a + events[u]!) - none;
      }
      let sum = ofShape;
      const before = Math.log(b);
      for (let u = 0; u < events.length; u++) {
        const after = Math.log(b + exposures[u]!);
        sum += a * (before - after) - events[u]! * after;
      }
      return sum;
    };
  },
};

const beta: Family = {
  centre: (observations) => {
    const events = total(observations, boundedEvents) + 0.5;
    const others = total(observations, ({ exposure }) => exposure) + 1 - events;
    return { at: Math.log(events / others), variance: 1 / events + 1 / others };
  },
  logDensity: (mean) => -Math.abs(mean) / 2 - Math.log1p(Math.exp(-Math.abs(mean))),
  parameters: (mean, variation) => {
    const share = logistic(mean);
    const rest = logistic(-mean);
    const strength = Math.max(MIN_STRENGTH, 1 / (variation * variation * share * rest) - 1);
    return { a: share * strength, b: rest * strength };
  },
  likelihoodOf:
    ({ events, exposures }) =>
    (a, b) => {
      const none = logGamma(a + b) - logGamma(a) - logGamma(b);
      let sum = 0;
      for (let u = 0; u < events.length; u++) {
        const own = events[u]!;
        const exposure = exposures[u]!;
        sum += none + logGamma(a + own) + logGamma(b + exposure - own) - logGamma(a + b + exposure);
      }
      return sum;
    },
};

/** What the data of a group say about its prior: weights on a grid of variation between units × mean. */
export interface HyperPosterior {
  family: Observation['family'];
  /** Cumulative weights, by variation, then mean. */
  cumulative: Float64Array;
  centre: number;
  /** Width of a step of the mean at each variation. */
  steps: Float64Array;
  /** Weight of each of `variations`, summed over the means. */
  variationWeights: Float64Array;
}

/** The prior of a given mean on its own scale (log for rates, logit for shares) and variation. */
export function parametersAt(family: Observation['family'], mean: number, variation: number): Parameters {
  return (family === 'gamma' ? gamma : beta).parameters(mean, variation);
}

/** The prior of a given mean (above 0; for shares below 1) and variation. */
export function priorAt(family: Observation['family'], mean: number, variation: number): Parameters {
  return parametersAt(family, family === 'gamma' ? Math.log(mean) : Math.log(mean / (1 - mean)), variation);
}

/**
 * Posterior of a group's prior, by quadrature over 24 × 9 points. A prior taken as known makes intervals of few units
 * too narrow (Laird and Louis 1987; Morris 1983), so draws take the prior itself from here.
 * Likelihood: negative binomial or beta-binomial. Before the data: variation as at `VARIATION_SCALE`, mean by
 * Jeffreys' rule for a plain count or share. Observations in a fixed order.
 */
export function hyperPosterior(observations: readonly Observation[]): HyperPosterior {
  const name = observations[0]?.family ?? 'gamma';
  const family = name === 'gamma' ? gamma : beta;
  const { at, variance } = family.centre(observations);
  const likelihood = family.likelihoodOf(dataOf(observations));
  const steps = new Float64Array(VARIATION.nodes);
  const logs = new Float64Array(VARIATION.nodes * MEAN.nodes);
  variations.forEach((variation, i) => {
    const reach = Math.sqrt(variance + variation ** 2 / observations.length);
    steps[i] = reach * MEAN.step;
    // Twice the log: once for the density of shape 2, once for the steps of the grid.
    const before = 2 * Math.log(variation) - variation / VARIATION_SCALE[name] + Math.log(reach);
    meanSteps.forEach((step, j) => {
      const mean = at + step * reach;
      const { a, b } = family.parameters(mean, variation);
      logs[i * MEAN.nodes + j] = before + family.logDensity(mean) + likelihood(a, b);
    });
  });
  const highest = logs.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  const cumulative = logs.map((log) => {
    sum += Math.exp(log - highest);
    return sum;
  });
  const shares = cumulative.map((value) => value / sum);
  const upTo = (i: number): number => (i < 0 ? 0 : shares[(i + 1) * MEAN.nodes - 1]!);
  const variationWeights = Float64Array.from(variations, (_, i) => upTo(i) - upTo(i - 1));
  return { family: name, cumulative: shares, centre: at, steps, variationWeights };
}
