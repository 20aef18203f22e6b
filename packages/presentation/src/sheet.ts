/** A column of a table and how its cells are made. */
export interface Column<T> {
  title: string;
  value: (row: T) => string;
  align?: 'left' | 'right';
  /** `#rrggbb` behind the text, where a face has colours; the text says the same. */
  colour?: (row: T) => string | undefined;
}

/** A table of texts for a terminal, a page or a document. */
export interface Sheet {
  columns: readonly { title: string; align: 'left' | 'right' }[];
  /** Cells in the order of the columns. */
  rows: readonly (readonly string[])[];
  /** Of the cells of each row; only where a column has colours. */
  colours?: readonly (readonly (string | undefined)[])[];
}

/** A sentence or a table; parts are shown in their order. */
export type Part = string | Sheet;

/** Cells of a file for spreadsheets or programs; null is an empty one. */
export type Cells = readonly (readonly (string | number | null)[])[];

export function sheet<T>(columns: readonly Column<T>[], rows: readonly T[]): Sheet {
  const isColoured = columns.some(({ colour }) => colour !== undefined);
  return {
    columns: columns.map(({ title, align = 'left' }) => ({ title, align })),
    rows: rows.map((row) => columns.map(({ value }) => value(row))),
    ...(isColoured ? { colours: rows.map((row) => columns.map(({ colour }) => colour?.(row))) } : {}),
  };
}

export const right = { align: 'right' } as const;

export const dash = '—';

/** Two decimals, the way every score is shown; an em dash where there is none. */
export function score(value: number | null): string {
  return value === null ? dash : value.toFixed(2);
}

/** Two decimals with their sign; nothing is added to a change too small to show. */
export function signed(value: number): string {
  const text = value.toFixed(2);
  if (Number(text) === 0) return '0.00';
  return value > 0 ? `+${text}` : text;
}

export const rankText = (rank: number | null) => (rank === null ? dash : String(rank));

/** "3" or "3–9". */
export function spanText(low: number, high: number): string {
  return low === high ? String(low) : `${low}–${high}`;
}

/** At most two decimals. */
export const figure = (value: number | null | undefined) => (value == null ? dash : String(Number(value.toFixed(2))));

/** `3 → 5`, or what both are. */
export const arrow = (before: string, after: string) => (before === after ? before : `${before} → ${after}`);

/** A change with its sign is a number: as a text it would be taken for a formula. */
const cellOf = (text: string): string | number => (/^[+-]\d+(\.\d+)?$/.test(text) ? Number(text) : text);

/** The tables among the parts, an empty line between two. */
export function cellsOf(parts: readonly Part[]): Cells {
  const tables = parts.filter((part) => typeof part !== 'string');
  return tables.flatMap(({ columns, rows }, i) => [
    ...(i > 0 ? [[]] : []),
    columns.map(({ title }) => title),
    ...rows.map((row) => row.map(cellOf)),
  ]);
}

/** A score in a spreadsheet: two decimals, as it is shown everywhere; JSON has all of them. */
export const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(2)));
