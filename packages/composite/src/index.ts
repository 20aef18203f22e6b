export { AGGREGATIONS, type Aggregation, copeland, type MeanOptions, weightedMean } from './aggregate.js';
export * from './availability.js';
export * from './benefit-of-doubt.js';
export { type Cell, type Column, columnOf, type Frame, frameRows, isConstant, present, type Row } from './columns.js';
export * from './contribution.js';
export * from './control-charts.js';
export * from './correlation.js';
export * from './dataset.js';
export * from './denominate.js';
export * from './empirical-bayes.js';
export { ScoringError, type ScoringErrorCode, type ScoringWarning, type ScoringWarningCode } from './errors.js';
export * from './funnel.js';
export * from './impute.js';
export * from './indicator-stats.js';
export * from './intervals.js';
export {
  ancestors,
  excludeElements,
  indicatorsBelow,
  type Model,
  readModel,
  rebuildModel,
  topCode,
} from './model.js';
export type { Element } from './model-checks.js';
export * from './normalise.js';
export * from './panel.js';
export {
  type AggregateOptions,
  type AggregationPlan,
  aggregateFrame,
  planAggregation,
  planWeights,
  runPlan,
  type Weights,
} from './plan.js';
export * from './random.js';
export { RANK_DIGITS, rankAscending, rankDescending, rankInGroups, type TieRule } from './ranks.js';
export * from './recipe.js';
export * from './reliability.js';
export * from './results.js';
export { type ScoredTable, type StepResult, scoreTable } from './score-table.js';
export * from './sobol.js';
export * from './stats.js';
export type { Files, Tables } from './step-state.js';
export * from './topsis.js';
export * from './treat.js';
export * from './trend.js';
export {
  meanAbsoluteShift,
  type RankSpread,
  type RankUncertainty,
  type RemovedElement,
  removeEach,
  type SimulateOptions,
  simulateRanks,
  type WeightUncertaintyOptions,
  weightUncertainty,
} from './uncertainty.js';
export { effectiveWeights, equalWeights, givenWeights, perturbWeights, readWeights } from './weights.js';
export * from './weights-ahp.js';
export * from './weights-correlation.js';
export * from './weights-data.js';
