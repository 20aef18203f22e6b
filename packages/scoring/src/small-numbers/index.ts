export { chanceOfZero, type ImprobableZero, improbableZeros, type UnitMonth } from './improbable-zero.js';
export type { Observation } from './observation.js';
export { fitPrior, type Prior, shrink, WEAK_PRIOR } from './prior.js';
