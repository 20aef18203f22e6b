import type { PriorGroup } from '../month/prior-group.js';
import type { Slot } from '../month/slot.js';
import type { MonthUnit } from '../month/types.js';
import { type DrawnPrior, drawPriors } from '../small-numbers/draw-prior.js';
import { type Observation, type Parameters, updated } from '../small-numbers/observation.js';
import { WEAK_PRIOR } from '../small-numbers/prior.js';
import { betaAt, CUBE_FROM, gammaAt, Sampler } from './gamma.js';
import { Generator } from './generator.js';

export interface DrawScope {
  units: readonly MonthUnit[];
  draws: number;
  seed: number;
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
    const bytes = new Uint8Array(draws);
    new Generator(seed, `${name}|${group.key}`).fillBytes(bytes);
    const prior = drawPriors(group.prior.hyper, bytes);
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

/** What the draws of one unit come from: prior parameters by draw, and the data to be added to them. */
interface Posterior {
  prior: DrawnPrior;
  data: Parameters;
  scale: number;
}

/** Arrays stand in variables of their own: a property would be read again at every draw. */
function drawRates({ prior, data, scale }: Posterior, generator: Generator, { values, deviates }: SlotDraws): void {
  const sampler = new Sampler(generator);
  const shapes = prior.a;
  const rates = prior.b;
  const events = data.a;
  const exposure = data.b;
  generator.fillNormals(deviates);
  for (let d = 0; d < values.length; d++) {
    const shape = shapes[d]! + events;
    const perRate = scale / (rates[d]! + exposure);
    if (shape >= CUBE_FROM) {
      values[d] = gammaAt(deviates[d]!, shape) * perRate;
    } else {
      values[d] = sampler.gamma(shape, deviates[d]!) * perRate;
      deviates[d] = sampler.deviate;
    }
  }
}

function drawShares({ prior, data, scale }: Posterior, generator: Generator, { values, deviates }: SlotDraws): void {
  const sampler = new Sampler(generator);
  const as = prior.a;
  const bs = prior.b;
  const successes = data.a;
  const failures = data.b;
  generator.fillNormals(deviates);
  for (let d = 0; d < values.length; d++) {
    const a = as[d]! + successes;
    const b = bs[d]! + failures;
    if (a >= CUBE_FROM && b >= CUBE_FROM) {
      values[d] = scale * betaAt(deviates[d]!, a, b);
    } else {
      values[d] = scale * sampler.beta(a, b, deviates[d]!);
      deviates[d] = sampler.deviate;
    }
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
    const generator = new Generator(seed, `${name}|unit:${code}`);
    const draw = observation.family === 'gamma' ? drawRates : drawShares;
    const posterior = { prior, data: updated({ a: 0, b: 0 }, observation), scale: observation.scale };
    draw(posterior, generator, { values: stretch(into.values), deviates: stretch(into.deviates) });
  });
  return { ...into, priorOf };
}
