import { type Baseline, classBaselines } from './baseline.js';
import { assertEvents } from './deductions.js';
import { assertGoalposts } from './goalposts.js';
import { toIndex } from './months.js';
import { readSeries, type Series } from './series.js';
import { readSlot, type Slot } from './slot.js';
import { isShortfall, readTrend, type Trend } from './trend.js';
import type { MonthIndicator, MonthInput, MonthUnit, PriorReport } from './types.js';
import { planWindow } from './window.js';
import { assertWindow } from './window-values.js';

/** One indicator with everything that is known before a unit is scored. */
export interface Prepared {
  dimension: string;
  indicator: MonthIndicator;
  series: Series;
  /** The window. */
  level: Slot;
  /** Null without trend or without enough months before the window. */
  trend: Trend | null;
  /** `scale`: that of a unit whose window has other months than most. */
  baselineOf: (peerClass: string, scale?: number) => Baseline | null;
}

export interface PreparedMonth {
  /** In the order of their codes. */
  units: readonly MonthUnit[];
  /** As the dimensions of the input. */
  dimensions: Prepared[][];
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
    dimension.indicators.forEach(assertWindow);
  }
  const share = input.trend?.share ?? 0;
  if (!(share >= 0 && share <= 1)) throw new RangeError(`trend share ${share} is not between 0 and 1`);
  assertEvents(input.red_lines ?? [], codes);
}

const noBaseline = (): null => null;

/** Hands out what was made before under the same key. */
export type Memo = <T>(key: string, make: () => T) => T;

const forgetful: Memo = (_key, make) => make();

/** Keys name everything of the scheme a part depends on, so that other weights or goalposts read nothing anew. */
function prepareIndicator(
  indicator: MonthIndicator,
  dimension: string,
  { input, memo, seriesOf }: { input: MonthInput; memo: Memo; seriesOf: (code: string) => Series },
): Prepared {
  const { code, recordType, kind, window, weighting } = indicator;
  const { baseline, shrinkage } = input;
  const slotKey = JSON.stringify([code, recordType, kind, window, weighting, shrinkage]);
  const plan = planWindow(indicator, input);
  const series = memo(`series|${code}`, () => seriesOf(code));
  const level = memo(`level|${slotKey}`, () => readSlot(indicator, series, plan, input));
  const trendKey = `trend|${isShortfall(indicator)}|${baseline.min_months}|${slotKey}`;
  const baseKey = `base|${baseline.months}|${baseline.min_months}|${slotKey}`;
  const hasBaseline = plan.current && indicator.goalposts.rule === 'class_mean';
  return {
    dimension,
    indicator,
    series,
    level,
    trend: (input.trend?.share ?? 0) > 0 ? memo(trendKey, () => readTrend(indicator, series, level, input)) : null,
    baselineOf: hasBaseline ? memo(baseKey, () => classBaselines(indicator, series, plan.scale, input)) : noBaseline,
  };
}

/** Reads the components once for all units. Errors as `scoreMonth`. */
export function prepareMonth(input: MonthInput, memo: Memo = forgetful): PreparedMonth {
  checkInput(input);
  const units = [...input.units].sort((a, b) => (a.code < b.code ? -1 : 1));
  const seriesOf = memo('series', () => readSeries(units, input));
  const dimensions = input.dimensions.map(({ id, indicators }) =>
    indicators.map((indicator) => prepareIndicator(indicator, id, { input, memo, seriesOf })),
  );
  return { units, dimensions };
}

/** The priors in use, by indicator and peer class. */
export function priorReports({ units, dimensions }: PreparedMonth): PriorReport[] {
  const classes = [...new Set(units.map(({ peerClass }) => peerClass))].sort((a, b) => (a < b ? -1 : 1));
  return dimensions.flat().flatMap(({ indicator, level }) =>
    classes.flatMap((peerClass): PriorReport[] => {
      const group = level.groupOf(peerClass);
      if (group === null) return [];
      const { family, mean, variance, momentVariance, units: count } = group.prior;
      const factor = family === 'beta' ? 100 : 1;
      return [
        {
          indicator: indicator.code,
          peer_class: peerClass,
          scope: group.scope,
          family: family === 'beta' ? 'beta_binomial' : 'poisson_gamma',
          mean: mean * factor,
          moment_variance: momentVariance * factor * factor,
          variance: variance * factor * factor,
          units: count,
        },
      ];
    }),
  );
}
