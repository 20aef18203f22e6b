import type { PriorGroup } from '../month/prior-group.js';
import type { Slot } from '../month/slot.js';
import type { MonthUnit } from '../month/types.js';
import { type DrawnPrior, samplePriors } from '../small-numbers/draw-prior.js';
import { type Observation, type Parameters, updated } from '../small-numbers/observation.js';
import { WEAK_PRIOR } from '../small-numbers/prior.js';
import { betaFrom, betaRows, CUBE_FROM, gammaFrom, gammaRows, Sampler } from './gamma.js';
import { Generator } from './generator.js';

export interface DrawScope {
  units: readonly MonthUnit[];
  draws: number;
  seed: number;
}

export type PriorDraws = (group: PriorGroup | null, family: Observation['family']) => DrawnPrior;

/** The same prior for every draw. */
function onePrior(draws: number, { a, b }: Parameters): DrawnPrior {
  return { which: new Uint8Array(draws), a: Float64Array.of(a), b: Float64Array.of(b) };
}

/**
 * Priors of a set of values, `name` keying the random numbers. The draws of a group's prior are common to its units: if
 * the class mean is higher, it is so for all of them. Without a group the weak prior.
 */
export function drawnPriors(name: string, { draws, seed }: DrawScope): PriorDraws {
  const known = new Map<string, DrawnPrior>();
  return (group, family) => {
    if (group === null) return onePrior(draws, { a: WEAK_PRIOR, b: family === 'gamma' ? 0 : WEAK_PRIOR });
    const found = known.get(group.key);
    if (found !== undefined) return found;
    const which = new Uint8Array(draws);
    new Generator(seed, `${name}|${group.key}`).fillBytes(which);
    const prior = { which, ...samplePriors(group.prior.hyper) };
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

/** What the draws of one unit come from: its prior, and the data to be added to it. */
interface Posterior {
  prior: DrawnPrior;
  data: Parameters;
  scale: number;
}

/**
 * Draws are many and priors few: what does not depend on the deviate is worked out once a prior. Arrays stand in variables
 * of their own: a property would be read again at every draw.
 */
function drawRates({ prior, data, scale }: Posterior, generator: Generator, { values, deviates }: SlotDraws): void {
  const sampler = new Sampler(generator);
  const { which } = prior;
  const shapes = prior.a.map((a) => a + data.a);
  const perRate = prior.b.map((b) => scale / (b + data.b));
  const rows = gammaRows(shapes);
  generator.fillNormals(deviates);
  for (let d = 0; d < values.length; d++) {
    const k = which[d]!;
    if (shapes[k]! >= CUBE_FROM) {
      values[d] = gammaFrom(rows, k, deviates[d]!) * perRate[k]!;
    } else {
      values[d] = sampler.gamma(shapes[k]!, deviates[d]!) * perRate[k]!;
      deviates[d] = sampler.deviate;
    }
  }
}

function drawShares({ prior, data, scale }: Posterior, generator: Generator, { values, deviates }: SlotDraws): void {
  const sampler = new Sampler(generator);
  const { which } = prior;
  const as = prior.a.map((a) => a + data.a);
  const bs = prior.b.map((b) => b + data.b);
  const rows = betaRows(as, bs);
  generator.fillNormals(deviates);
  for (let d = 0; d < values.length; d++) {
    const k = which[d]!;
    if (as[k]! >= CUBE_FROM && bs[k]! >= CUBE_FROM) {
      values[d] = scale * betaFrom(rows, k, deviates[d]!);
    } else {
      values[d] = scale * sampler.beta(as[k]!, bs[k]!, deviates[d]!);
      deviates[d] = sampler.deviate;
    }
  }
}

const NO_DATA: Parameters = { a: 0, b: 0 };

/** `scale` × draws of one gamma or beta distribution, written over `into`. */
export function drawOf(
  family: Observation['family'],
  parameters: Parameters,
  { scale, key, scope }: { scale: number; key: string; scope: DrawScope },
  into: SlotDraws,
): void {
  const draw = family === 'gamma' ? drawRates : drawShares;
  draw({ prior: onePrior(scope.draws, parameters), data: NO_DATA, scale }, new Generator(scope.seed, key), into);
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
    const posterior = { prior, data: updated(NO_DATA, observation), scale: observation.scale };
    draw(posterior, generator, { values: stretch(into.values), deviates: stretch(into.deviates) });
  });
  return { ...into, priorOf };
}
