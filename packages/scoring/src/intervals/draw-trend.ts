import type { Prepared } from '../month/prepare.js';
import { isShortfall, type Trend } from '../month/trend.js';
import type { DrawnPrior } from '../small-numbers/draw-prior.js';
import { boundedEvents, type Observation, type Parameters, updated } from '../small-numbers/observation.js';
import { type DrawnSlot, type DrawScope, drawnPriors } from './draw-slot.js';
import { gammaAt } from './gamma.js';

/** How far a drawn rate lies from the middle of its gamma posterior, in standard deviations (Wilson and Hilferty 1931). */
function gammaScore(rate: number, { a, b }: Parameters): number {
  return (Math.cbrt((rate * b) / a) - 1 + 1 / (9 * a)) * 3 * Math.sqrt(a);
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

/** Draws of one unit. */
interface UnitDraws {
  values: Float64Array;
  deviates: Float64Array;
  own: Float64Array;
}

function fillScores({ values, deviates }: UnitDraws, observation: Observation, { a, b }: DrawnPrior): void {
  for (let d = 0; d < deviates.length; d++) {
    if (Number.isNaN(deviates[d]!)) deviates[d] = scoreOf(values[d]!, observation, { a: a[d]!, b: b[d]! });
  }
}

function drawRatios(
  { deviates, own }: UnitDraws,
  prior: DrawnPrior,
  { observation, events, shortfall }: { observation: Observation; events: number; shortfall: boolean },
  into: Float64Array,
): void {
  const { scale, exposure } = observation;
  const shapes = prior.a;
  const rates = prior.b;
  const sign = shortfall ? -1 : 1;
  const from = shortfall ? scale : 0;
  const perOwn = exposure / scale;
  for (let d = 0; d < into.length; d++) {
    // Rounding can take a share past 100 %.
    const expected = Math.max(0, from + sign * own[d]!) * perOwn;
    const count = gammaAt(sign * deviates[d]!, shapes[d]! + events);
    into[d] = count / Math.max(rates[d]! + expected, Number.MIN_VALUE);
  }
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
  units.forEach(({ code }, u) => {
    const change = trend.readings.get(code);
    const reading = level.readings.get(code);
    if (change === undefined || !reading?.observation) return;
    const { observation } = reading;
    const before = priorOf(reading.group, observation.family);
    const prior = trendPrior(change.group, 'gamma');
    const stretch = (of: Float64Array) => of.subarray(u * draws, (u + 1) * draws);
    const unit = { values: stretch(values), deviates: stretch(deviates), own: stretch(drawn.own.values) };
    fillScores(unit, observation, before);
    drawRatios(unit, prior, { observation, events: boundedEvents(change.observation), shortfall }, stretch(ratios));
  });
}
