import type { Hash } from 'node:crypto';
import { basename } from 'node:path';
import type { PingAnEvent } from '@pingan/contracts';
import { type County, RegionIndex } from '@pingan/regions';
import { type CaseVersions, caseVersions } from './case-versions.js';
import { deliveryTime } from './delivery-time.js';
import { type FileState, stateOf } from './file-state.js';
import { LedgerError } from './ledger-error.js';
import type { Mapping } from './mapping.js';
import type { EmptyRow, RawRow } from './raw-row.js';
import { createRowMapper, type MappedRow } from './row-mapper.js';
import { formatOf, openLedger } from './row-reader.js';
import { checkText } from './text-file.js';

export type LedgerRow =
  | { kind: 'event'; line: number; event: PingAnEvent; month: string }
  | ({ line: number } & Extract<MappedRow, { kind: 'rejected' }>)
  | { kind: 'skipped'; line: number }
  /** Cells without any content. */
  | { kind: 'empty'; line: number };

export interface LedgerSource {
  file: string;
  mapping: Mapping;
  county: County;
  /** The clock, milliseconds; a delivery, version or event that claims to be later is refused. */
  now?: number | undefined;
}

/** A ledger that can be read: encoding, header, mapping and delivery time are in order. */
export interface CheckedLedger {
  file: string;
  delivered: number;
  now: number;
  notes: string[];
  /** What the file was when it was checked. */
  state: FileState;
  sha256: string;
}

/** Everything that can be known wrong before the first row. @throws LedgerError */
export async function checkLedger({ file, mapping, county, now = Date.now() }: LedgerSource): Promise<CheckedLedger> {
  if (mapping.county !== undefined && mapping.county !== county.code) {
    throw new LedgerError(basename(file), [`映射属于县 ${mapping.county}，不是 ${county.code}`]);
  }
  formatOf(file, mapping);
  try {
    const state = await stateOf(file);
    const sha256 = await checkText(file, mapping.encoding);
    const ledger = await openLedger(file, mapping);
    await ledger.close();
    const delivered = await deliveryTime(file, mapping, county.timeZone, now);
    return { file, delivered, now, notes: ledger.notes, state, sha256 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof LedgerError || code === undefined) throw error;
    throw new LedgerError(basename(file), [`无法读取（${code}）`]);
  }
}

/** Rows of a ledger that has been checked, in file order and in batches: a step of a generator per row would be dear. */
export async function* readBatches(
  source: LedgerSource & { delivered: number; now: number; index: RegionIndex; versions: CaseVersions; seen?: Hash },
): AsyncGenerator<LedgerRow[]> {
  const { file, mapping, county, index, delivered, now, versions, seen } = source;
  const ledger = await openLedger(file, mapping, seen);
  const map = createRowMapper({ mapping, county, index, delivered, now, cell: ledger.cell });
  const skipsEmpty = mapping.skip.some(({ values, empty }) => empty === true || values?.includes(''));
  const read = (row: RawRow<unknown> | EmptyRow): LedgerRow => {
    const { line } = row;
    if ('empty' in row) return { kind: skipsEmpty ? 'skipped' : 'empty', line };
    if ('rule' in row) {
      const violation = { column: '', field: '', rule: row.rule, value: '' };
      return { kind: 'rejected', line, row: { caseId: '', cells: '' }, violations: [violation] };
    }
    const mapped = map(row.data);
    if (mapped.kind !== 'event') return { line, ...mapped };
    const { event, month } = mapped;
    if (mapping.version === undefined) event.version = versions.next(event);
    return { kind: 'event', line, event, month };
  };
  try {
    for await (const batch of ledger.batches) yield batch.map(read);
  } finally {
    await ledger.close();
  }
}

/**
 * Reads one ledger: every row becomes an event, a rejection or a skipped row, in file order, with the line it begins on.
 * @throws LedgerError before the first row when mapping, encoding or header are wrong.
 */
export async function* readLedger(source: LedgerSource & { index?: RegionIndex }): AsyncGenerator<LedgerRow> {
  const { delivered, now } = await checkLedger(source);
  const index = source.index ?? new RegionIndex(source.county);
  const versions = caseVersions(delivered);
  for await (const batch of readBatches({ ...source, delivered, now, index, versions })) yield* batch;
}
