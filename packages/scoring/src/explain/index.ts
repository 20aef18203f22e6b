export {
  type ChangeExplanation,
  changeExplainer,
  explainChange,
  type IndicatorChange,
  type NoChangeReason,
} from './explain-change.js';
