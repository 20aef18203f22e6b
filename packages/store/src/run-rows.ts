/** Rows of a run. Months are `YYYY-MM`, days `YYYY-MM-DD`; fields added later are null in runs written before them. */

export interface RunHead {
  run_id: string;
  county: string;
  period: string;
  scheme_hash: string;
  scheme_name: string;
  region_version: string;
  /** Digest of everything the numbers depend on; equal digests, equal numbers. */
  input_digest: string;
  /** JSON of the watermark the run was first computed at. */
  watermark: string;
}

/** A run that readers see. */
export interface ShownRun extends RunHead {
  /** ISO, UTC. */
  created_at: string;
}

export interface RunUnit {
  region_code: string;
  name: string;
  peer_class: string;
  /** After deductions. */
  score: number | null;
  score_before_deductions: number | null;
  rank: number | null;
  class_rank: number | null;
  band: string | null;
  /** Months running in the band, this one included. */
  band_months: number | null;
  /** 90 % intervals of score and rank (1 is best); null without shrinkage. */
  score_low: number | null;
  score_high: number | null;
  rank_low: number | null;
  rank_high: number | null;
  /** Probability of a place in the best, or the worst, quarter. */
  p_best_quarter: number | null;
  p_worst_quarter: number | null;
  /** Numbers, best first, of the runs of the ranking in which no unit can be told from another; a unit may be in several. */
  groups: number[];
  /** Record types of which nothing came although its past makes that all but impossible: the score may rest on a gap. */
  unreported: string[];
  /** The same, but somebody has confirmed that there was nothing to report. */
  confirmed_zero: string[];
  missing_reason: string | null;
}

export interface RunDimension {
  region_code: string;
  dimension: string;
  score: number | null;
  weight: number;
  missing_reason: string | null;
}

export interface RunIndicator {
  region_code: string;
  code: string;
  numerator: number | null;
  denominator: number | null;
  population: number | null;
  /** Both included. */
  window_from: string;
  window_to: string;
  /** Months of the window that have data. */
  months: number;
  /** As counted. */
  value: number | null;
  /** After shrinkage: what was scored. */
  shrunken_value: number | null;
  g0: number | null;
  g60: number | null;
  g100: number | null;
  goalpost_basis: string | null;
  /** 0–100, of the value against the goalposts. */
  level: number | null;
  /** 0–100, against the unit's own past; null where the level stands alone. */
  trend: number | null;
  /** The unit's own past mean, in the value's unit. */
  own_mean: number | null;
  /** Value ÷ own mean; of the shortfalls from 100 % where more is better. */
  own_ratio: number | null;
  score: number | null;
  weight: number;
  contribution: number;
  missing_reason: string | null;
}

/** One deduction and the event behind it. */
export interface RunDeduction {
  region_code: string;
  date: string;
  /** `source/case_id`. */
  case_ref: string;
  rule: string;
  name: string;
  kind: string;
  deaths: number;
  /** Whether the day lies in a sensitive period. */
  doubled: boolean;
  points: number;
  /** What was taken off after the cap. */
  applied: number;
}

/** What values of an indicator were shrunken towards in a peer class. */
export interface RunPrior {
  indicator: string;
  peer_class: string;
  /** `class` or `county`. */
  scope: string;
  family: string;
  mean: number;
  moment_variance: number;
  variance: number;
  units: number;
}

/** A paragraph about one unit of a run, which tells the change since another run ('' when there is none). */
export interface RunStory {
  run_id: string;
  before_run_id: string;
  region_code: string;
  text: string;
}

export interface Run {
  head: RunHead;
  units: RunUnit[];
  dimensions: RunDimension[];
  indicators: RunIndicator[];
  deductions: RunDeduction[];
  priors: RunPrior[];
}

export const headColumns = [
  'run_id',
  'county',
  'period',
  'scheme_hash',
  'scheme_name',
  'region_version',
  'input_digest',
  'watermark',
] as const satisfies readonly (keyof RunHead)[];

export const unitColumns = [
  'region_code',
  'name',
  'peer_class',
  'score',
  'score_before_deductions',
  'rank',
  'class_rank',
  'band',
  'band_months',
  'score_low',
  'score_high',
  'rank_low',
  'rank_high',
  'p_best_quarter',
  'p_worst_quarter',
  'groups',
  'unreported',
  'confirmed_zero',
  'missing_reason',
] as const satisfies readonly (keyof RunUnit)[];

export const dimensionColumns = [
  'region_code',
  'dimension',
  'score',
  'weight',
  'missing_reason',
] as const satisfies readonly (keyof RunDimension)[];

export const indicatorColumns = [
  'region_code',
  'code',
  'numerator',
  'denominator',
  'population',
  'window_from',
  'window_to',
  'months',
  'value',
  'shrunken_value',
  'g0',
  'g60',
  'g100',
  'goalpost_basis',
  'level',
  'trend',
  'own_mean',
  'own_ratio',
  'score',
  'weight',
  'contribution',
  'missing_reason',
] as const satisfies readonly (keyof RunIndicator)[];

export const deductionColumns = [
  'region_code',
  'date',
  'case_ref',
  'rule',
  'name',
  'kind',
  'deaths',
  'doubled',
  'points',
  'applied',
] as const satisfies readonly (keyof RunDeduction)[];

export const priorColumns = [
  'indicator',
  'peer_class',
  'scope',
  'family',
  'mean',
  'moment_variance',
  'variance',
  'units',
] as const satisfies readonly (keyof RunPrior)[];

export const storyColumns = [
  'run_id',
  'before_run_id',
  'region_code',
  'text',
] as const satisfies readonly (keyof RunStory)[];
