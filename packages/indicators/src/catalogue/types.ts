import type { SchemaId } from '@pingan/contracts';

export const dimensionIds = ['police', 'petition', 'mediation', 'opinion'] as const;
export type DimensionId = (typeof dimensionIds)[number];

/** `police.incident` of `police.incident/1`. */
export type RecordType = SchemaId extends infer S ? (S extends `${infer R}/${string}` ? R : never) : never;

export type IndicatorKind = 'rate' | 'ratio' | 'count' | 'intensity';

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

/**
 * ClickHouse expressions over one stored case (its current version, retracted ones excluded). Available columns: each
 * field of the record type's body, Nullable, under its own name; `occurred_at`, never null; for petitions
 * `original_closed_at`, the closing time of the case named in `repeat_of`; and the parameter `{tz:String}`.
 */
export interface IndicatorQuery {
  /** 0 or 1: whether the case concerns this indicator at all. Absent: every case does. */
  where?: string;
  /** A local Date inside the month the case belongs to, or NULL when it belongs to none. */
  cohort: string;
  /** A number per case; null for indicators without a denominator among the cases. */
  denominator: string | null;
  /** A number per case. */
  numerator: string;
}

/** One indicator: everything about it is data. */
export interface Indicator {
  code: string;
  /** Chinese name. */
  name: string;
  /** English id. */
  id: string;
  dimension: DimensionId;
  recordType: RecordType;
  /** `rate` per 10 000 residents and month, `ratio` in %. */
  kind: IndicatorKind;
  /** Unit text in Chinese. */
  unit: string;
  direction: 1 | -1;
  /** Months, the scored one included. */
  window: number;
  /** `ewma` halves the weight with each month of age. */
  weighting: 'sum' | 'ewma';
  /** What is counted, in Chinese. */
  definition: string;
  /** Which month a case belongs to, in Chinese. */
  cohort: string;
  query: IndicatorQuery;
  /** Default weight inside the dimension; only proportions count. */
  weight: number;
  goalposts: Goalposts;
  goalpostsBasis: Basis;
  basis: Basis;
  /** Values outside are more likely a recording fault than a fact. In the indicator's unit. */
  plausible: { min: number; max: number };
}
