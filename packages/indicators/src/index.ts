export * from './catalogue/index.js';
export * from './clocks/index.js';
export { contextReason, missingReasonNames, missingReasonText } from './missing.js';
export * from './scheme/index.js';
