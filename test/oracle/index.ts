export { type Case, type Ledger, ledgerOf } from './cases.js';
export { componentsOf, keyOf, type Sum } from './components.js';
export { type OracleIndicator, type OracleUnit, scoreOf } from './score.js';
