const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as HTML content or attribute value. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]!);

export interface HtmlColumn<T> {
  title: string;
  value: (row: T) => string;
  /** CSS class of the column's cells. */
  style?: string;
}

/** A table of texts; nothing in them is taken as markup. */
export function htmlTable<T>(columns: readonly HtmlColumn<T>[], rows: readonly T[]): string {
  const cell = (tag: 'th' | 'td', text: string, style?: string) =>
    `<${tag}${style === undefined ? '' : ` class="${escapeHtml(style)}"`}>${escapeHtml(text)}</${tag}>`;
  const head = columns.map(({ title, style }) => cell('th', title, style)).join('');
  const lines = rows.map(
    (row) => `<tr>${columns.map(({ value, style }) => cell('td', value(row), style)).join('')}</tr>`,
  );
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>`;
}
