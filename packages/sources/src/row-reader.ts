import type { Hash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { isPlainText, plainText, shortened } from '@pingan/contracts';
import { findPersonalData, maskOf } from '@pingan/privacy';
import { csvRows } from './csv-reader.js';
import { jsonlRows } from './jsonl-reader.js';
import { LedgerError } from './ledger-error.js';
import { HEADER_ROWS, type Mapping, mappedColumns } from './mapping.js';
import type { EmptyRow, RawRow } from './raw-row.js';
import { textOf } from './text-file.js';

/** A ledger opened for reading: its columns are known, its rows are not read yet. */
export interface OpenLedger {
  /** Things worth telling that do not stop the import. */
  notes: string[];
  cell: (column: string) => (row: unknown) => unknown;
  batches: AsyncIterable<(RawRow<unknown> | EmptyRow)[]>;
  /** Needed only when the rows are not read to the end. */
  close: () => Promise<void>;
}

export function formatOf(file: string, mapping: Mapping): 'csv' | 'jsonl' {
  if (mapping.format !== undefined) return mapping.format;
  const extension = extname(file).toLowerCase();
  if (extension === '.csv') return 'csv';
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl';
  if (/^\.(xlsx?|xlsm|et)$/.test(extension)) {
    throw new LedgerError(basename(file), [
      '这是 Excel 或 WPS 表格，不能直接读取。请用 WPS 或 Excel 打开，另存为 CSV UTF-8 再导入',
    ]);
  }
  throw new LedgerError(basename(file), [`无法从扩展名“${extension}”判断格式，请在映射中写 format: csv 或 jsonl`]);
}

/** A header line for an error message, with personal data masked: the line may be a case instead of a header. */
function columnsText(columns: readonly string[]): string {
  return columns
    .filter(Boolean)
    .map((name) => {
      const kind = findPersonalData(name);
      return kind === undefined ? shortened(name) : maskOf(kind);
    })
    .join('、');
}

/** The line further down that has every mapped column, if one has. */
function headerBelow(below: readonly (RawRow<string[]> | EmptyRow)[], mapping: Mapping): number | undefined {
  const wanted = mappedColumns(mapping).map(({ column }) => column);
  const found = below.find((row) => {
    if (!('data' in row) || row.line > HEADER_ROWS) return false;
    const cells = new Set(row.data.map(plainText));
    return wanted.every((column) => cells.has(column));
  });
  return found?.line;
}

/** @throws LedgerError when a mapped column is missing or named twice; says where the header is, or what stands in its place. */
function checkColumns(
  file: string,
  columns: readonly string[],
  mapping: Mapping,
  below: readonly (RawRow<string[]> | EmptyRow)[],
): string[] {
  const count = new Map<string, number>();
  for (const name of columns) count.set(name, (count.get(name) ?? 0) + 1);
  const problems: string[] = [];
  for (const { path, column } of mappedColumns(mapping)) {
    const times = count.get(column) ?? 0;
    if (times === 0) problems.push(`映射 ${path}：台账中没有列“${column}”`);
    if (times > 1) problems.push(`映射 ${path}：列“${column}”在表头中出现 ${times} 次，无法确定用哪一列`);
  }
  if (problems.length > 0) {
    const line = headerBelow(below, mapping);
    if (line !== undefined) {
      throw new LedgerError(basename(file), [
        `表头在第 ${line} 行，上面是标题或填报单位。请在映射中加一行 header_row: ${line}，或删去表头上面的各行`,
      ]);
    }
    throw new LedgerError(basename(file), [...problems, `台账现有的列：${columnsText(columns)}`]);
  }
  const repeated = [...count].filter(([name, times]) => name !== '' && times > 1).map(([name]) => name);
  const notes: string[] = [];
  if (repeated.length > 0) notes.push(`表头有重复的列（未使用）：${repeated.join('、')}`);
  if (count.has('')) notes.push(`表头有 ${count.get('')} 个空列名（未使用）`);
  return notes;
}

const isBlank = (cell: string): boolean => plainText(cell) === '';

async function openCsv(file: string, mapping: Mapping, seen?: Hash): Promise<OpenLedger> {
  const batches = csvRows(textOf(file, mapping.encoding, seen));
  const first = await batches.next();
  const rows = first.done ? [] : first.value;
  const above = mapping.header_row === undefined ? 0 : rows.findIndex(({ line }) => line >= mapping.header_row!);
  rows.splice(0, above === -1 ? rows.length : above);
  const head = rows.shift();
  if (head === undefined || !('data' in head)) {
    await batches.return(undefined);
    throw new LedgerError(basename(file), [
      mapping.header_row === undefined
        ? '没有可用的表头'
        : `第 ${mapping.header_row} 行不是可用的表头，请核对映射的 header_row`,
    ]);
  }
  const columns = head.data.map(plainText);
  let notes: string[];
  try {
    notes = checkColumns(file, columns, mapping, rows);
  } catch (error) {
    await batches.return(undefined);
    throw error;
  }
  const width = columns.length;
  const named = columns.findLastIndex((name) => name !== '') + 1;
  const whole = (row: RawRow<string[]>): RawRow<string[]> | EmptyRow => {
    if (!('data' in row)) return row;
    if (row.data.every(isBlank)) return { line: row.line, empty: true };
    if (row.data.length === width) return row;
    // Spreadsheets write empty cells beyond the last column, or leave them off: nothing is in the wrong place.
    const isSame = row.data.length > width ? row.data.slice(width).every(isBlank) : row.data.length >= named;
    return isSame ? row : { line: row.line, rule: 'column_count' };
  };
  async function* checked(): AsyncGenerator<(RawRow<unknown> | EmptyRow)[]> {
    yield rows.map(whole);
    for await (const batch of batches) yield batch.map(whole);
  }
  return {
    notes,
    cell: (column) => {
      const at = columns.indexOf(column);
      return (row) => (row as string[])[at];
    },
    batches: checked(),
    close: async () => {
      await batches.return(undefined);
    },
  };
}

/**
 * Opens a ledger. The columns of JSON lines are whatever each line has, so only those of a CSV can be checked here.
 * `seen` is given every byte that is read.
 * @throws LedgerError
 */
export async function openLedger(file: string, mapping: Mapping, seen?: Hash): Promise<OpenLedger> {
  if (formatOf(file, mapping) === 'csv') return openCsv(file, mapping, seen);
  const batches = jsonlRows(textOf(file, mapping.encoding, seen));
  return {
    notes: [],
    cell: (column) => (row) => {
      const cells = row as Record<string, unknown>;
      if (Object.hasOwn(cells, column)) return cells[column];
      const name = Object.keys(cells).find((key) => !isPlainText(key) && plainText(key) === column);
      return name === undefined ? undefined : cells[name];
    },
    batches,
    close: async () => {
      await batches.return(undefined);
    },
  };
}
