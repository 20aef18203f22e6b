import { baseOf, type Changes, changesOf, firstMonthOf, percentChange } from '@pingan/appraisal';
import { findIndicator } from '@pingan/indicators';
import { type County, lastCompleteMonth, RegionIndex } from '@pingan/regions';
import type { IndicatorChange } from '@pingan/scoring';
import type { Store } from '@pingan/store';
import { requireEvidence, stalePeriods } from './evidence.js';
import { named, refused } from './refusals.js';
import { headOf, type MonthHead, type RegionAsked, requireCounty, requireMonth, requireRegion } from './scope.js';

export const tooFewCases = '基数小于10，不计百分比';

/** Numbers of cases change in percent; days, yuan and intensities are not shown so. */
export const isCounted = (code: string) => ['rate', 'ratio', 'count'].includes(findIndicator(code)?.kind ?? '');

export const indicatorName = (code: string) => findIndicator(code)?.name ?? code;

function stepJson({ before, after, ...step }: IndicatorChange) {
  const figures = (row: IndicatorChange['before']) =>
    row && { numerator: row.numerator, denominator: row.denominator, value: row.value, score: row.score };
  const [was, is] = [before?.numerator ?? null, after?.numerator ?? null];
  const percent = percentChange(step.code, was, is);
  const isHidden = percent === null && isCounted(step.code) && was !== null && is !== null;
  const percent_reason = isHidden ? tooFewCases : null;
  return {
    ...step,
    name: indicatorName(step.code),
    before: figures(before),
    after: figures(after),
    percent,
    percent_reason,
  };
}

function changesJson(changes: Changes, head: { county: string; region_code: string; name: string }) {
  const { before, after, explanation, pair } = changes;
  return {
    ...head,
    before: { period: before, score: explanation.before },
    after: { period: after, score: explanation.after },
    change: explanation.change,
    indicators: explanation.indicators.map(stepJson),
    deduction: explanation.deduction,
    floor: explanation.floor,
    missing_reason: explanation.missing_reason,
    pair,
  };
}

/** @throws Refusal where the index did not exist yet, or the unit was not scored */
function requireBase(first: string | undefined, county: County, { base, unit }: { base: string; unit: string }): void {
  if (first !== undefined && base < first) throw refused('base_before_start', { county: named(county), base, first });
  if (!new RegionIndex(county).units(base).some(({ code }) => code === unit))
    throw refused('base_without_unit', { base });
}

export type Against = 'month' | 'year';

export interface ChangesFound {
  answer: ReturnType<typeof changesJson>;
  head: MonthHead;
  against: Against;
  unit_name: string;
  changes: Changes;
  /** Months whose published scores rest on other data. */
  stale: string[];
}

/** The way from one month's score to another's. */
export async function findChanges(
  store: Store,
  asked: RegionAsked & { against: Against },
  now: number,
): Promise<ChangesFound> {
  const { against } = asked;
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now);
  const region = requireRegion(county, asked.region, month);
  const unit = new RegionIndex(county).units(month).find(({ code }) => code === region);
  if (!unit) throw refused('region_not_a_unit', { region: asked.region });
  const evidence = await requireEvidence(store, county);
  const base = baseOf(month, against);
  requireBase(firstMonthOf(evidence), county, { base, unit: region });
  const last = lastCompleteMonth(now, county.timeZone);
  const changes = changesOf(evidence, { period: month, against, unit: region, last });
  return {
    answer: changesJson(changes, { county: county.code, region_code: region, name: unit.name }),
    head: headOf(county, month, now),
    against,
    unit_name: unit.name,
    changes,
    stale: await stalePeriods(store, evidence, [base, month]),
  };
}
