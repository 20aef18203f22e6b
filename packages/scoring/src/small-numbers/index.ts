export type { Observation } from './observation.js';
export { fitPrior, type Prior, shrink, WEAK_PRIOR } from './prior.js';
