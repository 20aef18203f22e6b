import type { Observation } from '../small-numbers/observation.js';
import { shrink } from '../small-numbers/prior.js';
import { dispersionOf } from './dispersion.js';
import { type GroupOf, groupsOf, type PriorGroup } from './prior-group.js';
import type { MonthIndicator, MonthInput, MonthUnit } from './types.js';
import { coveredMonths, type WindowPlan, type WindowValue, windowValue } from './window.js';

/** One unit's window: its plain value, what that value counts as, and the value after shrinkage. */
export interface Reading {
  window: WindowValue;
  /** Null without a value. */
  observation: Observation | null;
  /** Whose prior applies; null without shrinkage and for a unit that cannot be compared. */
  group: PriorGroup | null;
  /** The plain value where no prior applies. */
  shrunken: number | null;
}

/** One indicator over one set of months, for all units. */
export interface Slot {
  plan: WindowPlan;
  readings: ReadonlyMap<string, Reading>;
  /** Variance ÷ mean of the noise: 1 unless events weigh differently. */
  dispersion: number;
  groupOf: GroupOf;
}

const DISPERSION_MONTHS = 12;

/** A count of a unit without a population is known, but says nothing about its rate: it stays out of the prior. */
function isComparable({ kind }: MonthIndicator, { population }: MonthUnit): boolean {
  return kind !== 'count' || (population ?? 0) > 0;
}

interface Noise {
  /** Σ of the weights of the months, and what brings the weighted sum to a Poisson count of equal mean and variance. */
  weight: number;
  factor: number;
  dispersion: number;
}

function noiseOf(indicator: MonthIndicator, units: readonly MonthUnit[], plan: WindowPlan, input: MonthInput): Noise {
  const weight = plan.months.reduce((sum, month) => sum + month.weight, 0);
  const squares = plan.months.reduce((sum, month) => sum + month.weight ** 2, 0);
  const months = coveredMonths(indicator.recordType, { last: plan.to, count: DISPERSION_MONTHS }, input);
  const uneven = indicator.kind === 'intensity' || indicator.kind === 'weighted_rate';
  const dispersion = uneven ? dispersionOf(indicator, units, months, input) : 1;
  return { weight, factor: weight / (squares * dispersion), dispersion };
}

function observe(indicator: MonthIndicator, unit: MonthUnit, window: WindowValue, noise: Noise): Observation | null {
  const { numerator, denominator, value } = window;
  if (value === null || numerator === null || value < 0) return null;
  switch (indicator.kind) {
    case 'rate':
    case 'weighted_rate': {
      const exposure = (denominator ?? 0) / 10_000 / noise.dispersion;
      return { family: 'gamma', events: numerator / noise.dispersion, exposure, scale: 1 };
    }
    case 'ratio':
      return { family: 'beta', events: numerator, exposure: denominator ?? 0, scale: 100 };
    case 'count':
    case 'intensity': {
      const size = indicator.kind === 'count' && isComparable(indicator, unit) ? (unit.population ?? 0) / 10_000 : 1;
      const scale = noise.weight * size;
      return { family: 'gamma', events: value * noise.factor, exposure: scale * noise.factor, scale };
    }
  }
}

/**
 * Reads one indicator over the planned months for all units and, with `empirical_bayes`, shrinks each value towards its
 * peer class; a class of fewer than `min_class` units with a value takes the whole county's prior. `units` in a fixed
 * order.
 */
export function readSlot(
  indicator: MonthIndicator,
  units: readonly MonthUnit[],
  plan: WindowPlan,
  input: MonthInput,
): Slot {
  const noise = noiseOf(indicator, units, plan, input);
  const read = units.map((unit) => {
    const window = windowValue(indicator, unit, plan, input);
    return { unit, window, observation: observe(indicator, unit, window, noise) };
  });
  const comparable = read.flatMap(({ unit, observation }) =>
    observation !== null && isComparable(indicator, unit) ? [{ peerClass: unit.peerClass, observation }] : [],
  );
  const groupOf = groupsOf(comparable, input.shrinkage);
  const readings = read.map(({ unit, window, observation }): [string, Reading] => {
    const group = observation !== null && isComparable(indicator, unit) ? groupOf(unit.peerClass) : null;
    const shrunken = observation !== null && group !== null ? shrink(observation, group.prior) : window.value;
    return [unit.code, { window, observation, group, shrunken }];
  });
  return { plan, readings: new Map(readings), dispersion: noise.dispersion, groupOf };
}
