import type { County } from '@pingan/regions';

/** What a long operation has come to, for who waits for it. */
export type Progress =
  | { step: 'storing' /** Messages sent and not stored yet. */; left: bigint }
  | { step: 'sent' }
  | { step: 'settling' }
  /** Months that have a score and lie before the start of their county. */
  | { step: 'before_start'; county: County; months: string[]; start: string }
  | { step: 'rebuilding' }
  | { step: 'read'; messages: number }
  | { step: 'replaced' }
  | { step: 'repairing' }
  | { step: 'pausing' }
  | { step: 'checking'; files: number }
  | { step: 'backup_incomplete'; folder: string }
  | { step: 'not_stored'; why: string }
  | { step: 'table_saved'; table: string; rows: number; bytes: number }
  | { step: 'restoring_again'; backup: string }
  | { step: 'dropping_demos'; counties: { code: string; name: string }[] }
  | { step: 'table_restored'; table: string; rows: number };

export type OnProgress = (progress: Progress) => void;
