/**
 * Characters that steer a terminal or a log viewer, or turn the direction of a text: everything of Unicode's Cc but the
 * line feed, line and paragraph separators, direction marks, lone surrogates; and everything that has no shape, for a
 * text with it looks exactly like one without. Joiners inside an emoji have one.
 */
const steering =
  /(?!\n)(?!(?<=\p{Extended_Pictographic}\ufe0f?)[\u200d\ufe0f])[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

const escaped = (c: string): string => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** A text as it may be printed: whoever wrote a case id or a ledger must not write to the operator's terminal. */
export function shown(text: string): string {
  return text.replace(steering, escaped);
}

/** The same for one cell or one line, at most so many characters long. */
export function shownLine(text: string, limit = 200): string {
  const line = shown(text).replaceAll('\n', '\\n');
  const points = Array.from(line);
  return points.length > limit ? `${points.slice(0, limit).join('')}…` : line;
}

/** What a command prints, as it goes out: a file for spreadsheets begins with a byte order mark, without which they guess wrong. */
export function printed(text: string): string {
  return text.startsWith('\ufeff') ? `\ufeff${shown(text.slice(1))}` : shown(text);
}
