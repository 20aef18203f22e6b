/**
 * What one unit contributes to a prior and to its own posterior: `events` over `exposure`. The indicator's value is
 * `scale` × events ÷ exposure.
 * - `gamma`: events are a Poisson count (a weighted sum is brought to the count of equal mean and variance); exposure
 *   is 10 000 person-months, or months where residents do not matter.
 * - `beta`: events of `exposure` cases.
 */
export interface Observation {
  family: 'gamma' | 'beta';
  events: number;
  exposure: number;
  scale: number;
}

/** Parameters of a gamma (shape, rate) or a beta distribution (a, b), of rate or share, not of the scaled value. */
export interface Parameters {
  a: number;
  b: number;
}

/** More successes than cases come from faulty data: they count as all of them. */
export function boundedEvents({ family, events, exposure }: Observation): number {
  return family === 'beta' ? Math.min(events, exposure) : events;
}

/** Prior parameters and data added up. */
export function updated({ a, b }: Parameters, observation: Observation): Parameters {
  const events = boundedEvents(observation);
  const { family, exposure } = observation;
  return { a: a + events, b: family === 'gamma' ? b + exposure : b + exposure - events };
}
