import { type Baseline, classBaselines } from './baseline.js';
import { redistribute, weightedSum } from './combine.js';
import { applyRule, assertGoalposts, scoreValue } from './goalposts.js';
import { toIndex } from './months.js';
import { bandOf, competitionRanks } from './rank.js';
import type { DimensionScore, IndicatorScore, MonthIndicator, MonthInput, MonthUnit, UnitScore } from './types.js';
import { planWindow, type WindowPlan, windowValue } from './window.js';

/** One indicator with everything that is the same for all units. */
interface Prepared {
  dimension: string;
  indicator: MonthIndicator;
  plan: WindowPlan;
  baselineOf: (peerClass: string) => Baseline | null;
}

function checkInput(input: MonthInput): void {
  if (toIndex(input.period) < toIndex(input.startMonth)) {
    throw new RangeError(`period ${input.period} lies before the start month ${input.startMonth}`);
  }
  const codes = new Set(input.units.map(({ code }) => code));
  if (codes.size !== input.units.length) throw new RangeError('unit codes are not unique');
  for (const dimension of input.dimensions) {
    for (const { weight } of [dimension, ...dimension.indicators]) {
      if (!(weight >= 0 && Number.isFinite(weight))) throw new RangeError(`bad weight in dimension ${dimension.id}`);
    }
    dimension.indicators.forEach(assertGoalposts);
  }
}

const noBaseline = (): null => null;

function prepare(input: MonthInput, units: readonly MonthUnit[]): Prepared[][] {
  return input.dimensions.map((dimension) =>
    dimension.indicators.map((indicator) => {
      const plan = planWindow(indicator, input);
      const baselineOf =
        plan.current && indicator.goalposts.rule === 'class_mean'
          ? classBaselines(indicator, units, plan.scale, input)
          : noBaseline;
      return { dimension: dimension.id, indicator, plan, baselineOf };
    }),
  );
}

/** Level of one indicator for one unit; weight and contribution are known only once the whole unit is. */
function scoreIndicator({ dimension, indicator, plan, baselineOf }: Prepared, unit: MonthUnit, input: MonthInput) {
  const { numerator, denominator, value, missing } = windowValue(indicator, unit, plan, input);
  const goalposts = value === null ? null : applyRule(indicator.goalposts, baselineOf(unit.peerClass));
  const row: IndicatorScore = {
    dimension,
    code: indicator.code,
    numerator,
    denominator,
    population: unit.population,
    window: { from: plan.from, to: plan.to },
    months: plan.months.length,
    value,
    score: value === null || goalposts === null ? null : scoreValue(value, indicator.goalposts, goalposts),
    weight: 0,
    contribution: 0,
    goalposts,
    missing_reason: missing ?? (goalposts === null ? 'no_baseline' : null),
  };
  return row;
}

function scoreUnit(unit: MonthUnit, prepared: Prepared[][], input: MonthInput): UnitScore {
  const maxShare = input.missing.max_share;
  const nominalTotal = input.dimensions.reduce((sum, { weight }) => sum + weight, 0);
  const scored = input.dimensions.map((dimension, d) => {
    const rows = (prepared[d] ?? []).map((indicator) => scoreIndicator(indicator, unit, input));
    const shares = redistribute(
      rows.map(({ score }, i) => ({ score, weight: dimension.indicators[i]?.weight ?? 0 })),
      maxShare,
    );
    const result: DimensionScore = {
      id: dimension.id,
      score: shares === null ? null : weightedSum(rows, shares),
      weight: nominalTotal > 0 ? dimension.weight / nominalTotal : 0,
      missing_reason: shares === null ? 'insufficient_data' : null,
    };
    return { rows, shares, result };
  });
  const dimensions = scored.map(({ result }) => result);
  const indexShares = redistribute(dimensions, maxShare);
  for (const [d, { rows, shares }] of scored.entries()) {
    for (const [i, row] of rows.entries()) {
      row.weight = (indexShares?.[d] ?? 0) * (shares?.[i] ?? 0);
      row.contribution = row.weight * (row.score ?? 0);
    }
  }
  return {
    code: unit.code,
    score: indexShares === null ? null : weightedSum(dimensions, indexShares),
    missing_reason: indexShares === null ? 'insufficient_data' : null,
    rank: null,
    band: null,
    dimensions,
    indicators: scored.flatMap(({ rows }) => rows),
  };
}

/**
 * Scores one month: windowed value → goalposts 0–100 → weighted mean inside each dimension → weighted mean of the
 * dimensions → rank and colour band. Pure: the same input gives the same bytes, whatever the order of units or map entries.
 *
 * Units come back in the order of their codes. What cannot be computed is null with a reason, never 0, 100 or NaN.
 * Throws RangeError on input that no valid scheme or table yields: a malformed month, a period before the start month,
 * repeated unit codes, a negative or non-finite weight, goalposts against the direction, a non-finite component.
 */
export function scoreMonth(input: MonthInput): { units: UnitScore[] } {
  checkInput(input);
  const units = [...input.units].sort((a, b) => (a.code < b.code ? -1 : 1));
  const prepared = prepare(input, units);
  const scores = units.map((unit) => scoreUnit(unit, prepared, input));
  const { decimals } = input.tie;
  const ranks = competitionRanks(
    scores.map(({ score }) => score),
    decimals,
  );
  scores.forEach((unit, i) => {
    unit.rank = ranks[i] ?? null;
    unit.band = bandOf(unit.score, input.bands, decimals);
  });
  return { units: scores };
}
