import type { Prepared } from '../month/prepare.js';
import { isShortfall, type Trend } from '../month/trend.js';
import { boundedEvents, type Observation, type Parameters, updated } from '../small-numbers/observation.js';
import { type DrawnSlot, type DrawScope, drawnPriors } from './draw-slot.js';

/** How far a drawn rate lies from the middle of its gamma posterior, in standard deviations (Wilson and Hilferty 1931). */
function gammaScore(rate: number, { a, b }: Parameters): number {
  return (Math.cbrt((rate * b) / a) - 1 + 1 / (9 * a)) * 3 * Math.sqrt(a);
}

/** The gamma number (rate 1) that lies so far from its middle. */
function gammaAt(score: number, a: number): number {
  const root = Math.max(0, 1 - 1 / (9 * a) + score / (3 * Math.sqrt(a)));
  return a * root * root * root;
}

/** The same for a share, by the arcsine, which levels the variance. */
function betaScore(share: number, { a, b }: Parameters): number {
  return 2 * Math.sqrt(a + b) * (Math.asin(Math.sqrt(share)) - Math.asin(Math.sqrt(a / (a + b))));
}

/** How far a level lies from the middle of its posterior where its draw did not say. */
function scoreOf(value: number, observation: Observation, prior: Parameters): number {
  const posterior = updated(prior, observation);
  const plain = value / observation.scale;
  return observation.family === 'gamma' ? gammaScore(plain, posterior) : betaScore(Math.min(1, plain), posterior);
}

/**
 * Value ÷ own mean as it may truly be, written to `ratios`: units × draws, like the slots, of units with a trend. Level and trend rest on the same cases, so where a
 * draw takes the one as high as chance allows, it takes the other as high in its own posterior; the own baseline is drawn
 * for itself.
 */
export function drawTrend(
  { indicator, level, trend }: Prepared & { trend: Trend },
  drawn: { level: DrawnSlot; own: DrawnSlot },
  scope: DrawScope,
  ratios: Float64Array,
): void {
  const { units, draws } = scope;
  const shortfall = isShortfall(indicator);
  const trendPrior = drawnPriors(`${indicator.code}|trend`, scope);
  const { values, deviates, priorOf } = drawn.level;
  const own = drawn.own.values;
  units.forEach(({ code }, u) => {
    const change = trend.readings.get(code);
    const reading = level.readings.get(code);
    if (change === undefined || !reading?.observation) return;
    const { observation } = reading;
    const before = priorOf(reading.group, observation.family);
    const prior = trendPrior(change.group, 'gamma');
    const events = boundedEvents(change.observation);
    const perOwn = observation.exposure / observation.scale;
    for (let d = 0, at = u * draws; d < draws; d++, at++) {
      let score = deviates[at]!;
      if (Number.isNaN(score)) score = scoreOf(values[at]!, observation, { a: before.a[d]!, b: before.b[d]! });
      const expected = (shortfall ? Math.max(0, observation.scale - own[at]!) : own[at]!) * perOwn;
      const count = gammaAt(shortfall ? -score : score, prior.a[d]! + events);
      ratios[at] = count / Math.max(prior.b[d]! + expected, Number.MIN_VALUE);
    }
  });
}
