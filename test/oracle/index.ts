export { type Case, type Ledger, ledgerOf } from './cases.js';
export { componentsOf, keyOf, type Sum } from './components.js';
export { type Options, plain } from './options.js';
export { incidentsOf } from './red-lines.js';
export { bands, scheme } from './rules.js';
export { type OracleIndicator, type OracleUnit, scoreOf } from './score.js';
