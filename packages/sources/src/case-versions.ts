import { hash } from 'node:crypto';
import type { PingAnEvent } from '@pingan/contracts';

export interface CaseVersions {
  /** The version of the next row of this case in the delivery. */
  next: (event: PingAnEvent) => number;
}

/**
 * Versions of cases that stand in several rows of one delivery: the delivery time, plus one for every row that says
 * something else than the row before it. So the last row counts, whatever rule settles equal versions, and rows that
 * repeat each other are one version. Remembers one digest per case.
 */
export function caseVersions(delivered: number): CaseVersions {
  const seen = new Map<string, { digest: string; version: number }>();
  return {
    next: (event) => {
      const digest = hash('sha1', JSON.stringify(event), 'base64');
      const before = seen.get(event.case_id);
      if (before === undefined) {
        seen.set(event.case_id, { digest, version: delivered });
        return delivered;
      }
      if (before.digest !== digest) {
        before.digest = digest;
        before.version++;
      }
      return before.version;
    },
  };
}
