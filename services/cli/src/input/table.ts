import type { Row } from '@pingan/composite';
import { InputFaults } from '@pingan/contracts';
import { CsvError, parse } from 'csv-parse/sync';
import { readInput } from './text.js';

export interface InputTable {
  file: string;
  header: string[];
  rows: Row[];
  /** Line of each row in the file. */
  lines: number[];
}

/** What a score with some steps can hold in about 1.5 GB of memory. */
export const MAX_CELLS = 2_000_000;

interface TableOptions {
  file: string;
  what: string;
  /** Columns the table must have. */
  needed: readonly string[];
  /** Name of the first column, whatever the file calls it. */
  first?: string;
}

const syntaxTexts: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: '引号没有闭合',
  INVALID_OPENING_QUOTE: '单元格中间有引号',
  CSV_INVALID_CLOSING_QUOTE: '右引号后面还有内容',
};

/** A CSV file with a header row; cells as texts. @throws InputFaults naming file and line of everything wrong */
export async function readTable({ file, what, needed, first }: TableOptions): Promise<InputTable> {
  const text = await readInput(file, what);
  const faults: string[] = [];
  const table: InputTable = { file, header: [], rows: [], lines: [] };
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record: string[], { lines }) => {
        if (table.header.length === 0) {
          table.header = headerOf(record, first);
          faults.push(...headerFaults(table.header, needed).map((text) => `${file} 第 ${lines} 行：${text}`));
        } else if (record.length !== table.header.length) {
          faults.push(
            `${file} 第 ${lines} 行：有 ${record.length} 列，表头有 ${table.header.length} 列。请核对逗号和引号。`,
          );
        } else if ((table.rows.length + 1) * record.length > MAX_CELLS) {
          throw new InputFaults([`${what} ${file} 超过 ${MAX_CELLS / 10_000} 万个单元格。请拆小，或删去用不到的列。`]);
        } else {
          table.rows.push(rowOf(table.header, record));
          table.lines.push(lines);
        }
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? ` 第 ${error.lines} 行` : '';
    faults.push(`${file}${line}：不是有效的 CSV，${syntaxTexts[error.code] ?? error.code}。`);
  }
  if (faults.length === 0 && table.header.length === 0) faults.push(`${what} ${file} 是空的。`);
  else if (faults.length === 0 && table.rows.length === 0) faults.push(`${what} ${file} 只有表头，没有数据。`);
  if (faults.length > 0) throw new InputFaults(faults);
  return table;
}

function headerOf(record: readonly string[], first: string | undefined): string[] {
  const header = record.map((name) => name.trim());
  if (first !== undefined) header[0] = first;
  return header;
}

function headerFaults(header: readonly string[], needed: readonly string[]): string[] {
  const unnamed = header.flatMap((name, i) => (name === '' ? [`第 ${i + 1} 列没有列名。`] : []));
  const repeated = header.filter((name, i) => name !== '' && header.indexOf(name) < i);
  const missing = needed.filter((name) => !header.includes(name));
  return [
    ...unnamed,
    ...repeated.map((name) => `列 ${name} 重复。请删去或改名。`),
    ...missing.map((name) => `没有列 ${name}。必须有的列：${needed.join('、')}。`),
    ...header.filter((name) => name === '__proto__').map((name) => `列名不能是 ${name}。`),
  ];
}

function rowOf(header: readonly string[], record: readonly string[]): Row {
  const row: Record<string, string> = {};
  for (let i = 0; i < header.length; i++) row[header[i]!] = record[i]!;
  return row;
}
