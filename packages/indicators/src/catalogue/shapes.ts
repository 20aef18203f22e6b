import { classMean, classMeanBasis } from './goalposts.js';
import type { IndicatorTerm } from './types.js';

/** What most entries share; each states what is its own. */
const common = { weighting: 'sum', level: 'township', lag: 0 } as const;

/** A share of cases, in %. */
export const ratio = { ...common, kind: 'ratio', unit: '%', plausible: { min: 0, max: 100 } } as const;

/** Cases per 10 000 residents and month; less is better, measured by the class. */
export const rate = {
  ...common,
  kind: 'rate',
  unit: '起/万人·月',
  direction: -1,
  goalposts: classMean,
  goalpostsBasis: classMeanBasis,
} as const;

/** A plain number of cases. */
export const count = { ...common, kind: 'count' } as const;

/** One term of a share: cases of the month the date lies in, and the good (or bad) ones among them. */
export const share = (cohort: string, numerator: string, denominator = '1'): readonly IndicatorTerm[] => [
  { cohort, denominator, numerator },
];

/** One term of a number of cases, or of a sum over them. */
export const counted = (cohort: string, numerator = '1'): readonly IndicatorTerm[] => [
  { cohort, denominator: null, numerator },
];
