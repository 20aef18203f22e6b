import type { PriorGroup } from '../month/prior-group.js';
import type { Slot } from '../month/slot.js';
import type { MonthUnit } from '../month/types.js';
import { drawPrior } from '../small-numbers/hyper.js';
import { type Observation, updated } from '../small-numbers/observation.js';
import { WEAK_PRIOR } from '../small-numbers/prior.js';
import { drawBeta, drawGamma, type Generator, generatorOf } from './generator.js';

export interface DrawScope {
  units: readonly MonthUnit[];
  draws: number;
  seed: number;
}

/** Prior parameters of every draw; one number stands for all of them. */
export interface DrawnPrior {
  a: Float64Array;
  b: Float64Array;
}

/**
 * Priors of a set of values, `name` keying the random numbers. The draws of a group's prior are common to its units: if
 * the class mean is higher, it is so for all of them. Without a group the weak prior.
 */
export function drawnPriors(name: string, { draws, seed }: DrawScope) {
  const known = new Map<string, DrawnPrior>();
  const half = new Float64Array(draws).fill(WEAK_PRIOR);
  const none = new Float64Array(draws);
  return (group: PriorGroup | null, family: Observation['family']): DrawnPrior => {
    if (group === null) return { a: half, b: family === 'gamma' ? none : half };
    const found = known.get(group.key);
    if (found !== undefined) return found;
    const { uniform } = generatorOf(seed, `${name}|${group.key}`);
    const prior = { a: new Float64Array(draws), b: new Float64Array(draws) };
    for (let d = 0; d < draws; d++) {
      const { a, b } = drawPrior(group.prior.hyper, uniform(), uniform(), uniform());
      prior.a[d] = a;
      prior.b[d] = b;
    }
    known.set(group.key, prior);
    return prior;
  };
}

function drawUnit(observation: Observation, prior: DrawnPrior, generator: Generator, into: Float64Array): void {
  const { family, scale } = observation;
  const data = updated({ a: 0, b: 0 }, observation);
  for (let d = 0; d < into.length; d++) {
    const a = prior.a[d]! + data.a;
    const b = prior.b[d]! + data.b;
    into[d] = scale * (family === 'gamma' ? drawGamma(a, generator) / b : drawBeta(a, b, generator));
  }
}

/**
 * True values of a slot as they may be: units × draws, a unit's draws in one stretch, zero for a unit without a value.
 * `name` keys the random numbers, with the unit's code.
 */
export function drawSlot(slot: Slot, name: string, scope: DrawScope): Float64Array {
  const { units, draws, seed } = scope;
  const priorOf = drawnPriors(name, scope);
  const values = new Float64Array(units.length * draws);
  units.forEach(({ code }, u) => {
    const reading = slot.readings.get(code);
    if (!reading?.observation) return;
    const { observation, group } = reading;
    const prior = priorOf(group, observation.family);
    const into = values.subarray(u * draws, (u + 1) * draws);
    drawUnit(observation, prior, generatorOf(seed, `${name}|unit:${code}`), into);
  });
  return values;
}
