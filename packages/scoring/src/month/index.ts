export { componentKey, coverageKey } from './keys.js';
export { scoreMonth } from './score-month.js';
export type * from './types.js';
