const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const digit = (text: string, at: number) => text.charCodeAt(at) - 48;
const two = (text: string, at: number) => digit(text, at) * 10 + digit(text, at + 1);

const DOT = 46;
const PLUS = 43;
const UPPER_Z = 90;

/**
 * Milliseconds since 1970 of an instant in the form the contracts allow (`2026-10-01T08:00:00.123+08:00`), cut below the
 * millisecond. Several times faster than Date.parse, which has to expect any form.
 */
export function instantMs(text: string): number {
  let ms =
    Date.UTC(two(text, 0) * 100 + two(text, 2), two(text, 5) - 1, two(text, 8)) +
    two(text, 11) * HOUR_MS +
    two(text, 14) * MINUTE_MS +
    two(text, 17) * 1_000;
  let at = 19;
  if (text.charCodeAt(at) === DOT) {
    let unit = 100;
    for (at += 1; digit(text, at) >= 0 && digit(text, at) <= 9; at += 1) {
      ms += digit(text, at) * unit;
      unit = unit > 1 ? unit / 10 : 0;
    }
  }
  if (text.charCodeAt(at) === UPPER_Z) return ms;
  const offset = two(text, at + 1) * HOUR_MS + two(text, at + 4) * MINUTE_MS;
  return text.charCodeAt(at) === PLUS ? ms - offset : ms + offset;
}
