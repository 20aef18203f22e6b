import type { Deduction, DeductionOptions, RedLineEvent } from './deductions.js';

/** Names of documents and result rows (`max_share`, `missing_reason`) keep the spelling they have there. */

/**
 * How a value becomes 0–100.
 * - `absolute`: piecewise linear through (g0, 0), (g60, 60), (g100, 100), in the indicator's unit, clipped.
 * - `class_mean`: the same, the three figures being factors of the peer class's mean over the base months.
 * - `per_unit`: 100 at zero, `penalty` points less for each unit of the value, never below 0.
 */
export type GoalpostRule =
  | { rule: 'absolute'; g0: number; g60: number; g100: number }
  | { rule: 'class_mean'; g0: number; g60: number; g100: number }
  | { rule: 'per_unit'; penalty: number };

export interface MonthIndicator {
  code: string;
  /** Months without any event of this type in the county are unknown, not zero. */
  recordType: string;
  /**
   * `rate` per 10 000 residents and month, `ratio` in %, `count` and `intensity` in their own unit. `weighted_rate`: a
   * rate whose cases weigh differently (days of harm, yuan), so that its noise is not Poisson.
   */
  kind: 'rate' | 'weighted_rate' | 'ratio' | 'count' | 'intensity';
  /** +1: more is better; −1: less is better. Goalposts must run that way. */
  direction: 1 | -1;
  /** Months, the scored one included; `ytd` from January of the period's year. */
  window: number | 'ytd';
  /** Of `count` and `intensity`. `ewma` halves the weight with each month of age: 4:2:1 over three months. */
  weighting: 'sum' | 'ewma';
  goalposts: GoalpostRule;
  /** Any scale: only the share inside the dimension counts. */
  weight: number;
  /** Of ratios: with fewer cases in the window's denominator the value is shown, but not scored. Absent: none. */
  min_n?: number;
}

/** What reading a window takes. */
export type WindowIndicator = Pick<MonthIndicator, 'code' | 'recordType' | 'kind' | 'window' | 'weighting' | 'min_n'>;

export interface MonthDimension {
  id: string;
  weight: number;
  indicators: readonly MonthIndicator[];
}

export interface MonthUnit {
  code: string;
  /** Units of one class share the baseline of `class_mean` goalposts. */
  peerClass: string;
  /** Resident persons in the scored month; null when not known. */
  population: number | null;
  /**
   * Residents by month, of every month in which the unit (or what it was made of) existed: other months are left out of its
   * windows and baselines. Absent: it always existed, with `population`.
   */
  residents?: ReadonlyMap<string, number | null>;
}

/** Sums over the cases of one unit, indicator and cohort month. `denominator` is read for ratios only. */
export interface MonthComponent {
  numerator: number;
  denominator: number | null;
}

export interface ScoreBand {
  id: string;
  /** Lowest score of the band, itself included. */
  min: number;
}

/** A month as it stands (or stood) in the record of a unit. */
export interface BandMonth {
  /** `YYYY-MM` */
  month: string;
  score: number | null;
  /** The colour shown; null without a score. */
  band: string | null;
}

/**
 * A colour changes at once when the score lies at least `points` beyond the threshold, otherwise only after `months`
 * months running beyond it. `points` 0 switches this off.
 */
export interface Hysteresis {
  points: number;
  months: number;
}

export interface BandState {
  band: string | null;
  /** Months running, the last included, in this band; 0 without one. */
  band_months: number;
  /** The record, oldest first, the scored month last. */
  band_history: BandMonth[];
}

/** How values resting on few cases are steadied before they are scored. */
export interface Shrinkage {
  method: 'none' | 'empirical_bayes';
  /** Units with a value a peer class must have for a prior of its own; a smaller one takes the whole county's. */
  min_class: number;
}

/** What happened, and to whom. */
export interface MonthData {
  /** The scored month, `YYYY-MM`. */
  period: string;
  /** The county's first month; nothing before it is read. */
  startMonth: string;
  units: readonly MonthUnit[];
  /** By `componentKey`. No entry in a covered month means no case. */
  components: ReadonlyMap<string, MonthComponent>;
  /**
   * By `coverageKey`: the months in which the county has any data of a record type; and, by an indicator's code, months in
   * which it has data for this indicator alone.
   */
  coverage: ReadonlySet<string>;
  /** What the deductions work on; events of other months are ignored. */
  red_lines?: readonly RedLineEvent[];
  /** By unit code: the months before, as published. */
  history?: ReadonlyMap<string, readonly BandMonth[]>;
}

