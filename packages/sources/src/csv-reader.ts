import type { RawRow } from './raw-row.js';

/** A record may span lines, but a quote somebody forgot to close must not swallow the rest of the file. */
const MAX_RECORD_CHARS = 128 * 1024;

interface Scan {
  state: 'record' | 'bad' | 'more';
  cells: string[];
  /** Index after the record's line end. */
  end: number;
}

const COMMA = 44;
const LF = 10;
const CR = 13;

/** Reads one record that contains quotes, from `from`. `last` says that no more text follows. */
function scanQuoted(text: string, from: number, last: boolean): Scan {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    let cell: string;
    if (text[at] === '"') {
      let close = at + 1;
      for (;;) {
        close = text.indexOf('"', close);
        if (close === -1) return { state: last ? 'bad' : 'more', cells, end: from };
        if (text[close + 1] !== '"') break;
        close += 2;
      }
      if (close + 2 >= text.length && !last) return { state: 'more', cells, end: from };
      cell = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
    } else {
      const start = at;
      while (at < text.length && text.charCodeAt(at) !== COMMA && text.charCodeAt(at) !== LF) at++;
      if (at === text.length && !last) return { state: 'more', cells, end: from };
      const cr = text.charCodeAt(at) !== COMMA && at > start && text.charCodeAt(at - 1) === CR;
      cell = text.slice(start, cr ? at - 1 : at);
    }
    cells.push(cell);
    if (text.charCodeAt(at) === CR && (at + 1 === text.length || text.charCodeAt(at + 1) === LF)) at++;
    if (at >= text.length) return { state: 'record', cells, end: text.length };
    const next = text.charCodeAt(at);
    if (next === LF) return { state: 'record', cells, end: at + 1 };
    if (next !== COMMA) return { state: 'bad', cells, end: from };
    at++;
  }
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * Records of a comma-separated text (RFC 4180; a quote inside an unquoted cell is an ordinary character), in batches, each
 * with the line it begins on. A record whose quotes are wrong costs one line: reading goes on with the next line, so
 * nothing is swallowed silently. Blank lines are passed over. Memory is bounded by the chunk and one record.
 */
export async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<RawRow<string[]>[]> {
  let text = '';
  let line = 1;
  /** Inside a line that was refused for its length. */
  let discarding = false;

  /** Takes whole records off the front of `text`. */
  const take = (last: boolean): RawRow<string[]>[] => {
    const rows: RawRow<string[]>[] = [];
    let from = 0;
    while (from < text.length) {
      const found = text.indexOf('\n', from);
      if (found === -1 && !last && !discarding) {
        if (text.length - from <= MAX_RECORD_CHARS) break;
        rows.push({ line, rule: 'too_long' });
        discarding = true;
      }
      if (discarding) {
        if (found !== -1) {
          discarding = false;
          line++;
        }
        from = found === -1 ? text.length : found + 1;
        continue;
      }
      const lineEnd = found === -1 ? text.length : found;
      const next = found === -1 ? text.length : found + 1;
      const content = text.slice(from, text.charCodeAt(lineEnd - 1) === CR && lineEnd > from ? lineEnd - 1 : lineEnd);
      if (!content.includes('"')) {
        if (content.trim() !== '') rows.push({ line, data: content.split(',') });
        from = next;
        line++;
        continue;
      }
      const scan = scanQuoted(text, from, last);
      if (scan.state === 'more' && text.length - from <= MAX_RECORD_CHARS) break;
      if (scan.state === 'record') {
        rows.push({ line, data: scan.cells });
        line += countNewlines(text, from, scan.end);
        from = scan.end;
      } else {
        rows.push({ line, rule: 'bad_quote' });
        from = next;
        line++;
      }
    }
    text = text.slice(from);
    return rows;
  };

  for await (const chunk of chunks) {
    text += chunk;
    const rows = take(false);
    if (rows.length > 0) yield rows;
  }
  const rest = take(true);
  if (rest.length > 0) yield rest;
}
