import {
  componentKey,
  coverageKey,
  type MonthComponent,
  type MonthIndicator,
  type MonthInput,
  scoreMonth,
} from '@pingan/scoring';
import type { UnplacedCount } from '@pingan/store';
import { type Evidence, monthInput } from './evidence.js';

/** Events of a record type and month that belong to no unit. */
export interface UnplacedShare {
  record_type: string;
  unplaced: number;
  /** Events of the county with a place, those that belong to no unit of the ranking included. */
  placed: number;
  /** unplaced ÷ all. */
  share: number;
}

/** A unit as it is, and if every event without a place were one of its own and counted against it. */
export interface UnplacedBound {
  region_code: string;
  score: number | null;
  rank: number | null;
  lowest_score: number | null;
  lowest_rank: number | null;
}

/**
 * What of a month has no place, by record type; empty where everything has one. `refused` are events that were not stored for the
 * want of one; others are stored under the county, or another region that says no place.
 */
export function unplacedShares(
  { rolledUp }: Pick<Evidence, 'rolledUp'>,
  refused: readonly UnplacedCount[],
  period: string,
): UnplacedShare[] {
  const counts = new Map<string, number>();
  for (const { month, record_type, unplaced } of refused) {
    if (month === period && unplaced > 0) counts.set(record_type, unplaced);
  }
  for (const [key, stored] of rolledUp.unplaced) {
    const [recordType, month] = key.split('|') as [string, string];
    if (month === period && stored > 0) counts.set(recordType, (counts.get(recordType) ?? 0) + stored);
  }
  return [...counts].sort().map(([record_type, unplaced]) => {
    const placed = rolledUp.occurred.get(coverageKey(record_type, period)) ?? 0;
    return { record_type, unplaced, placed, share: unplaced / (unplaced + placed) };
  });
}

/** Number of events without a place that would cost a unit points by the scheme of their month. */
export function unplacedRedLines({ redLinesWithoutPlace, schemeOf }: Evidence, period: string): number {
  const kinds = new Set(schemeOf(period).deductions.rules.flatMap(({ events }) => events));
  return (redLinesWithoutPlace?.get(period) ?? []).filter(({ kind }) => kinds.has(kind)).length;
}

/** A component with `count` more cases that all count against the unit; `weight` is what a case weighs, where cases differ. */
function burdened(
  { kind, direction }: Pick<MonthIndicator, 'kind' | 'direction'>,
  own: MonthComponent,
  { count, weight }: { count: number; weight: number },
): MonthComponent {
  const against = direction === 1 ? 0 : count * weight;
  const denominator = own.denominator === null ? null : own.denominator + (kind === 'ratio' ? count : 0);
  return { numerator: own.numerator + against, denominator };
}

/**
 * How far each unit could fall: its score and rank if every event without a place were its own, and each counted against it in
 * every scored indicator of the record type. Where cases weigh differently each is taken for an average one of the county.
 * Nobody knows what the events say, so this is a bound and no estimate. Empty where no bound can be told: a record type of which
 * no event at all has a place is not scored in the month, and with a place it would be, for every unit.
 */
export function unplacedBounds(evidence: Evidence, period: string, shares: readonly UnplacedShare[]): UnplacedBound[] {
  const known = shares.filter(({ placed }) => placed > 0);
  if (known.length === 0) return [];
  const input = monthInput(evidence, period, new Map());
  const as = (components: MonthInput['components']) =>
    new Map(scoreMonth({ ...input, components }).units.map((unit) => [unit.code, unit]));
  const before = as(input.components);
  const counts = new Map(known.map(({ record_type, unplaced, placed }) => [record_type, { unplaced, placed }]));
  const concerned = input.dimensions.flatMap(({ indicators }) =>
    indicators.flatMap((indicator) => {
      const found = counts.get(indicator.recordType);
      if (found === undefined) return [];
      const total = input.units.reduce(
        (sum, { code }) => sum + (input.components.get(componentKey(indicator.code, code, period))?.numerator ?? 0),
        0,
      );
      const isWeighted = indicator.kind === 'weighted_rate' || indicator.kind === 'intensity';
      const weight = isWeighted ? total / Math.max(1, found.placed) : 1;
      return [{ indicator, count: found.unplaced, weight }];
    }),
  );
  return input.units.map(({ code }) => {
    const components = new Map(input.components);
    for (const { indicator, count, weight } of concerned) {
      const key = componentKey(indicator.code, code, period);
      const own = components.get(key) ?? { numerator: 0, denominator: indicator.kind === 'ratio' ? 0 : null };
      components.set(key, burdened(indicator, own, { count, weight }));
    }
    const [now, then] = [before.get(code)!, as(components).get(code)!];
    return {
      region_code: code,
      score: now.score,
      rank: now.rank,
      lowest_score: then.score,
      lowest_rank: then.rank,
    };
  });
}
