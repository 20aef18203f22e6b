export type { MonthComparison, Standing, UnitComparison } from './comparison.js';
export {
  type Choice,
  type RemovedIndicator,
  type Sensitivity,
  type SensitivityOptions,
  sensitivity,
} from './sensitivity/sensitivity.js';
export { whatIf } from './what-if.js';
export { type FigureChange, type UnitWithoutCase, type WithoutCase, withoutCase } from './without-case.js';
