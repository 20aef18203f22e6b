import { scoringError } from './errors.js';

/** One value of a table: a finite number, or null where it is missing. */
export type Cell = number | null;
export type Column = readonly Cell[];

/** A parsed table row, as a CSV reader gives it: text or numbers; empty, `NA` and null are missing. */
export type Row = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Units down, codes across; every column has one cell per unit. */
export interface Frame {
  readonly units: readonly string[];
  readonly columns: ReadonlyMap<string, Column>;
}

/** Refuses NaN and ±Infinity at the door, so that no later step can pass them on. */
export function requireFinite(column: Column, place: string): void {
  column.forEach((value, i) => {
    if (value !== null && !Number.isFinite(value)) {
      throw scoringError(
        'NON_FINITE',
        `${place}第 ${i + 1} 个值`,
        '不是有限的数',
        '缺数请留空（null），不要写 NaN 或无穷大',
      );
    }
  });
}

export function requireSameLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>, place: string): void {
  if (a.length !== b.length) {
    throw scoringError('LENGTH_MISMATCH', place, `长度不等：${a.length} 与 ${b.length}`, '请让两者逐项对应');
  }
}

export function present(column: Column): number[] {
  return column.filter((value) => value !== null);
}

export function mapPresent(column: Column, fn: (value: number, index: number) => number): Cell[] {
  return column.map((value, i) => (value === null ? null : fn(value, i)));
}

export function minOf(values: ArrayLike<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i]!);
  return least;
}

export function maxOf(values: ArrayLike<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
}

export function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** The rows in which no column is missing, column by column. */
export function completeRows(columns: readonly Column[]): { columns: number[][]; rows: number[] } {
  const length = columns[0]?.length ?? 0;
  for (const column of columns) requireSameLength(column, columns[0]!, '各列');
  const rows: number[] = [];
  for (let i = 0; i < length; i++) if (columns.every((column) => column[i] !== null)) rows.push(i);
  return { columns: columns.map((column) => rows.map((i) => column[i]!)), rows };
}

export function columnOf(frame: Frame, code: string): Column {
  const column = frame.columns.get(code);
  if (column === undefined) {
    const known = [...frame.columns.keys()].join('、');
    throw scoringError('UNKNOWN_CODE', `列 ${code}`, '表里没有这一列', `已有的列：${known}`);
  }
  return column;
}

export function mapFrame(frame: Frame, fn: (column: Column, code: string) => Column): Frame {
  return { units: frame.units, columns: new Map([...frame.columns].map(([code, col]) => [code, fn(col, code)])) };
}

export function selectUnits(frame: Frame, keep: readonly number[]): Frame {
  return {
    units: keep.map((i) => frame.units[i]!),
    columns: new Map([...frame.columns].map(([code, col]) => [code, keep.map((i) => col[i]!)])),
  };
}

/** A frame as rows, uCode first. */
export function frameRows(frame: Frame): Record<string, string | number | null>[] {
  return tableRows(frame.units, frame.columns);
}

/** Columns of anything as rows, uCode first. */
export function tableRows<T>(
  units: readonly string[],
  columns: ReadonlyMap<string, readonly T[]>,
): Record<string, string | T>[] {
  const codes = [...columns.keys()];
  const values = [...columns.values()];
  return units.map((uCode, i) => {
    const row: Record<string, string | T> = { uCode };
    for (let k = 0; k < codes.length; k++) row[codes[k]!] = values[k]![i]!;
    return row;
  });
}
