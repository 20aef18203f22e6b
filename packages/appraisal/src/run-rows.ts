import { contextReason } from '@pingan/indicators';
import { type MonthInput, type UnitScore, type WindowIndicator, windowValues } from '@pingan/scoring';
import type { RunDeduction, RunDimension, RunIndicator } from '@pingan/store';

export function dimensionRows({ code: region_code, dimensions }: UnitScore): RunDimension[] {
  return dimensions.map(({ id: dimension, score, weight, missing_reason }) => ({
    region_code,
    dimension,
    score,
    weight,
    missing_reason,
  }));
}

export function deductionRows({ code: region_code, deductions }: UnitScore): RunDeduction[] {
  return deductions.map((deduction) => ({ region_code, ...deduction }));
}

export function indicatorRows({ code: region_code, indicators }: UnitScore): RunIndicator[] {
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
    shrunken_value: i.shrunken_value,
    g0: i.goalposts?.g0 ?? null,
    g60: i.goalposts?.g60 ?? null,
    g100: i.goalposts?.g100 ?? null,
    goalpost_basis: i.goalposts && JSON.stringify({ rule: i.goalposts.rule, base: i.goalposts.base }),
    level: i.level,
    trend: i.trend,
    own_mean: i.own_mean,
    own_ratio: i.own_ratio,
    score: i.score,
    weight: i.weight,
    contribution: i.contribution,
    missing_reason: i.missing_reason,
  }));
}

const unscored = {
  shrunken_value: null,
  g0: null,
  g60: null,
  g100: null,
  goalpost_basis: null,
  level: null,
  trend: null,
  own_mean: null,
  own_ratio: null,
  score: null,
  weight: 0,
  contribution: 0,
  missing_reason: contextReason,
} as const;

/** Values that are shown and never scored; without data in the month all of them are null. */
export function contextRows(input: MonthInput, indicators: readonly WindowIndicator[]): RunIndicator[] {
  return windowValues(input, indicators).flatMap(({ code: region_code, indicators: values }) =>
    values.map(({ code, numerator, denominator, population, window, months, value }) => ({
      region_code,
      code,
      numerator,
      denominator,
      population,
      window_from: window.from,
      window_to: window.to,
      months,
      value,
      ...unscored,
    })),
  );
}
