import { baselineFactor, baseMonths, poolOf } from '../month/baseline.js';
import type { Prepared } from '../month/prepare.js';
import type { Slot } from '../month/slot.js';
import type { MonthInput } from '../month/types.js';
import { WEAK_PRIOR } from '../small-numbers/prior.js';
import type { DrawnSlot, DrawScope } from './draw-slot.js';
import { Sampler } from './gamma.js';
import { Generator } from './generator.js';

/** Drawn values of the window and, with a trend, of the units' own baselines. */
export interface DrawnSlots {
  level: DrawnSlot;
  own: DrawnSlot | null;
}

/**
 * The mean behind `class_mean` goalposts as it may truly be, by draw: the pooled true values of the units of its scope.
 * Base months that lie inside the window (or the own baselines) are the very months whose values were drawn, and take
 * those; the rest of the base is drawn from its own pooled cases with the weak prior. Null where no baseline exists.
 */
export function drawBaselines(
  prepared: Prepared,
  drawn: DrawnSlots,
  input: MonthInput,
  scope: DrawScope,
): (peerClass: string) => Float64Array | null {
  const { indicator, series, level, trend, baselineOf } = prepared;
  const known = new Map<string, Float64Array>();
  const slotMonths = (slot: Slot | undefined) => new Set(slot?.plan.months.map(({ month }) => month));
  const inLevel = slotMonths(level);
  const inOwn = slotMonths(trend?.own);
  const all = baseMonths(indicator.recordType, input);
  const perMonth = indicator.kind === 'count' || indicator.kind === 'intensity';
  const parts = {
    level: all.filter((month) => inLevel.has(month)).map(series.columnOf),
    own: all.filter((month) => !inLevel.has(month) && inOwn.has(month)).map(series.columnOf),
    rest: all.filter((month) => !inLevel.has(month) && !inOwn.has(month)).map(series.columnOf),
  };

  function draw(key: string, isMember: (peerClass: string) => boolean): Float64Array {
    const { units, draws, seed } = scope;
    const means = new Float64Array(draws);
    const rest = { numerator: 0, denominator: 0 };
    let total = 0;
    units.forEach((unit, u) => {
      if (!isMember(unit.peerClass)) return;
      // Drawn counts are those of the unit's own months.
      const stretch = perMonth ? level.plan.scale / (level.readings.get(unit.code)?.plan.scale ?? level.plan.scale) : 1;
      for (const part of ['level', 'own'] as const) {
        const { denominator } = poolOf(indicator, unit, u, parts[part]);
        const values = drawn[part]?.values;
        total += denominator;
        if (values === undefined || denominator === 0) continue;
        for (let d = 0; d < draws; d++) means[d]! += denominator * values[u * draws + d]! * stretch;
      }
      const pool = poolOf(indicator, unit, u, parts.rest);
      rest.numerator += pool.numerator;
      rest.denominator += pool.denominator;
    });
    total += rest.denominator;
    const factor = baselineFactor(indicator, level.plan.scale);
    const sampler = new Sampler(new Generator(seed, `${indicator.code}|base|${key}`));
    const { dispersion } = level;
    const events = rest.numerator / dispersion + WEAK_PRIOR;
    const others = Math.max(0, rest.denominator - rest.numerator) + WEAK_PRIOR;
    for (let d = 0; d < draws; d++) {
      if (rest.denominator > 0) {
        means[d]! +=
          indicator.kind === 'ratio'
            ? factor * rest.denominator * sampler.beta(events, others)
            : factor * dispersion * sampler.gamma(events);
      }
      means[d]! /= total;
    }
    return means;
  }

  return (peerClass) => {
    const baseline = baselineOf(peerClass);
    if (baseline === null) return null;
    const key = baseline.scope === 'county' ? 'county' : `class:${peerClass}`;
    const found = known.get(key) ?? draw(key, (other) => baseline.scope === 'county' || other === peerClass);
    known.set(key, found);
    return found;
  };
}
