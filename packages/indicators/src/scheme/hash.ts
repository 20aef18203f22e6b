import { createHash } from 'node:crypto';
import type { Scheme } from './schema.js';

/** JSON without spaces and with sorted keys, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * Identity of a scheme: the first 12 hex digits of the SHA-256 of its canonical JSON. Defaults are part of it, the
 * layout, comments and key order of the file are not.
 */
export function schemeHash(scheme: Scheme): string {
  return createHash('sha256').update(canonicalJson(scheme)).digest('hex').slice(0, 12);
}
