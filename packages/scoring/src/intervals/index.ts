export {
  INTERVAL_LEVEL,
  type PairOrder,
  type RankIntervalOptions,
  type RankIntervals,
  rankIntervals,
  scoreWithIntervals,
  type UnitInterval,
} from './rank-intervals.js';
