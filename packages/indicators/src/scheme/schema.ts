import { z } from 'zod';
import { catalogue, dimensionIds, type Goalposts, isScored, maxSeverityDays, type Window } from '../catalogue/index.js';

const posts = { g0: z.number(), g60: z.number(), g100: z.number() };

/** Descriptions are for `schemeJsonSchema`: an editor shows them where a key is written. */
const goalposts = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('absolute'), ...posts }).describe('目标值：按指标单位的绝对值'),
  z
    .strictObject({ rule: z.literal('class_mean'), ...posts })
    .describe('目标值：同类单位上年12个月均值的倍数，年内不变'),
  z
    .strictObject({ rule: z.literal('per_unit'), penalty: z.number().positive() })
    .describe('无则100分，每起扣 penalty 分'),
]);

const indicator = z.strictObject({
  code: z.string().meta({ description: '指标代码', examples: catalogue.filter(isScored).map(({ code }) => code) }),
  weight: z.number().min(0).describe('维度内权重，只看比例'),
  window: z
    .union([z.int().min(1).max(36), z.literal('ytd')])
    .optional()
    .describe('统计期：月数，或 ytd（本年累计）'),
  goalposts: goalposts.optional(),
});

const dimension = z.strictObject({
  id: z.enum(dimensionIds),
  weight: z.number().min(0).describe('维度权重，只看比例'),
  indicators: z.array(indicator).min(1),
});

const band = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  colour: z.string().regex(/^#[0-9a-fA-F]{6}$/),
  min: z.number().min(0).max(100),
});

/** Names carry the meaning, since a colour may be printed in black and white or not be told apart. */
const defaultBands = () => [
  { id: 'blue', name: '蓝（优）', colour: '#1f6fb5', min: 90 },
  { id: 'yellow', name: '黄', colour: '#e6b800', min: 80 },
  { id: 'orange', name: '橙', colour: '#e8741e', min: 70 },
  { id: 'red', name: '红', colour: '#c9252d', min: 0 },
];

const date = z.iso.date();

const deductionBase = {
  id: z.string().min(1),
  name: z.string().min(1),
  events: z.array(z.string().min(1)).min(1),
  points: z.number().positive(),
  doubled_in: z.array(z.strictObject({ from: date, to: date })).default([]),
};

const deduction = z.discriminatedUnion('kind', [
  z.strictObject({ ...deductionBase, kind: z.literal('veto') }),
  z.strictObject({
    ...deductionBase,
    kind: z.literal('deaths'),
    min: z.int().min(1),
    max: z.int().min(1).nullable().default(null),
  }),
  z.strictObject({ ...deductionBase, kind: z.literal('count'), free: z.int().min(0).default(0) }),
]);

/**
 * Options beyond the plain method, all off by default. A scheme that leaves one off is the scheme it was before the
 * option existed (see `schemeHash`).
 */
const options = {
  shrinkage: z
    .strictObject({
      method: z.enum(['none', 'empirical_bayes']).default('none'),
      min_class: z.int().min(2).default(4),
    })
    .prefault({}),
  trend: z.strictObject({ share: z.number().min(0).max(1).default(0) }).prefault({}),
  deductions: z
    .strictObject({ cap: z.number().min(0).max(100).default(30), rules: z.array(deduction).default([]) })
    .prefault({}),
  hysteresis: z
    .strictObject({ points: z.number().min(0).max(100).default(0), months: z.int().min(1).max(12).default(2) })
    .prefault({}),
  peer_ranks: z.boolean().default(false),
  /** Days per class of case, for P02; classes that are left out keep the catalogue's. */
  severity: z.record(z.string().min(1).max(64), z.number().min(0).max(maxSeverityDays)).default({}),
};

/** The document as written. Rules that need the catalogue or two places at once are in `check.ts`. */
export const schemeDocument = z.strictObject({
  name: z.string().min(1),
  dimensions: z.array(dimension).min(1),
  bands: z.array(band).min(1).default(defaultBands),
  missing: z.strictObject({ max_share: z.number().min(0).max(1).default(0.3) }).prefault({}),
  tie: z.strictObject({ decimals: z.int().min(0).max(12).default(9) }).prefault({}),
  baseline: z
    .strictObject({ months: z.int().min(1).max(36).default(12), min_months: z.int().min(1).default(3) })
    .prefault({}),
  ...options,
});

/** Parts that are read by themselves where the whole cannot be. */
export const parts = {
  dimensionId: z.enum(dimensionIds),
  goalposts,
  bands: schemeDocument.shape.bands,
  deductions: schemeDocument.shape.deductions,
  baseline: schemeDocument.shape.baseline,
};

/** What may be written: windows, goalposts, bands and rules fall back on the catalogue and the defaults. */
export type SchemeDocument = z.input<typeof schemeDocument>;
export type ParsedDocument = z.output<typeof schemeDocument>;

export interface SchemeIndicator {
  code: string;
  weight: number;
  window: Window;
  goalposts: Goalposts;
}

export type SchemeDimension = Omit<ParsedDocument['dimensions'][number], 'indicators'> & {
  indicators: SchemeIndicator[];
};

/** A checked scheme with nothing left open, so that it means the same after the catalogue's defaults change. */
export type Scheme = Omit<ParsedDocument, 'dimensions'> & { dimensions: SchemeDimension[] };
export type SchemeBand = Scheme['bands'][number];
export type SchemeDeduction = Scheme['deductions']['rules'][number];
