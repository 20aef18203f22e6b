export { dependsOnRegistry, judge, type Verdict } from './judge.js';
export { deadLetterOf } from './letter.js';
export {
  checkLog,
  checkLogBy,
  compareLogs,
  type Epochs,
  type LogProblem,
  type LogVerdict,
  problemTexts,
  readWatermark,
  UnfitLog,
  watermarkOf,
} from './log-check.js';
export { CountyRegistry, type KnownCounty } from './registry.js';
export { storeWindow, type WindowContext, type WindowResult } from './store-window.js';
