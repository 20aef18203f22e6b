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
const QUOTE = 34;
const CR = 13;

/**
 * Reads one record that contains quotes, from `from`; `lineFeed` is the index of the next line end, or -1. `last` says
 * that no more text follows.
 */
function scanQuoted(text: string, from: number, lineFeed: number, last: boolean): Scan {
  const cells: string[] = [];
  const more: Scan = { state: 'more', cells, end: from };
  let feed = lineFeed;
  let at = from;
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      let close = at + 1;
      for (;;) {
        close = text.indexOf('"', close);
        if (close === -1) return last ? { state: 'bad', cells, end: from } : more;
        if (text.charCodeAt(close + 1) !== QUOTE) break;
        close += 2;
      }
      if (close + 2 >= text.length && !last) return more;
      const cell = text.slice(at + 1, close);
      cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell);
      at = close + 1;
      if (feed !== -1 && feed < at) feed = text.indexOf('\n', at);
      if (text.charCodeAt(at) === CR && (at + 1 === text.length || at + 1 === feed)) at++;
    } else {
      const comma = text.indexOf(',', at);
      const start = at;
      if (comma !== -1 && (feed === -1 || comma < feed)) at = comma;
      else if (feed === -1 && !last) return more;
      else at = feed === -1 ? text.length : feed;
      const isEnd = at !== comma;
      cells.push(text.slice(start, isEnd && at > start && text.charCodeAt(at - 1) === CR ? at - 1 : at));
    }
    if (at >= text.length) return { state: 'record', cells, end: text.length };
    if (at === feed) return { state: 'record', cells, end: at + 1 };
    if (text.charCodeAt(at) !== COMMA) return { state: 'bad', cells, end: from };
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
    let quote = text.indexOf('"');
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
      if (quote !== -1 && quote < from) quote = text.indexOf('"', from);
      if (quote === -1 || quote > lineEnd) {
        const end = text.charCodeAt(lineEnd - 1) === CR && lineEnd > from ? lineEnd - 1 : lineEnd;
        const content = text.slice(from, end);
        if (content.trim() !== '') rows.push({ line, data: content.split(',') });
        from = next;
        line++;
        continue;
      }
      const scan = scanQuoted(text, from, found, last);
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
