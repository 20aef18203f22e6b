import type { PingAnEvent } from '@pingan/contracts';
import type { EarlierVersions } from './earlier-versions.js';
import { textDigest } from './text-digest.js';

export interface CaseVersions {
  /** The version of the next row of this case in the delivery. */
  next: (event: PingAnEvent) => number;
}

/** Everything rows of one case can differ in. */
function contentOf({ op, region_code, occurred_at, recorded_at, body }: PingAnEvent): string {
  let text = `${op}|${region_code}|${occurred_at}|${recorded_at}`;
  for (const [name, value] of Object.entries(body)) text += `|${name}=${value}`;
  return text;
}

/**
 * Versions of cases that stand in several rows of one delivery: the delivery time, plus one for every row that says
 * something else than the row before it. So the last row counts, whatever rule settles equal versions, and rows that
 * repeat each other are one version. Remembers three numbers per case; two cases with one digest, should there ever be
 * any, would only count their versions together. `earlier`: what deliveries of the same time have stored.
 */
export function caseVersions(delivered: number, earlier?: EarlierVersions): CaseVersions {
  const seen = new Map<number, { digest: number; version: number }>();
  return {
    next: (event) => {
      const id = textDigest(event.case_id);
      const digest = textDigest(contentOf(event));
      const before = seen.get(id);
      if (before?.digest === digest) return before.version;
      const from = before === undefined ? delivered : before.version + 1;
      const version = earlier?.place(event, from) ?? from;
      if (before === undefined) seen.set(id, { digest, version });
      else {
        before.digest = digest;
        before.version = version;
      }
      return version;
    },
  };
}
