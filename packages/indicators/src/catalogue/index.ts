import { mediationIndicators } from './mediation.js';
import { opinionIndicators } from './opinion.js';
import { petitionIndicators } from './petition.js';
import { policeIndicators } from './police.js';
import type { DimensionId, Indicator } from './types.js';

export * from './limits.js';
export * from './types.js';

/** All known indicators, by dimension and code. */
export const catalogue: readonly Indicator[] = [
  ...policeIndicators,
  ...petitionIndicators,
  ...mediationIndicators,
  ...opinionIndicators,
];

const byCode = new Map(catalogue.map((indicator) => [indicator.code, indicator]));

export function findIndicator(code: string): Indicator | undefined {
  return byCode.get(code);
}

/** Chinese names and default weights (county editable) of the dimensions. */
export const dimensions: Readonly<Record<DimensionId, { name: string; weight: number }>> = {
  police: { name: '警情', weight: 35 },
  petition: { name: '民情', weight: 25 },
  mediation: { name: '社情', weight: 25 },
  opinion: { name: '舆情', weight: 15 },
};
