import { type County, RegionIndex } from '@pingan/regions';
import { componentKey, coverageKey, type MonthComponent } from '@pingan/scoring';
import { type Component, coveragePrefix } from '@pingan/store';

/** Components hold six decimals; as whole millionths they add up exactly in any order. */
const MILLIONTHS = 1e6;

export interface RolledUp {
  /** By `componentKey` of the scoring unit. */
  components: Map<string, MonthComponent>;
  /** By `coverageKey`. */
  coverage: Set<string>;
  /** First month with any data; undefined without data. */
  firstMonth: string | undefined;
  /** Canonical text per month, for the digest of a run's inputs. */
  canonical: Map<string, string>;
}

/** Adds the regions' components up to scoring units, by the region table of each component's month. */
export function rollUp(county: County, components: readonly Component[]): RolledUp {
  const regions = new RegionIndex(county);
  const sums = new Map<string, { month: string; numerator: number; denominator: number }>();
  const coverage = new Set<string>();
  let firstMonth: string | undefined;
  for (const { month, indicator, region_code, numerator, denominator } of components) {
    if (indicator.startsWith(coveragePrefix)) {
      coverage.add(coverageKey(indicator.slice(coveragePrefix.length), month));
      if (firstMonth === undefined || month < firstMonth) firstMonth = month;
      continue;
    }
    const unit = regions.unitOf(region_code, month);
    if (unit === undefined) continue;
    const key = componentKey(indicator, unit, month);
    let sum = sums.get(key);
    if (!sum) {
      sum = { month, numerator: 0, denominator: 0 };
      sums.set(key, sum);
    }
    sum.numerator += Math.round(numerator * MILLIONTHS);
    sum.denominator += Math.round(denominator * MILLIONTHS);
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
    components: new Map(
      [...sums].map(([key, sum]) => [
        key,
        { numerator: sum.numerator / MILLIONTHS, denominator: sum.denominator / MILLIONTHS },
      ]),
    ),
    coverage,
    firstMonth,
    canonical: new Map([...texts].map(([month, list]) => [month, list.sort().join('\n')])),
  };
}
