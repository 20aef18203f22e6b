export type { PeriodMissing, PeriodUnit, ScoredMonth, ScoredMonths } from './mean.js';
export { quarterMonths, scoreQuarter } from './quarter.js';
export {
  type AnnualItem,
  type AnnualVeto,
  proposedYearLines,
  scoreYear,
  type YearGrade,
  type YearLines,
  type YearOptions,
  type YearUnit,
  yearGradeNames,
  yearMonths,
} from './year.js';
export { type YearOnYear, type YearOnYearUnit, yearOnYear } from './year-on-year.js';