/** How it is scored. */
export interface MonthScheme {
  dimensions: readonly MonthDimension[];
  missing: { max_share: number };
  bands: readonly ScoreBand[];
  tie: { decimals: number };
  baseline: { months: number; min_months: number };
  /** Absent: none. */
  shrinkage?: Shrinkage;
  /** Share of an indicator's score that its trend against the unit's own baseline makes up. Absent: 0, level only. */
  trend?: { share: number };
  /** Absent: none. */
  deductions?: DeductionOptions;
  /** Absent: colours follow the plain thresholds. */
  hysteresis?: Hysteresis;
  /** Whether units are ranked inside their peer class as well. Absent: no. */
  peer_ranks?: boolean;
}

export type MonthInput = MonthData & MonthScheme;

/**
 * `below_minimum`: there is a value, but on fewer cases than `min_n`; `insufficient_data` stands at dimensions and units.
 * Stable codes; their texts for readers are in `@pingan/indicators`.
 */
export type MissingReason =
  | 'no_data_month'
  | 'no_population'
  | 'no_cases'
  | 'below_minimum'
  | 'no_baseline'
  | 'insufficient_data';

export interface AppliedGoalposts {
  rule: GoalpostRule['rule'];
  g0: number;
  g60: number;
  g100: number;
  /** The mean behind `class_mean`: whose, over which months; null for the other rules. */
  base: { scope: 'class' | 'county'; value: number; from: string; to: string; months: number } | null;
}

export interface IndicatorScore {
  dimension: string;
  code: string;
  /** Plain sum over the covered months, also for `ewma`; null without data in the scored month. */
  numerator: number | null;
  /** Ratio: sum of denominators; rates: residents summed over the months; null for the others. */
  denominator: number | null;
  population: number | null;
  window: { from: string; to: string };
  /** Months of the window that have data and in which the unit existed. */
  months: number;
  /** As counted. */
  value: number | null;
  /** The value that is scored: after shrinkage, or as counted without it. */
  shrunken_value: number | null;
  /** 0–100, of the shrunken value against the goalposts. */
  level: number | null;
  /** 0–100, of `own_ratio`; null where there is none: then the level stands alone. */
  trend: number | null;
  /** The unit's own baseline in the value's unit, shrunken like it; null without trend or without enough months. */
  own_mean: number | null;
  /** Value ÷ own mean (in % where more is better: of the shortfalls from 100), after shrinkage of the change. */
  own_ratio: number | null;
  /** 0–100: (1 − share) × level + share × trend. */
  score: number | null;
  /** Share of the unit's score after redistribution; 0 when it does not count. */
  weight: number;
  /** weight × score; the contributions of a unit sum to its score before deductions. */
  contribution: number;
  goalposts: AppliedGoalposts | null;
  missing_reason: MissingReason | null;
}

export interface DimensionScore {
  id: string;
  score: number | null;
  /** Nominal share of the index, 0–1, before redistribution. */
  weight: number;
  missing_reason: MissingReason | null;
}

/** `band`: id of the colour band, null without a score. */
export interface UnitScore extends BandState {
  code: string;
  /** 0–100, not rounded: after deductions, never below 0. */
  score: number | null;
  score_before_deductions: number | null;
  /** Also of a unit without a score. */
  deductions: Deduction[];
  missing_reason: MissingReason | null;
  /** Competition rank ("1, 1, 3"), 1 is best; null without a score. */
  rank: number | null;
  /** The same inside the peer class; null without `peer_ranks` or without a score. */
  class_rank: number | null;
  dimensions: DimensionScore[];
  /** In the order of the scheme. */
  indicators: IndicatorScore[];
}

/**
 * What the values of an indicator are shrunken towards in a peer class. Mean and variance between units: per 10 000
 * residents and month for rates and counts, in % (%²) for ratios, per month for intensities.
 */
export interface PriorReport {
  indicator: string;
  peer_class: string;
  /** Whose prior: the class's own, or the county's where the class is too small. */
  scope: 'class' | 'county';
  family: 'poisson_gamma' | 'beta_binomial';
  mean: number;
  /** As estimated by moments; 0 where the units differ no more than chance makes them. */
  moment_variance: number;
  /** In use: averaged over what the data of the units leave possible. */
  variance: number;
  /** Units it was fitted to. */
  units: number;
}

export interface MonthScores {
  /** In the order of their codes. */
  units: UnitScore[];
  /** By indicator and peer class; empty without shrinkage. */
  priors: PriorReport[];
}
