import { findIndicator, type Indicator } from '@pingan/indicators';
import { type County, RegionIndex } from '@pingan/regions';
import { componentKey, coverageKey, type MonthComponent } from '@pingan/scoring';
import { type Component, coveragePrefix, reportedPrefix } from '@pingan/store';

interface Sum {
  indicator: string;
  unit: string;
  month: string;
  /** Millionths. */
  numerator: number;
  denominator: number;
}

/** Components hold six decimals; as whole millionths they add up exactly in any order. */
const MILLIONTHS = 1e6;

/** One part of an indicator that is kept in parts: `P02:homicide` is the part `homicide` of P02. */
export interface PartSum {
  code: string;
  part: string;
  unit: string;
  month: string;
  numerator: number;
  denominator: number;
}

export interface RolledUp {
  /** By `componentKey` of the scoring unit; indicators kept in parts are not among them. */
  components: Map<string, MonthComponent>;
  /** In the order of code, part, unit and month. */
  parts: PartSum[];
  /**
   * By `coverageKey`: of record types the months in which cases occurred; of shares, by their code, those that were reported
   * without a new case and in which they count something.
   */
  coverage: Set<string>;
  /** Number of cases with a place that occurred in the county, by `coverageKey`. */
  occurred: Map<string, number>;
  /** The same of stored cases without one (see `hasPlace`): of the county as a whole, say. They are nobody's, and cover no month. */
  unplaced: Map<string, number>;
  /** Number of cases that occurred, by `componentKey` of record type, unit and month. */
  cases: Map<string, number>;
  /** First month with any case, with a place or without; undefined without one. */
  firstMonth: string | undefined;
  /** Canonical text per month, for the digest of a run's inputs. */
  canonical: Map<string, string>;
}

const keyOfPart = ({ code, part, unit, month }: PartSum) => JSON.stringify([code, part, unit, month]);

/** Splits the sums into those of whole indicators and those of parts. */
function split(sums: ReadonlyMap<string, Sum>): Pick<RolledUp, 'components' | 'parts'> {
  const components = new Map<string, MonthComponent>();
  const parts: PartSum[] = [];
  for (const [key, { indicator, unit, month, ...sum }] of sums) {
    const numerator = sum.numerator / MILLIONTHS;
    const denominator = sum.denominator / MILLIONTHS;
    const at = indicator.indexOf(':');
    if (at < 0) components.set(key, { numerator, denominator });
    else
      parts.push({ code: indicator.slice(0, at), part: indicator.slice(at + 1), unit, month, numerator, denominator });
  }
  parts.sort((a, b) => (keyOfPart(a) < keyOfPart(b) ? -1 : 1));
  return { components, parts };
}

/** The share a component belongs to: without anything to count it has no value, so that silence cannot make it a good one. */
function shareOf(component: string): Indicator | undefined {
  const own = findIndicator(component.split(':')[0]!);
  return own?.kind === 'ratio' ? own : undefined;
}

type Occurred = Pick<RolledUp, 'coverage' | 'occurred' | 'unplaced' | 'cases' | 'firstMonth'>;

/** What occurred: of the county, of its units, and without a place. */
function occurrences(regions: RegionIndex, components: readonly Component[]): Occurred {
  const [coverage, cases, occurred] = [new Set<string>(), new Map<string, number>(), new Map<string, number>()];
  const unplaced = new Map<string, number>();
  let firstMonth: string | undefined;
  const add = (counts: Map<string, number>, key: string, count: number) =>
    counts.set(key, (counts.get(key) ?? 0) + count);
  for (const { month, indicator, region_code, numerator } of components) {
    if (!indicator.startsWith(coveragePrefix)) continue;
    const recordType = indicator.slice(coveragePrefix.length);
    const covered = coverageKey(recordType, month);
    if (firstMonth === undefined || month < firstMonth) firstMonth = month;
    if (!regions.hasPlace(region_code, month)) {
      add(unplaced, covered, numerator);
      continue;
    }
    coverage.add(covered);
    add(occurred, covered, numerator);
    const unit = regions.unitOf(region_code, month);
    if (unit !== undefined) add(cases, componentKey(recordType, unit, month), numerator);
  }
  return { coverage, occurred, unplaced, cases, firstMonth };
}

/** Adds the regions' components up to scoring units, by the region table of each component's month. */
export function rollUp(county: County, components: readonly Component[]): RolledUp {
  const regions = new RegionIndex(county);
  const sums = new Map<string, Sum>();
  const wasReported = new Set<string>();
  const { coverage, ...counts } = occurrences(regions, components);
  for (const { month, indicator, region_code, numerator, denominator } of components) {
    if (indicator.startsWith(coveragePrefix)) continue;
    if (indicator.startsWith(reportedPrefix)) {
      const recordType = indicator.slice(reportedPrefix.length);
      if (regions.hasPlace(region_code, month)) wasReported.add(coverageKey(recordType, month));
      continue;
    }
    const unit = regions.unitOf(region_code, month);
    if (unit === undefined) continue;
    const key = componentKey(indicator, unit, month);
    let sum = sums.get(key);
    if (!sum) {
      sum = { indicator, unit, month, numerator: 0, denominator: 0 };
      sums.set(key, sum);
    }
    sum.numerator += Math.round(numerator * MILLIONTHS);
    sum.denominator += Math.round(denominator * MILLIONTHS);
  }
  for (const { indicator, month } of sums.values()) {
    const own = shareOf(indicator);
    if (own === undefined || coverage.has(coverageKey(own.recordType, month))) continue;
    if (wasReported.has(coverageKey(own.recordType, month))) coverage.add(coverageKey(own.code, month));
  }
  const texts = new Map<string, string[]>();
  const textOf = (month: string) => {
    let list = texts.get(month);
    if (!list) {
      list = [];
      texts.set(month, list);
    }
    return list;
  };
  for (const [key, { month, numerator, denominator }] of sums) textOf(month).push(`${key}=${numerator}/${denominator}`);
  for (const key of coverage) textOf(key.slice(-'YYYY-MM'.length)).push(key);
  return {
    ...split(sums),
    coverage,
    ...counts,
    canonical: new Map([...texts].map(([month, list]) => [month, list.sort().join('\n')])),
  };
}
