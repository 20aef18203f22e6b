import { plainText } from '@pingan/contracts';
import type { EmptyRow, RawRow } from './raw-row.js';

const MAX_LINE_CHARS = 128 * 1024;

export type JsonObject = Record<string, unknown>;

const isEmpty = (value: unknown): boolean => value === null || (typeof value === 'string' && plainText(value) === '');

function parseLine(line: number, text: string): RawRow<JsonObject> | EmptyRow {
  if (text.length > MAX_LINE_CHARS) return { line, rule: 'too_long' };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.values(value).every(isEmpty) ? { line, empty: true } : { line, data: value as JsonObject };
    }
  } catch {
    // Falls through: what cannot be parsed and what is no object are the same rejection.
  }
  return { line, rule: 'not_json' };
}

/** One JSON object per line, in batches with line numbers; blank lines are passed over, bad ones are rejected rows. */
export async function* jsonlRows(chunks: AsyncIterable<string>): AsyncGenerator<(RawRow<JsonObject> | EmptyRow)[]> {
  let rest = '';
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    // Enough of an endless line is kept to refuse it; the remainder is dropped so that memory stays bounded.
    if (rest.length > 2 * MAX_LINE_CHARS) rest = rest.slice(0, MAX_LINE_CHARS + 1);
    const rows: (RawRow<JsonObject> | EmptyRow)[] = [];
    for (const text of lines) {
      line++;
      if (text.trim() !== '') rows.push(parseLine(line, text));
    }
    if (rows.length > 0) yield rows;
  }
  if (rest.trim() !== '') yield [parseLine(line + 1, rest)];
}
