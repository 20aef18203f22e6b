/** A row as it stands in the file, or the rule it breaks before its columns can be told apart. */
export type RawRow<T> = { line: number; data: T } | { line: number; rule: string };

/** Cells and nothing in any of them: spreadsheets save such rows below their last one. */
export interface EmptyRow {
  line: number;
  empty: true;
}
