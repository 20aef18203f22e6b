import type { SchemaId } from '@pingan/contracts';

/** The four dimensions of the index, and 平安创建, which a county may add. */
export const dimensionIds = ['police', 'petition', 'mediation', 'opinion', 'creation'] as const;
export type DimensionId = (typeof dimensionIds)[number];

/** `police.incident` of `police.incident/1`. */
export type RecordType = SchemaId extends infer S ? (S extends `${infer R}/${string}` ? R : never) : never;

/** `rate` and `weighted_rate` per 10 000 residents and month, of cases or of their weights; `ratio` in %. */
export type IndicatorKind = 'rate' | 'weighted_rate' | 'ratio' | 'count' | 'intensity';

/** Months, the scored one included; `ytd` from January of its year. */
export type Window = number | 'ytd';

/** Where a value is read: in every scoring unit, also by responsible department, for the county only. */
export type Level = 'village' | 'township' | 'department' | 'county';

/**
 * How a value becomes 0–100.
 * - `absolute`: piecewise linear through (g0, 0), (g60, 60), (g100, 100), in the indicator's unit.
 * - `class_mean`: the same, the figures being factors of the mean of the township class.
 * - `per_unit`: 100 at zero, `penalty` points less per unit, never below 0.
 */
export type Goalposts =
  | { rule: 'absolute'; g0: number; g60: number; g100: number }
  | { rule: 'class_mean'; g0: number; g60: number; g100: number }
  | { rule: 'per_unit'; penalty: number };

/**
 * How well a statement is founded: ✔ read in the primary text or an official copy, ◐ read in a secondary copy only,
 * ✘ not verified (never to be presented as fact), `proposal` our own default that a county edits.
 */
export type Mark = '✔' | '◐' | '✘' | 'proposal';

export interface Basis {
  /** Chinese, for readers. */
  text: string;
  mark: Mark;
}

/** What a case adds to one month, or, with `cohorts`, to each of several. */
export interface IndicatorTerm {
  /** A local Date32 inside the month the case belongs to, or NULL when it belongs to none. */
  cohort?: string;
  /** In place of `cohort`: an Array(Date32), one date per month. */
  cohorts?: string;
  /** A number per case; null for indicators without a denominator among the cases. */
  denominator: string | null;
  /** A number per case. */
  numerator: string;
}

/**
 * ClickHouse expressions over one stored case (its current version, retracted ones excluded). Available columns: each
 * field of the record type's body, Nullable, under its own name; `occurred_at`, never null; in numerators and denominators
 * also `joinedColumns` of the record type; and the parameters `{tz:String}`, `{rest_days:Array(Date32)}` (weekdays that are
 * holidays) and `{work_days:Array(Date32)}` (weekends that are worked).
 */
export interface IndicatorQuery {
  /** 0 or 1: whether the case concerns this indicator at all. Absent: every case does. */
  where?: string;
  /** A text: the case counts towards the component `<code>:<text>`, or the plain code where it is NULL. */
  part?: string;
  terms: readonly IndicatorTerm[];
}

/**
 * Columns that say something about other cases of the same county and source, each of the record type itself. A date
 * rule must not use them: the months a case belongs to depend on nothing but the case.
 */
export const joinedColumns = {
  'police.incident': {
    prior_occurred_at: 'time of the last incident before: the one named in prior_case_ref, or another that names it',
    fraud_loss_cap: 'largest loss that counts in full in the month of the case; NULL without a cap',
  },
  'petition.case': {
    original_closed_at: 'of the petition named in repeat_of',
    original_accepted_at: 'of the petition named in repeat_of',
    original_due_at: 'of the petition named in repeat_of',
    original_extended_to: 'of the petition named in repeat_of',
    first_repeat_at: 'registration of the first petition that repeats this one, not before its closing',
  },
  'mediation.dispute': {
    first_recurrence_at: 'acceptance of the first dispute that recurs from this one, not before its closing',
  },
  'opinion.event': {
    first_secondary_at: 'discovery of the first event that follows from this one, not before its closing',
  },
} as const satisfies Partial<Record<RecordType, Record<string, string>>>;

/** One indicator: everything about it is data. */
export interface Indicator {
  code: string;
  /** Chinese name. */
  name: string;
  /** English id. */
  id: string;
  dimension: DimensionId;
  recordType: RecordType;
  kind: IndicatorKind;
  /** Unit text in Chinese. */
  unit: string;
  /** 0: a context indicator, neither good nor bad. */
  direction: 1 | -1 | 0;
  window: Window;
  /** `ewma` halves the weight with each month of age. */
  weighting: 'sum' | 'ewma';
  /** What is counted, in Chinese. */
  definition: string;
  /** Which month a case belongs to, in Chinese. */
  cohort: string;
  level: Level;
  /** Months between what happened and the month it is counted in, where a case must be watched for a while first. */
  lag: number;
  query: IndicatorQuery;
  /** Default weight inside the dimension; only proportions count. */
  weight: number;
  /** Null: a context indicator, shown and never scored. */
  goalposts: Goalposts | null;
  goalpostsBasis: Basis;
  basis: Basis;
  /** A ratio with fewer cases in its window is shown, not scored. */
  minimumN?: number;
  /** Values outside are more likely a recording fault than a fact. In the indicator's unit. */
  plausible: { min: number; max: number };
}
