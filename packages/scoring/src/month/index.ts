export type { Deduction, DeductionOptions, DeductionRule, RedLineEvent } from './deductions.js';
export { componentKey, coverageKey } from './keys.js';
export { scoreMonth } from './score-month.js';
export type * from './types.js';
export { openMonth } from './what-if.js';
export { type IndicatorWindow, type UnitWindows, windowValues } from './window-values.js';
