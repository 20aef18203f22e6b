export {
  type PairOrder,
  type RankIntervalOptions,
  type RankIntervals,
  rankIntervals,
  type UnitInterval,
} from './rank-intervals.js';
