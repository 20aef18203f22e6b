export { type ChangeSince, changeSince, type UnitRows } from './change-since.js';
export { baseOf, type Changes, changesOf, type PairChange, percentChange, type Step } from './changes.js';
export { type BandHistory, type Evidence, firstMonthOf, monthInput } from './evidence.js';
export { inputDigest } from './input-digest.js';
export { NeverScored } from './never-scored.js';
export { type ParagraphFacts, paragraph } from './paragraph.js';
export { type PeriodData, readPeriod } from './period-data.js';
export { redLineEvents } from './red-lines.js';
export { type PartSum, type RolledUp, rollUp } from './roll-up.js';
export { readEvidence, type ScoreResult, schemesInForce, scoreCounty } from './score-county.js';
export { scorePeriod, scoresOf } from './score-period.js';
export { withParts } from './severity.js';
export { earlierSilences, type Silence, silenceLine } from './silences.js';
export { scoredInOrder, storiesOf, type ToldRun } from './stories.js';
export {
  type UnplacedBound,
  type UnplacedShare,
  unplacedBounds,
  unplacedRedLines,
  unplacedShares,
} from './unplaced.js';
export { silenceText, type Unreported } from './unreported.js';
