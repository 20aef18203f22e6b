import { type FieldKind, jsonText, plainId, plainText } from '@pingan/contracts';
import type { TimeReader, TimeText } from './time-text.js';

/** A cell's value in the event, nothing for an empty cell, or the rule it breaks. */
export type Converted = { ok: true; value: string | number | boolean | undefined } | { ok: false; rule: string };

const booleans: Record<string, boolean> = {
  true: true,
  '1': true,
  yes: true,
  y: true,
  是: true,
  有: true,
  false: false,
  '0': false,
  no: false,
  n: false,
  否: false,
  无: false,
};

const number = /^[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?$/;

/** A cell as text, without what nobody sees; anything structured in a JSON line is shown as JSON and will not pass as a value. */
export function cellText(cell: unknown): string {
  if (typeof cell === 'string') return plainText(cell);
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? jsonText(cell) : String(cell);
}

function moment(time: TimeText): Converted {
  if (time.kind === 'instant') return { ok: true, value: time.iso };
  if (time.kind === 'day') return { ok: true, value: time.day };
  return { ok: false, rule: time.kind === 'bad' ? time.rule : 'invalid_moment' };
}

export function convert(
  text: string,
  kind: FieldKind,
  times: TimeReader,
  formats: readonly string[] | undefined,
): Converted {
  if (text === '') return { ok: true, value: undefined };
  if (kind === 'id' || kind === 'text' || kind === 'choice') return { ok: true, value: text };
  if (kind === 'moment' || kind === 'deadline') return moment(times.read(text, formats));
  const plain = plainId(text);
  if (kind === 'whole' || kind === 'number') {
    return number.test(plain)
      ? { ok: true, value: Number(plain.replaceAll(',', '')) }
      : { ok: false, rule: 'invalid_number' };
  }
  const key = plain.toLowerCase();
  const value = Object.hasOwn(booleans, key) ? booleans[key] : undefined;
  return value === undefined ? { ok: false, rule: 'invalid_boolean' } : { ok: true, value };
}
