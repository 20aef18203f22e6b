import type { IndicatorScore, MonthInput, UnitScore } from '@pingan/scoring';

/**
 * How values become 0–100. `scheme`: as published (goalposts, trend). `minmax`: between the month's worst and best unit.
 * `rank`: by place among the month's units. All on the values that were scored, that is after shrinkage.
 */
export const normalisations = ['scheme', 'minmax', 'rank'] as const;
export type Normalisation = (typeof normalisations)[number];

/** `geometric` lets a weak point be made up for by strong ones less than `arithmetic` does. */
export const aggregations = ['arithmetic', 'geometric'] as const;
export type Aggregation = (typeof aggregations)[number];

interface GridIndicator {
  code: string;
  weight: number;
  /** By unit; missing where the month has no score. */
  columns: Record<Normalisation, readonly (number | null)[]>;
}

/** A month as a table whose weights and steps can be varied. */
export interface Grid {
  units: readonly string[];
  /** Points off, by unit. */
  deducted: readonly number[];
  dimensions: readonly { id: string; weight: number; indicators: readonly GridIndicator[] }[];
  maxMissing: number;
  tieDecimals: number;
}

export interface Setting {
  /** By dimension and indicator, in the order of the grid. */
  weights: readonly (readonly number[])[];
  dimensionWeights: readonly number[];
  normalisation: Normalisation;
  aggregation: Aggregation;
}

/** A column without any difference says nothing for or against a unit. */
const MIDDLE = 50;

function minMax(values: readonly (number | null)[], direction: 1 | -1): (number | null)[] {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values.map((value) => {
    if (value === null) return null;
    if (high === low) return MIDDLE;
    return (100 * (direction === 1 ? value - low : high - value)) / (high - low);
  });
}

/** 100 for the best place, 0 for the last; equal values share the middle of their places. */
function places(values: readonly (number | null)[], direction: 1 | -1): (number | null)[] {
  const known = values.filter((value) => value !== null);
  return values.map((value) => {
    if (value === null) return null;
    if (known.length < 2) return MIDDLE;
    const worse = known.filter((other) => (value - other) * direction > 0).length;
    const equal = known.filter((other) => other === value).length - 1;
    return (100 * (worse + equal / 2)) / (known.length - 1);
  });
}

export function gridOf(input: MonthInput, units: readonly UnitScore[]): Grid {
  const byUnit = units.map(({ indicators }) => new Map(indicators.map((row) => [row.code, row])));
  const columnsOf = (code: string, direction: 1 | -1): GridIndicator['columns'] => {
    const rows = byUnit.map((rowsOfUnit) => rowsOfUnit.get(code));
    const scored = (read: (row: IndicatorScore) => number | null) =>
      rows.map((row) => (row === undefined || row.score === null ? null : read(row)));
    const values = scored((row) => row.shrunken_value);
    return { scheme: scored((row) => row.score), minmax: minMax(values, direction), rank: places(values, direction) };
  };
  return {
    units: units.map(({ code }) => code),
    deducted: units.map(({ deductions }) => deductions.reduce((sum, { applied }) => sum + applied, 0)),
    dimensions: input.dimensions.map(({ id, weight, indicators }) => ({
      id,
      weight,
      indicators: indicators.map((own) => ({
        code: own.code,
        weight: own.weight,
        columns: columnsOf(own.code, own.direction),
      })),
    })),
    maxMissing: input.missing.max_share,
    tieDecimals: input.tie.decimals,
  };
}

/** The weights and steps of the scheme itself. */
export function asPublished(grid: Grid): Setting {
  return {
    weights: grid.dimensions.map(({ indicators }) => indicators.map(({ weight }) => weight)),
    dimensionWeights: grid.dimensions.map(({ weight }) => weight),
    normalisation: 'scheme',
    aggregation: 'arithmetic',
  };
}

/** Weights like 0.1 + 0.2 must not push a share of exactly the limit over it. */
const SHARE_TOLERANCE = 1e-9;

/** Whether what is there carries enough of the weight. */
function enough(weights: readonly number[], values: readonly (number | null)[], maxMissing: number): boolean {
  let [total, present] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    total += weight;
    if (values[i] !== null) present += weight;
  }
  return present > 0 && (total - present) / total <= maxMissing + SHARE_TOLERANCE;
}

/** Below one point a geometric mean would judge a unit by its worst indicator alone. */
const GEOMETRIC_FLOOR = 1;

function mean(weights: readonly number[], values: readonly (number | null)[], aggregation: Aggregation): number | null {
  let [sum, present] = [0, 0];
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const weight = weights[i]!;
    present += weight;
    sum += weight * (aggregation === 'arithmetic' ? value : Math.log(Math.max(GEOMETRIC_FLOOR, value)));
  }
  if (!(present > 0)) return null;
  return aggregation === 'arithmetic' ? sum / present : Math.exp(sum / present);
}

/**
 * Scores of the units under a setting, after deductions, rounded as ranks see them. What is missing is decided by
 * `nominal`, so that noise on the weights does not make units come and go.
 */
export function indexOf(grid: Grid, setting: Setting, nominal: Setting): (number | null)[] {
  const scale = 10 ** grid.tieDecimals;
  return grid.units.map((_, u) => {
    const scores = grid.dimensions.map(({ indicators }, d) => {
      const values = indicators.map(({ columns }) => columns[setting.normalisation][u]!);
      if (!enough(nominal.weights[d]!, values, grid.maxMissing)) return null;
      return mean(setting.weights[d]!, values, setting.aggregation);
    });
    if (!enough(nominal.dimensionWeights, scores, grid.maxMissing)) return null;
    const index = mean(setting.dimensionWeights, scores, setting.aggregation);
    return index === null ? null : Math.round(Math.max(0, index - grid.deducted[u]!) * scale) / scale;
  });
}
