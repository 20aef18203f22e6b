import type { Observation } from '../small-numbers/observation.js';
import { shrink } from '../small-numbers/prior.js';
import { dispersionOf } from './dispersion.js';
import { type GroupOf, groupsOf, type PriorGroup } from './prior-group.js';
import type { Series } from './series.js';
import type { MonthIndicator, MonthInput, MonthUnit } from './types.js';
import { coveredMonths, planOf, readWindows, type WindowPlan, type WindowValue } from './window.js';

/** One unit's window: its plain value, what that value counts as, and the value after shrinkage. */
export interface Reading {
  plan: WindowPlan;
  noise: Noise;
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
  /** Of a unit that existed in all of the months. */
  plan: WindowPlan;
  readings: ReadonlyMap<string, Reading>;
  dispersion: number;
  groupOf: GroupOf;
}

const DISPERSION_MONTHS = 12;

/** A count of a unit without a population is known, but says nothing about its rate: it stays out of the prior. */
export function isComparable({ kind }: MonthIndicator, { residents }: Pick<WindowValue, 'residents'>): boolean {
  return kind !== 'count' || (residents ?? 0) > 0;
}

export interface Noise {
  /** Σ of the weights of the months, and what brings the weighted sum to a Poisson count of equal mean and variance. */
  weight: number;
  factor: number;
  /** Variance ÷ mean: 1 unless events weigh differently. */
  dispersion: number;
}

function dispersionBefore(indicator: MonthIndicator, series: Series, plan: WindowPlan, input: MonthInput): number {
  if (indicator.kind !== 'intensity' && indicator.kind !== 'weighted_rate') return 1;
  const months = coveredMonths(indicator.recordType, { last: plan.to, count: DISPERSION_MONTHS }, input);
  return dispersionOf(months.map(series.columnOf), series.units);
}

function noiseOf({ months }: WindowPlan, dispersion: number): Noise {
  const weight = months.reduce((sum, month) => sum + month.weight, 0);
  const squares = months.reduce((sum, month) => sum + month.weight ** 2, 0);
  return { weight, factor: weight / (squares * dispersion), dispersion };
}

/** What a window's value counts as; null without one. */
export function observe(indicator: MonthIndicator, window: WindowValue, noise: Noise): Observation | null {
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
      const size = indicator.kind === 'count' && isComparable(indicator, window) ? (window.residents ?? 0) / 10_000 : 1;
      const scale = noise.weight * size;
      return { family: 'gamma', events: value * noise.factor, exposure: scale * noise.factor, scale };
    }
  }
}

/**
 * Reads one indicator over the planned months for all units and, with `empirical_bayes`, shrinks each value towards its
 * peer class; a class of fewer than `min_class` units with a value takes the whole county's prior. Units of the
 * series in a fixed order. `planFor` gives the plan of a unit, null where it has too few months for one; without it each has
 * what is left of the common plan.
 */
export function readSlot(
  indicator: MonthIndicator,
  series: Series,
  plan: WindowPlan,
  input: MonthInput,
  planFor: (unit: MonthUnit) => WindowPlan | null = (unit) => planOf(plan, unit, indicator.weighting),
): Slot {
  const dispersion = dispersionBefore(indicator, series, plan, input);
  const common = noiseOf(plan, dispersion);
  const plans = series.units.map(planFor);
  const windows = readWindows(indicator, plans, series);
  const read = series.units.map((unit, u) => {
    const window = windows[u]!;
    const own = plans[u] ?? plan;
    const noise = own.months === plan.months ? common : noiseOf(own, dispersion);
    return { unit, plan: own, noise, window, observation: observe(indicator, window, noise) };
  });
  const comparable = read.flatMap(({ unit, window, observation }) =>
    observation !== null && isComparable(indicator, window) ? [{ peerClass: unit.peerClass, observation }] : [],
  );
  const groupOf = groupsOf(comparable, input.shrinkage);
  const readings = read.map(({ unit, window, observation, ...own }): [string, Reading] => {
    const group = observation !== null && isComparable(indicator, window) ? groupOf(unit.peerClass) : null;
    const shrunken = observation !== null && group !== null ? shrink(observation, group.prior) : window.value;
    return [unit.code, { ...own, window, observation, group, shrunken }];
  });
  return { plan, readings: new Map(readings), dispersion, groupOf };
}
