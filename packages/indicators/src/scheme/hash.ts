import { createHash } from 'node:crypto';
import { defaultSeverity } from '../catalogue/index.js';
import type { Scheme } from './schema.js';

/** JSON without spaces and with sorted keys, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Without the options that are off (what they would be set to changes nothing) and an unedited severity table. */
function effective({ shrinkage, trend, deductions, hysteresis, peer_ranks, severity, ...rest }: Scheme): object {
  return {
    ...rest,
    ...(shrinkage.method === 'none' ? {} : { shrinkage }),
    ...(trend.share === 0 ? {} : { trend }),
    ...(deductions.rules.length === 0 ? {} : { deductions }),
    ...(hysteresis.points === 0 ? {} : { hysteresis }),
    ...(peer_ranks ? { peer_ranks } : {}),
    ...(canonicalJson(severity) === canonicalJson(defaultSeverity) ? {} : { severity }),
  };
}

/**
 * Identity of a scheme: the first 12 hex digits of the SHA-256 of its canonical JSON. Defaults are part of it; the
 * layout, comments and key order of the file, and options that are off, are not, so that a scheme keeps its identity when
 * an option is added to the software.
 */
export function schemeHash(scheme: Scheme): string {
  return createHash('sha256')
    .update(canonicalJson(effective(scheme)))
    .digest('hex')
    .slice(0, 12);
}
