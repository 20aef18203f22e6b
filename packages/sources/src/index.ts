export {
  type DeliverOptions,
  type DeliveryReport,
  deliverLedger,
  type FileCounts,
  LedgerChanged,
  type SentVersion,
} from './deliver-ledger.js';
export { type DemoOptions, runDemoStream } from './demo-stream.js';
export { type InboxMemory, openInboxMemory } from './inbox-memory.js';
export { LedgerError } from './ledger-error.js';
export { type InboxTrouble, lookAtInbox } from './look-at-inbox.js';
export { loadMapping, type Mapping, parseMapping } from './mapping.js';

export { noteUnplaced } from './note-unplaced.js';
export { CasesWouldMove } from './planned-moves.js';
export { type LedgerRow, type LedgerSource, readLedger } from './read-ledger.js';
export type { RefusedRow, RowViolation } from './refused-row.js';
export { createRejectionWriter, type Rejection, type RejectionWriter, rejectionOf } from './rejections.js';
export { ledgerRuleText } from './rules.js';
export { producerConfig, runProducer } from './run-producer.js';
export { type WatchOptions, watchFolder } from './watch-folder.js';
