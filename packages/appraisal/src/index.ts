export { type PartSum, type RolledUp, rollUp } from './roll-up.js';
export { type ScoreResult, scoreCounty } from './score-county.js';
export { inputDigest, type PeriodScope, scorePeriod } from './score-period.js';
export { withParts } from './severity.js';
