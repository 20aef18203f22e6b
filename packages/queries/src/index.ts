export {
  type Changes,
  type PairChange,
  percentChange,
  type Silence,
  type Step,
  silenceLine,
  silenceText,
} from '@pingan/appraisal';
export type { Choice, FigureChange, Standing, UnitComparison, UnitWithoutCase } from '@pingan/appraisal/analysis';
export { type IndicatorChange, yearGradeNames } from '@pingan/scoring';
export { ALWAYS, type RunDeduction, type RunIndicator, type StoredDeadLetter, type ZeroReport } from '@pingan/store';
export { type ActiveScheme, activeScheme, schemeOfMonth } from './active-scheme.js';
export { type Against, type ChangesFound, findChanges, indicatorName, isCounted, tooFewCases } from './changes.js';
export { type CountyHeld, findCounties } from './counties.js';
export { type DeadLettersFound, findDeadLetters, requireDeadLetters } from './dead-letters.js';
export { type Explained, sumOf } from './explained.js';
export { type ExplanationFound, findExplanation } from './explanation.js';
export {
  findMonthTable,
  type MonthTableAsked,
  type MonthTableFound,
  type TableIndicator,
  type TableValues,
  tableValues,
} from './month-table.js';
export { partialScheme } from './partial-scheme.js';
export type { Residents, UnitPast } from './past.js';
export {
  findQuarter,
  findYear,
  type PeriodAsked,
  type PeriodHead,
  type QuarterFound,
  type YearFound,
  type YearItems,
  type YearUnits,
} from './periods.js';
export {
  findRanking,
  type Interval,
  indistinctRanks,
  intervalOf,
  type Ranking,
  type RankingAsked,
  type RankingFound,
  type RankRow,
  readRanking,
} from './ranking.js';
export { type Named, type QuestionCode, type QuestionRefusals, refused, type Span } from './refusals.js';
export { decisionsThatCount, findSchemes, type SchemeListFound, type SchemePeriod } from './scheme-list.js';
export { type DimensionShare, type SchemeShare, schemeShares } from './scheme-shares.js';
export {
  firstMonth,
  headOf,
  type MonthAsked,
  type MonthHead,
  type RegionAsked,
  requireCounty,
  requireMonth,
  requireMonthText,
  requireRegion,
} from './scope.js';
export { findSensitivity, type SensitivityAsked, type SensitivityFound, type SensitivityUnit } from './sensitivity.js';
export type { Staleness } from './stale.js';
export type { Story } from './story.js';
export type { Unplaced } from './unplaced.js';
export type { Lack, WayOn } from './way-on.js';
export {
  findSideBySide,
  findWhatIf,
  type SideBySideAsked,
  type SideBySideFound,
  type SideBySideMonth,
  type SideBySideUnit,
  type WhatIfAsked,
  type WhatIfFound,
  type WhatIfMonth,
} from './what-if.js';
export { type CaseAsked, findWithoutCase, type WithoutCaseFound } from './without-case.js';
