export {
  type ChangeExplanation,
  changeExplainer,
  explainChange,
  type IndicatorChange,
  type NoChangeReason,
  type ReferenceParts,
} from './explain-change.js';
