/**
 * Characters that steer a terminal or a log viewer, or turn the direction of a text: everything of Unicode's Cc but the
 * line feed, line and paragraph separators, direction marks, lone surrogates.
 */
const steering = /(?!\n)[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

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
