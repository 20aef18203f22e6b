import {
  type Evidence,
  type UnplacedBound,
  type UnplacedShare,
  unplacedBounds,
  unplacedShares,
} from '@pingan/appraisal';
import type { Store } from '@pingan/store';

/** What of a month belongs to no unit, and how far it could move each. */
export interface Unplaced {
  shares: UnplacedShare[];
  bounds: UnplacedBound[];
}

/** Null where everything has its place. */
export async function readUnplaced(store: Store, evidence: Evidence, month: string): Promise<Unplaced | null> {
  const shares = unplacedShares(evidence, await store.unplaced.counts(evidence.county.code), month);
  return shares.length === 0 ? null : { shares, bounds: unplacedBounds(evidence, month, shares) };
}
