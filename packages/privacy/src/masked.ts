import { findPersonalData, maskOf } from './find.js';
import type { TextContext } from './kinds.js';

/** Deeper than any event; what lies below is left out rather than shown unread. */
const DEPTH = 12;

const masked = (text: string, context: TextContext): string | undefined => {
  const kind = findPersonalData(text, context);
  return kind === undefined ? undefined : maskOf(kind);
};

function daysIn(value: unknown, depth: number, days: string[]): void {
  if (typeof value === 'string' && /^\d{4}-\d\d/.test(value)) days.push(value);
  if (typeof value !== 'object' || value === null || depth > DEPTH) return;
  for (const one of Object.values(value)) daysIn(one, depth + 1, days);
}

/** Walks a message; says whether a value was masked, and whether parts lie too deep to be looked at. */
class Walk {
  masked = false;
  tooDeep = false;

  constructor(private readonly context: TextContext) {}

  value(value: unknown, name = '', depth = 0): unknown {
    if (typeof value === 'string' || typeof value === 'number') {
      const kind = name === 'case_id' ? 'id' : 'text';
      // A field may be called what its value does not say: {"姓名": "…"}.
      const mask = masked(String(value), { ...this.context, kind }) ?? masked(`${name}:${value}`, this.context);
      if (mask !== undefined) this.masked = true;
      return mask ?? value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEPTH) {
      this.tooDeep = true;
      return '…';
    }
    if (Array.isArray(value)) return value.map((one) => this.value(one, name, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => {
        const mask = masked(key, this.context);
        if (mask !== undefined) this.masked = true;
        return [mask ?? key, this.value(one, key, depth + 1)];
      }),
    );
  }
}

export interface MaskedMessage {
  /** The message with its values masked; undefined when it holds no personal data and may stay as it is. */
  text: string | undefined;
  key: string | null;
}

/** The key is `county/source/case_id`: two codes, and the part that is free. */
function maskedKey(key: string, context: TextContext): string {
  const parts = key.split('/');
  const [county = '', source = ''] = parts;
  const codes = parts.length > 2 ? [county, source] : [];
  const id = parts.slice(codes.length).join('/');
  return [...codes.map((code) => masked(code, context) ?? code), masked(id, { ...context, kind: 'id' }) ?? id].join(
    '/',
  );
}

/** A message of the log as it may be kept and shown. */
export function maskedMessage(text: string, key: string | null): MaskedMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { text: masked(text, {}), key: key === null ? null : maskedKey(key, {}) };
  }
  const days: string[] = [];
  daysIn(value, 0, days);
  const county = (value as { county?: unknown } | null)?.county;
  const context: TextContext = { days, county: typeof county === 'string' ? county : undefined };
  const walk = new Walk(context);
  const clean = walk.value(value);
  const whole = walk.tooDeep ? masked(text, context) : undefined;
  return {
    text: whole ?? (walk.masked ? JSON.stringify(clean) : undefined),
    key: key === null ? null : maskedKey(key, context),
  };
}
