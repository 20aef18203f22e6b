import { creationIndicators } from './creation.js';
import { disputeIndicators } from './disputes.js';
import { gridIndicators } from './grid.js';
import { opinionIndicators } from './opinion.js';
import { petitionIndicators } from './petition.js';
import { policeCaseIndicators } from './police-cases.js';
import { policeResponseIndicators } from './police-response.js';
import { requestIndicators } from './requests.js';
import type { DimensionId, Goalposts, Indicator } from './types.js';

export * from './limits.js';
export {
  defaultSeverity,
  harmIndicator,
  maxSeverityDays,
  severityBasis,
  severityDays,
  severityNames,
} from './severity.js';
export * from './types.js';

const byCodeInDimension = (...parts: ReadonlyArray<readonly Indicator[]>) =>
  parts.flat().sort((a, b) => (a.code < b.code ? -1 : 1));

/** All known indicators, by dimension and code. */
export const catalogue: readonly Indicator[] = [
  ...byCodeInDimension(policeCaseIndicators, policeResponseIndicators),
  ...byCodeInDimension(petitionIndicators, requestIndicators),
  ...byCodeInDimension(disputeIndicators, gridIndicators),
  ...opinionIndicators,
  ...creationIndicators,
];

const byCode = new Map(catalogue.map((indicator) => [indicator.code, indicator]));

export function findIndicator(code: string): Indicator | undefined {
  return byCode.get(code);
}

export type ScoredIndicator = Indicator & { direction: 1 | -1; goalposts: Goalposts };

/** False for context indicators, which are shown beside the score. */
export function isScored(indicator: Indicator): indicator is ScoredIndicator {
  return indicator.goalposts !== null;
}

/** Chinese names and default weights (county editable) of the dimensions; 0: not part of the default scheme. */
export const dimensions: Readonly<Record<DimensionId, { name: string; weight: number }>> = {
  police: { name: '警情', weight: 35 },
  petition: { name: '民情', weight: 25 },
  mediation: { name: '社情', weight: 25 },
  opinion: { name: '舆情', weight: 15 },
  creation: { name: '平安创建', weight: 0 },
};
