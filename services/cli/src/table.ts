import type { Sheet } from '@pingan/presentation';
import stringWidth from 'string-width';
import type { Paint } from './colour.js';
import { shownLine } from './shown.js';

function padded(text: string, width: number, align: 'left' | 'right', shown = text): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + shown : shown + space;
}

/** Columns of the terminal; of what `COLUMNS` says for a pipe or file, where lines are otherwise as long as they are. */
function widthNow(): number | undefined {
  const { stdout, env } = process;
  const said = Number(env.COLUMNS);
  const width = stdout.isTTY ? stdout.columns : said;
  return Number.isInteger(width) && width >= 40 ? width : undefined;
}

/** No column is narrower, or its words are torn to pieces. */
const NARROWEST = 8;
/** The same for a heading over figures: two Chinese characters. */
const NARROWEST_HEADING = 4;

/** A text in lines of a width, broken anywhere: Chinese has no blanks to break at. */
function linesOf(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    if (line !== '' && stringWidth(line + character) > width) {
      lines.push(line);
      line = character === ' ' ? '' : character;
    } else line += character;
  }
  return [...lines, line];
}

/** Widths that fit together with the gaps: headings give way first, then the widest texts; figures are never broken. */
function fitted(
  columns: Sheet['columns'],
  cells: readonly (readonly string[])[],
  width: number,
  gap: number,
): number[] {
  const content = columns.map((_, i) => Math.max(0, ...cells.map((line) => stringWidth(line[i] ?? ''))));
  const widths = columns.map(({ title }, i) => Math.max(stringWidth(title), content[i]!));
  const least = columns.map(({ title, align }, i) => {
    const heading = Math.min(stringWidth(title), NARROWEST_HEADING);
    return Math.max(heading, align === 'right' ? content[i]! : Math.min(content[i]!, NARROWEST));
  });
  let over = widths.reduce((sum, one) => sum + one, gap * (widths.length - 1)) - width;
  const give = (from: number, floor: number) => {
    const given = Math.max(0, Math.min(over, widths[from]! - floor));
    widths[from]! -= given;
    over -= given;
  };
  for (const i of widths.keys()) give(i, Math.max(content[i]!, least[i]!));
  const texts = [...widths.keys()].sort((a, b) => widths[b]! - widths[a]!);
  for (const i of texts) give(i, least[i]!);
  return widths;
}

export interface Rendering {
  width?: number | undefined;
  /** Lays colours behind cells that have one. */
  paint?: Paint;
}

/**
 * A table for the terminal: columns aligned by display width, so that Chinese texts line up. Wider than the terminal, it has narrower
 * columns whose texts go on in further lines; else a row is a line whatever its texts hold. Every text is escaped.
 */
export function renderTable(sheet: Sheet, { width = widthNow(), paint }: Rendering = {}): string {
  const columns = sheet.columns.map(({ title, align }) => ({ title: shownLine(title), align }));
  const cells = sheet.rows.map((row) => row.map((text) => shownLine(text)));
  const natural = fitted(columns, cells, Number.POSITIVE_INFINITY, 2);
  const isNarrow = width !== undefined && natural.reduce((sum, one) => sum + one + 2, -2) > width;
  const gap = isNarrow ? 1 : 2;
  const widths = isNarrow ? fitted(columns, cells, width, gap) : natural;
  const lineOf = (texts: readonly string[], colours: readonly (string | undefined)[] = []) => {
    const parts = texts.map((text, i) => linesOf(text, widths[i]!));
    const height = Math.max(1, ...parts.map(({ length }) => length));
    const cellOf = (text: string, i: number) => {
      const colour = text === '' ? undefined : colours[i];
      const shown = paint && colour !== undefined ? paint(text, colour) : text;
      return padded(text, widths[i] ?? 0, columns[i]?.align ?? 'left', shown);
    };
    return Array.from({ length: height }, (_, at) =>
      parts
        .map((lines, i) => cellOf(lines[at] ?? '', i))
        .join(' '.repeat(gap))
        .trimEnd(),
    ).join('\n');
  };
  const rule = widths.map((width) => '─'.repeat(width)).join(' '.repeat(gap));
  const rows = cells.map((row, i) => lineOf(row, sheet.colours?.[i]));
  return [lineOf(columns.map(({ title }) => title)), rule, ...rows].join('\n');
}

/** Texts beside a label are read, not looked over: they may be long. */
const FIELD_CHARS = 10_000;

/** Labels and texts, the texts lined up; for what is too long for a table. */
export function renderFields(fields: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...fields.map(([label]) => stringWidth(label)));
  return fields.map(([label, text]) => `${padded(label, width, 'left')}  ${shownLine(text, FIELD_CHARS)}`).join('\n');
}
