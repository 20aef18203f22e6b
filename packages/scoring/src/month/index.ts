export type { Deduction, DeductionOptions, DeductionRule, RedLineEvent } from './deductions.js';
export type { BandMonth, BandState, Hysteresis } from './hysteresis.js';
export { componentKey, coverageKey } from './keys.js';
export { scoreMonth } from './score-month.js';
export type * from './types.js';
export { type IndicatorWindow, type UnitWindows, windowValues } from './window-values.js';
