import type { PriorGroup } from '../month/prior-group.js';
import type { Slot } from '../month/slot.js';
import type { MonthUnit } from '../month/types.js';
import { priorDrawer } from '../small-numbers/draw-prior.js';
import { type Observation, updated } from '../small-numbers/observation.js';
import { WEAK_PRIOR } from '../small-numbers/prior.js';
import { Sampler } from './gamma.js';
import { Generator } from './generator.js';

export interface DrawScope {
  units: readonly MonthUnit[];
  draws: number;
  seed: number;
}

/** Prior parameters of every draw. */
export interface DrawnPrior {
  a: Float64Array;
  b: Float64Array;
}

export type PriorDraws = (group: PriorGroup | null, family: Observation['family']) => DrawnPrior;

/**
 * Priors of a set of values, `name` keying the random numbers. The draws of a group's prior are common to its units: if
 * the class mean is higher, it is so for all of them. Without a group the weak prior.
 */
export function drawnPriors(name: string, { draws, seed }: DrawScope): PriorDraws {
  const known = new Map<string, DrawnPrior>();
  const half = new Float64Array(draws).fill(WEAK_PRIOR);
  const none = new Float64Array(draws);
  return (group, family) => {
    if (group === null) return { a: half, b: family === 'gamma' ? none : half };
    const found = known.get(group.key);
    if (found !== undefined) return found;
    const generator = new Generator(seed, `${name}|${group.key}`);
    const prior = { a: new Float64Array(draws), b: new Float64Array(draws) };
    const draw = priorDrawer(group.prior.hyper);
    for (let d = 0; d < draws; d++) {
      const { a, b } = draw(generator.uniform(), generator.uniform(), generator.uniform());
      prior.a[d] = a;
      prior.b[d] = b;
    }
    known.set(group.key, prior);
    return prior;
  };
}

/** Units × draws, a unit's draws in one stretch; zero for a unit without a value. */
export interface SlotDraws {
  values: Float64Array;
  /** How far a value lies from the middle of its posterior, in standard deviations; NaN where its draw does not say. */
  deviates: Float64Array;
}

export interface DrawnSlot extends SlotDraws {
  priorOf: PriorDraws;
}

function drawUnit(
  observation: Observation,
  prior: DrawnPrior,
  sampler: Sampler,
  { values, deviates }: SlotDraws,
): void {
  const { family, scale } = observation;
  const data = updated({ a: 0, b: 0 }, observation);
  for (let d = 0; d < values.length; d++) {
    const a = prior.a[d]! + data.a;
    const b = prior.b[d]! + data.b;
    values[d] = scale * (family === 'gamma' ? sampler.gamma(a) / b : sampler.beta(a, b));
    deviates[d] = sampler.deviate;
  }
}

/** True values of a slot as they may be, written over `into`. `name` keys the random numbers, with the unit's code. */
export function drawSlot(slot: Slot, name: string, scope: DrawScope, into: SlotDraws): DrawnSlot {
  const { units, draws, seed } = scope;
  const priorOf = drawnPriors(name, scope);
  units.forEach(({ code }, u) => {
    const stretch = (of: Float64Array) => of.subarray(u * draws, (u + 1) * draws);
    const reading = slot.readings.get(code);
    if (!reading?.observation) {
      stretch(into.values).fill(0);
      return;
    }
    const { observation, group } = reading;
    const prior = priorOf(group, observation.family);
    const sampler = new Sampler(new Generator(seed, `${name}|unit:${code}`));
    drawUnit(observation, prior, sampler, { values: stretch(into.values), deviates: stretch(into.deviates) });
  });
  return { ...into, priorOf };
}
