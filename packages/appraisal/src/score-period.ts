import { createHash } from 'node:crypto';
import { monthRange } from '@pingan/contracts';
import { type Scheme, schemeHash, toScoringInput } from '@pingan/indicators';
import { type County, RegionIndex } from '@pingan/regions';
import { type MonthUnit, scoreMonth, type UnitScore } from '@pingan/scoring';
import type { Run, RunIndicator } from '@pingan/store';
import type { RolledUp } from './roll-up.js';
import { withParts } from './severity.js';

/** Part of every run's identity: another way of computing is another run. */
const METHOD = 'month/1';

export interface PeriodScope {
  county: County;
  scheme: Scheme;
  /** `YYYY-MM`. */
  period: string;
  rolledUp: RolledUp;
  /** JSON of the watermark the components were computed at. */
  watermark: string;
}

/** First month of the index: configured, or the first that has data. */
export function firstMonthOf(county: County, rolledUp: RolledUp): string | undefined {
  return county.startMonth ?? rolledUp.firstMonth;
}

/** Digest of everything a run's numbers depend on. The watermark is not among it: equal inputs are an equal run. */
export function inputDigest({ county, scheme, period, rolledUp }: Omit<PeriodScope, 'watermark'>): string {
  const start = firstMonthOf(county, rolledUp) ?? period;
  const hash = createHash('sha256');
  const rules = [toScoringInput(scheme), Object.entries(scheme.severity).sort()];
  hash.update(JSON.stringify([METHOD, county.code, period, start, county.regions.version, ...rules]));
  for (const month of monthRange(start, period)) {
    const text = rolledUp.canonical.get(month);
    if (text) hash.update(`\n#${month}\n${text}`);
  }
  return hash.digest('hex');
}

const UNCLASSED = '未分类';

function unitsOf(county: County, period: string): { unit: MonthUnit; name: string }[] {
  const regions = new RegionIndex(county);
  return regions.units(period).map(({ code, name, areaClass }) => ({
    name,
    unit: {
      code,
      peerClass: areaClass ?? UNCLASSED,
      population: regions.populationOf(code, period)?.value ?? null,
    },
  }));
}

function indicatorRows({ code: region_code, indicators }: UnitScore): RunIndicator[] {
  return indicators.map((i) => ({
    region_code,
    code: i.code,
    numerator: i.numerator,
    denominator: i.denominator,
    population: i.population,
    window_from: i.window.from,
    window_to: i.window.to,
    months: i.months,
    value: i.value,
    g0: i.goalposts?.g0 ?? null,
    g60: i.goalposts?.g60 ?? null,
    g100: i.goalposts?.g100 ?? null,
    goalpost_basis: i.goalposts && JSON.stringify({ rule: i.goalposts.rule, base: i.goalposts.base }),
    score: i.score,
    weight: i.weight,
    contribution: i.contribution,
    missing_reason: i.missing_reason,
  }));
}

/** Scores one month. Pure: the same scope gives the same run, byte for byte. */
export function scorePeriod(scope: PeriodScope): Run {
  const { county, scheme, period, rolledUp } = scope;
  const units = unitsOf(county, period);
  const { units: scores } = scoreMonth({
    ...toScoringInput(scheme),
    period,
    startMonth: firstMonthOf(county, rolledUp) ?? period,
    units: units.map(({ unit }) => unit),
    components: withParts(rolledUp, scheme.severity),
    coverage: rolledUp.coverage,
  });
  const digest = inputDigest(scope);
  const known = new Map(units.map((entry) => [entry.unit.code, entry]));
  return {
    head: {
      run_id: `${county.code}-${period}-${digest.slice(0, 12)}`,
      county: county.code,
      period,
      scheme_hash: schemeHash(scheme),
      scheme_name: scheme.name,
      region_version: county.regions.version,
      input_digest: digest,
      watermark: scope.watermark,
    },
    units: scores.map((score) => ({
      region_code: score.code,
      name: known.get(score.code)!.name,
      peer_class: known.get(score.code)!.unit.peerClass,
      score: score.score,
      rank: score.rank,
      band: score.band,
      missing_reason: score.missing_reason,
    })),
    dimensions: scores.flatMap((score) =>
      score.dimensions.map((dimension) => ({
        region_code: score.code,
        dimension: dimension.id,
        score: dimension.score,
        weight: dimension.weight,
        missing_reason: dimension.missing_reason,
      })),
    ),
    indicators: scores.flatMap(indicatorRows),
  };
}
