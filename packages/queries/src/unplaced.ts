import {
  readEvidence,
  type UnplacedBound,
  type UnplacedShare,
  unplacedBounds,
  unplacedShares,
} from '@pingan/appraisal';
import type { County } from '@pingan/regions';
import type { Store } from '@pingan/store';

/** What of a month belongs to no unit, and how far it could move each. */
export interface Unplaced {
  shares: UnplacedShare[];
  bounds: UnplacedBound[];
}

/** Null where everything has its place; only otherwise the county's evidence is read. */
export async function readUnplaced(store: Store, county: County, month: string): Promise<Unplaced | null> {
  const counts = await store.unplaced.counts(county.code);
  if (counts.every((count) => count.month !== month)) return null;
  const read = await readEvidence(store, county);
  if (read === undefined) return null;
  const shares = unplacedShares(read.evidence, counts, month);
  return { shares, bounds: unplacedBounds(read.evidence, month, shares) };
}
