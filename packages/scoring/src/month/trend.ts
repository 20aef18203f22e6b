import type { Observation } from '../small-numbers/observation.js';
import { boundedEvents } from '../small-numbers/observation.js';
import { shrink } from '../small-numbers/prior.js';
import { toIndex, toMonth } from './months.js';
import { groupsOf, type PriorGroup } from './prior-group.js';
import { existed } from './residents.js';
import type { Series } from './series.js';
import { readSlot, type Slot } from './slot.js';
import type { MonthIndicator, MonthInput, MonthUnit } from './types.js';
import { coveredMonths, planOf, type WindowPlan } from './window.js';

/** Length of a unit's own baseline. */
const OWN_MONTHS = 12;

/** Below this a baseline (or a shortfall from 100 %) is zero up to rounding. */
const NOTHING = 1e-9;

/**
 * The months of the units' own baseline: the covered ones of the 12 before the window's first month, so that no case is
 * compared with itself. Null when fewer than the baseline's `min_months` are covered. Counts are brought to the length
 * of the window.
 */
function ownPlan(
  { recordType }: MonthIndicator,
  level: WindowPlan,
  input: MonthInput,
  unit?: MonthUnit,
): WindowPlan | null {
  const last = toIndex(level.from) - 1;
  if (last < toIndex(input.startMonth)) return null;
  const covered = coveredMonths(recordType, { last: toMonth(last), count: OWN_MONTHS, calendar: true }, input);
  const months = unit === undefined ? covered : covered.filter((month) => existed(unit, month));
  const from = months[0];
  if (from === undefined || months.length < input.baseline.min_months) return null;
  const weight = level.scale / months.length;
  return {
    from,
    to: toMonth(last),
    months: months.map((month) => ({ month, weight })),
    current: true,
    scale: level.scale,
  };
}

/** Of indicators in % where more is better the shortfall from 100 stands in for the value. */
export function isShortfall({ kind, direction }: MonthIndicator): boolean {
  return kind === 'ratio' && direction === 1;
}

/**
 * Goalposts of value ÷ own mean, 60 at 1. Less is better: the factors of the indicator's own `class_mean` goalposts,
 * else 2 and 0.5; the same for a shortfall. More is better otherwise: own factors, else 0.5 and 2.
 */
export function trendPosts(indicator: MonthIndicator): { g0: number; g60: number; g100: number } {
  const { goalposts, direction } = indicator;
  if (!isShortfall(indicator) && goalposts.rule === 'class_mean') {
    return { g0: goalposts.g0 / goalposts.g60, g60: 1, g100: goalposts.g100 / goalposts.g60 };
  }
  return direction === 1 && !isShortfall(indicator) ? { g0: 0.5, g60: 1, g100: 2 } : { g0: 2, g60: 1, g100: 0.5 };
}

/** One unit against its own past. */
export interface TrendReading {
  ownMean: number;
  /** Events of the window (of the shortfall), with those its own baseline would give as exposure. */
  observation: Observation;
  group: PriorGroup | null;
  /** Value ÷ own mean, after shrinkage towards the change of the peer class. */
  ratio: number;
}

export interface Trend {
  own: Slot;
  /** Units with a value and a baseline above zero. */
  readings: ReadonlyMap<string, TrendReading>;
}

/** Value ÷ own mean, after shrinkage where a prior applies. */
export function ratioOf(observation: Observation, group: PriorGroup | null): number {
  return group === null ? observation.events / observation.exposure : shrink(observation, group.prior);
}

/** Events that a baseline of `ownMean` would give over the exposure of `observation`. */
function expectedEvents({ scale, exposure }: Observation, ownMean: number, shortfall: boolean): number {
  return ((shortfall ? scale - ownMean : ownMean) * exposure) / scale;
}

/** A window's observation held against an own mean; null where that is zero. */
export function against(observation: Observation, ownMean: number, shortfall: boolean): Observation | null {
  if (!((shortfall ? observation.scale - ownMean : ownMean) > NOTHING)) return null;
  const events = boundedEvents(observation);
  const exposure = expectedEvents(observation, ownMean, shortfall);
  return { family: 'gamma', events: shortfall ? observation.exposure - events : events, exposure, scale: 1 };
}

/**
 * Values of the window against each unit's own baseline. With `empirical_bayes` the baseline is shrunken like any value,
 * and the change towards the peer class's change: comparing a value that was pulled to the class mean with an own mean
 * that was pulled less would show bad units improving and good ones failing. Null without data in the scored
 * month or without baseline months.
 */
export function readTrend(indicator: MonthIndicator, series: Series, level: Slot, input: MonthInput): Trend | null {
  if (!level.plan.current) return null;
  const plan = ownPlan(indicator, level.plan, input);
  if (plan === null) return null;
  const { units } = series;
  const own = readSlot(indicator, series, plan, input, (unit) =>
    unit.residents === undefined
      ? plan
      : ownPlan(indicator, planOf(level.plan, unit, indicator.weighting), input, unit),
  );
  const shortfall = isShortfall(indicator);
  const entries = units.flatMap(({ code, peerClass }) => {
    const now = level.readings.get(code)?.observation ?? null;
    const before = own.readings.get(code)?.shrunken ?? null;
    const observation = now === null || before === null ? null : against(now, before, shortfall);
    return observation === null ? [] : [{ code, peerClass, observation }];
  });
  const groupOf = groupsOf(entries, input.shrinkage);
  const readings = entries.map(({ code, peerClass, observation }): [string, TrendReading] => {
    const group = groupOf(peerClass);
    const ratio = ratioOf(observation, group);
    const ownMean = own.readings.get(code)?.shrunken ?? 0;
    return [code, { ownMean, observation, group, ratio }];
  });
  return { own, readings: new Map(readings) };
}
