export { defaultScheme, defaultSchemeOf } from './default.js';
export { type SchemeDoubt, schemeDoubts } from './doubts.js';
export { issueLine, SchemeError, type SchemeIssue } from './errors.js';
export { type ForbiddenTarget, forbiddenTarget, forbiddenTargets } from './forbidden.js';
export { schemeHash } from './hash.js';
export { schemeJsonSchema } from './json-schema.js';
export { parseScheme } from './parse.js';
export type {
  Scheme,
  SchemeBand,
  SchemeDeduction,
  SchemeDimension,
  SchemeDocument,
  SchemeIndicator,
} from './schema.js';
export { type ScoringIndicator, type ScoringInput, toScoringInput } from './scoring-input.js';
