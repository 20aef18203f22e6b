import { shortened } from '@pingan/contracts';
import { findPersonalData, maskOf } from '@pingan/privacy';
import { cellText } from './convert.js';
import { type Mapping, mappedColumns } from './mapping.js';
import { ownText } from './own-text.js';

/** Why a row was refused: where in the ledger, which field of the event, which rule; the value masked or shortened. */
export interface RowViolation {
  column: string;
  field: string;
  rule: string;
  value: string;
  /** The words a choice may have, where the cell holds none of them. */
  allowed?: readonly string[];
}

/** A refused row as a person finds it again: its id and its mapped cells, masked and shortened. */
export interface RefusedRow {
  caseId: string;
  /** `乡镇=城关镇；类型=宅基地`. */
  cells: string;
}

/** A cell as it may be kept and shown. */
export function displayed(value: unknown): string {
  const kind = findPersonalData(typeof value === 'string' ? value : cellText(value));
  return kind === undefined ? ownText(shortened(value ?? '')) : maskOf(kind);
}

/** How the mapped cells of a row are shown. */
export function shownCells<T>(mapping: Mapping, cell: (column: string) => (row: T) => unknown): (row: T) => string {
  const columns = [...new Set(mappedColumns(mapping).map(({ column }) => column))];
  const cells = columns.map((column) => ({ column, at: cell(column) }));
  return (row) => cells.map(({ column, at }) => `${column}=${displayed(at(row))}`).join('；');
}
