import type { Sheet } from '@pingan/presentation';
import stringWidth from 'string-width';
import { shownLine } from './shown.js';

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/**
 * A table for the terminal: columns aligned by display width, so that Chinese texts line up. A row is a line whatever its
 * texts hold.
 */
export function renderTable({ columns, rows }: Sheet): string {
  const cells = rows.map((row) => row.map((text) => shownLine(text)));
  const widths = columns.map(({ title }, i) =>
    Math.max(stringWidth(title), ...cells.map((line) => stringWidth(line[i] ?? ''))),
  );
  const lineOf = (texts: readonly string[]) =>
    texts
      .map((text, i) => padded(text, widths[i] ?? 0, columns[i]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lineOf(columns.map(({ title }) => title)), rule, ...cells.map(lineOf)].join('\n');
}

/** Texts beside a label are read, not looked over: they may be long. */
const FIELD_CHARS = 10_000;

/** Labels and texts, the texts lined up; for what is too long for a table. */
export function renderFields(fields: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...fields.map(([label]) => stringWidth(label)));
  return fields.map(([label, text]) => `${padded(label, width, 'left')}  ${shownLine(text, FIELD_CHARS)}`).join('\n');
}
