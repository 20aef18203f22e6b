import { csvCell } from '@pingan/sources/csv-cell';

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table for spreadsheets: no cell can be taken for a formula, a missing value is an empty cell. */
export function renderCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map((value) => (value === null ? '' : csvCell(value))).join(',')}\n`).join('');
}

/** The same as it is printed: the byte order mark tells Excel and WPS that it is UTF-8. */
export const spreadsheet = (rows: Parameters<typeof renderCsv>[0]): string => `\ufeff${renderCsv(rows).trimEnd()}`;

export type DataRow = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * A table for programs: values exactly as they are (shortest text that reads back equal, codes untouched), NA where
 * there is none.
 */
export function renderDataCsv(columns: readonly string[], rows: readonly DataRow[]): string {
  const lineOf = (cells: readonly DataRow[string][]) => `${cells.map((value) => quoted(dataText(value))).join(',')}\n`;
  return lineOf(columns) + rows.map((row) => lineOf(columns.map((column) => row[column]))).join('');
}

function dataText(value: DataRow[string]): string {
  if (value === null || value === undefined) return 'NA';
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`a table holds ${value}`);
  return String(value);
}
