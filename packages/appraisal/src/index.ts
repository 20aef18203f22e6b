export { type BandHistory, type Evidence, firstMonthOf, monthInput } from './evidence.js';
export { inputDigest } from './input-digest.js';
export { redLineEvents } from './red-lines.js';
export { type RolledUp, rollUp } from './roll-up.js';
export { type ScoreResult, schemesInForce, scoreCounty } from './score-county.js';
export { scorePeriod, scoresOf } from './score-period.js';
