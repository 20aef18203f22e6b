import type { County, Region } from '@pingan/regions';
import type { Sum } from './components.js';

interface Pair {
  numerator: number;
  denominator: number;
}

/** All months as numbers, so that going back a year is a subtraction. */
export const toNumber = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;

/** The scoring unit a region's cases count for; tables of the tests do not change over time. */
export function unitFinder(county: County): (code: string) => string | undefined {
  const regions = new Map(county.regions.regions.map((region) => [region.code, region]));
  return (code) => {
    let region: Region | undefined = regions.get(code);
    while (region && !region.ranked) region = regions.get(region.countsAs ?? region.parent ?? '');
    return region?.code;
  };
}

/** Whether a region is a township or lies in one: what happened in the county as a whole is nobody's. */
function hasTownship(county: County): (code: string) => boolean {
  const regions = new Map(county.regions.regions.map((region) => [region.code, region]));
  return (code) => {
    let region: Region | undefined = regions.get(code);
    while (region && region.level !== 'township') region = regions.get(region.countsAs ?? region.parent ?? '');
    return region !== undefined;
  };
}

/** Everything the rules ask for, looked up by brute force in the list of sums. */
export function factsOf(county: County, sums: Iterable<Sum>) {
  const [unitOf, isPlaced] = [unitFinder(county), hasTownship(county)];
  const pairs = new Map<string, Pair>();
  const covered = new Set<string>();
  let first = Number.POSITIVE_INFINITY;
  for (const { month, indicator, region, numerator, denominator } of sums) {
    const at = toNumber(month);
    if (indicator.startsWith('cases:')) {
      if (isPlaced(region)) covered.add(`${indicator.slice(6)}|${at}`);
      first = Math.min(first, at);
      continue;
    }
    const key = `${indicator}|${unitOf(region)}|${at}`;
    const pair = pairs.get(key) ?? { numerator: 0, denominator: 0 };
    pairs.set(key, { numerator: pair.numerator + numerator, denominator: pair.denominator + denominator });
  }
  /** Sums over months, out of millionths. */
  const total = (code: string, unit: string, months: readonly number[]): Pair => {
    let [numerator, denominator] = [0, 0];
    for (const month of months) {
      const pair = pairs.get(`${code}|${unit}|${month}`);
      numerator += pair?.numerator ?? 0;
      denominator += pair?.denominator ?? 0;
    }
    return { numerator: numerator / 1e6, denominator: denominator / 1e6 };
  };
  const coveredOf = (recordType: string, from: number, to: number): number[] => {
    const months: number[] = [];
    for (let at = Math.max(from, first); at <= to; at++) if (covered.has(`${recordType}|${at}`)) months.push(at);
    return months;
  };
  return { total, coveredOf, first };
}

export type Facts = ReturnType<typeof factsOf>;

export const populationOf = ({ populations }: Region) => populations[0]?.value ?? 0;
