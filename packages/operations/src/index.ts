export { acknowledgeDeadLetters, type LettersAcknowledged } from './acknowledge.js';
export { type Adopted, type AdoptLogOptions, adoptLog, logToAdopt, refuseOthers } from './adopt-log.js';
export { type BackupMade, type BackupVerified, backUp, verifyBackup } from './backup/backup.js';
export { type Restored, restore, storeBeyondBackup } from './backup/restore.js';
export { addCounty, type CountyAdded, type CountyAddOptions, requireRegistration } from './counties.js';
export { type CountyEnd, countyToEnd, endCounty } from './county-end.js';
export {
  type LettersAsked,
  type PlannedLetter,
  planReplay,
  type ReplayPlan,
  replayDeadLetters,
} from './dead-letters.js';
export { type Imported, type ImportOptions, importLedgers } from './import.js';
export type { Installation } from './installation.js';
export { requireFittingLog } from './log/fit.js';
export { unregisteredInLog } from './log/unregistered.js';
export type { SchemeReach } from './past-scheme.js';
export type { OnProgress, Progress } from './progress.js';
export { bytesText, countText } from './quantity.js';
export { type CountyRebuilt, type Rebuilt, rebuild } from './rebuild.js';
export { beforeText } from './reconcile/before-log.js';
export type { DifferenceGroup, DifferenceKind, Differences } from './reconcile/differences.js';
export { type Comparison, type Reconciled, reconcile } from './reconcile/reconcile.js';
export { spanOf } from './registration/refusals.js';
export {
  activateScheme,
  cancelScheme,
  type SchemeActivated,
  type SchemeActivation,
  type SchemeCancelled,
} from './schemes.js';
export { coreServices, producerServices } from './service-names.js';
export { demoLetters, letterText, realLetters } from './status/dead-letters.js';
export { readStatus, type Status } from './status/status.js';
export { summarise, summaryText } from './status/summary.js';
export { occurredText, timeText } from './status/times.js';
export { logEnd, type Offsets, scoreMonthNow, waitUntilStored } from './waiting.js';
export { reportZero, type ZeroReported } from './zero-reports.js';
