export { type ChangeSince, changeSince, type UnitRows } from './change-since.js';
export { baseOf, type Changes, changesOf, type PairChange, percentChange, type Step } from './changes.js';
export type { MonthComparison, Standing, UnitComparison } from './comparison.js';
export { type BandHistory, type Evidence, firstMonthOf, monthInput } from './evidence.js';
export { inputDigest } from './input-digest.js';
export { type ParagraphFacts, paragraph } from './paragraph.js';
export { type PeriodData, readPeriod } from './period-data.js';
export { redLineEvents } from './red-lines.js';
export { type PartSum, type RolledUp, rollUp } from './roll-up.js';
export { readEvidence, type ScoreResult, schemesInForce, scoreCounty } from './score-county.js';
export { scorePeriod, scoresOf } from './score-period.js';
export {
  type Choice,
  type RemovedIndicator,
  type Sensitivity,
  type SensitivityOptions,
  sensitivity,
} from './sensitivity/sensitivity.js';
export { withParts } from './severity.js';
export { scoredInOrder, storiesOf, type ToldRun } from './stories.js';
export { whatIf } from './what-if.js';
export { type FigureChange, type UnitWithoutCase, type WithoutCase, withoutCase } from './without-case.js';
