import { binomialBayes, marshallGlobal } from '@pingan/composite/empirical-bayes';
import { type HyperPosterior, hyperPosterior, priorAt, variations } from './hyper.js';
import { boundedEvents, type Observation } from './observation.js';

/** Added to events (for shares: also to non-events) where no prior applies: Jeffreys' rule. */
export const WEAK_PRIOR = 0.5;

/** What the true values of a group of units look like. Rates and shares without `scale`. */
export interface Prior {
  family: Observation['family'];
  /** Σ events ÷ Σ exposure. */
  mean: number;
  /** Between units, by moments (Marshall; beta-binomial): 0 where the counts differ no more than chance makes them. */
  momentVariance: number;
  /** Between units, averaged over what the data leave possible; never 0 unless the mean is at the end of its range. */
  variance: number;
  units: number;
  hyper: HyperPosterior;
  /** Exposure the prior counts for (gamma: b; beta: a + b) at each of `variations`; empty with the mean at an end. */
  strengths: Float64Array;
}

/** The beta-binomial's moments need more than one case per unit on average. */
const MIN_MEAN_CASES = 1;

function moments(observations: readonly Observation[]): { mean: number; variance: number } {
  const events = observations.map(boundedEvents);
  const exposures = observations.map(({ exposure }) => exposure);
  if (observations[0]?.family === 'gamma') return marshallGlobal(events, exposures);
  const total = exposures.reduce((sum, exposure) => sum + exposure, 0);
  if (total / exposures.length > MIN_MEAN_CASES) return binomialBayes(events, exposures);
  return { mean: events.reduce((sum, count) => sum + count, 0) / total, variance: 0 };
}

const atEnd = (family: Observation['family'], mean: number): boolean => mean === 0 || (family === 'beta' && mean === 1);

/**
 * Prior of a group of units. Null with fewer than two: there is nothing to compare with. Observations must be of one
 * family, in a fixed order, each with exposure above 0 and no negative events.
 */
export function fitPrior(observations: readonly Observation[]): Prior | null {
  const family = observations[0]?.family;
  if (family === undefined || observations.length < 2) return null;
  const { mean, variance: momentVariance } = moments(observations);
  const hyper = hyperPosterior(observations);
  const priors = atEnd(family, mean) ? [] : variations.map((variation) => priorAt(family, mean, variation));
  const variance = priors.reduce((sum, { a, b }, i) => {
    const own = family === 'gamma' ? a / (b * b) : (mean * (1 - mean)) / (a + b + 1);
    return sum + hyper.variationWeights[i]! * own;
  }, 0);
  const strengths = Float64Array.from(priors, ({ a, b }) => (family === 'gamma' ? b : a + b));
  return { family, mean, momentVariance, variance, units: observations.length, hyper, strengths };
}

/**
 * Empirical Bayes value of a unit, in the indicator's unit: mean + (own − mean) × w, between the unit's own value and the
 * group's. For a known prior w is Marshall's a ÷ (a + m/x) (for shares n ÷ (n + a + b)); here it is averaged over the
 * variances the data leave possible. A variance estimated as zero would give every unit the same value, and one
 * estimated from few units is mostly chance.
 */
export function shrink(observation: Observation, { family, mean, hyper, strengths }: Prior): number {
  const { exposure, scale } = observation;
  if (atEnd(family, mean)) return scale * mean;
  let weight = 0;
  for (let i = 0; i < strengths.length; i++) {
    weight += (hyper.variationWeights[i]! * exposure) / (exposure + strengths[i]!);
  }
  return scale * (mean + (boundedEvents(observation) / exposure - mean) * weight);
}
