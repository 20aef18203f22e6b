import {
  type Evidence,
  type UnplacedBound,
  type UnplacedShare,
  unplacedBounds,
  unplacedRedLines,
  unplacedShares,
} from '@pingan/appraisal';
import type { Store } from '@pingan/store';

/** What of a month belongs to no unit, and how far it could move each. */
export interface Unplaced {
  shares: UnplacedShare[];
  bounds: UnplacedBound[];
  /** Events of the negative list (红线) without a place: they cost nobody points. */
  red_lines: number;
}

/** Null where everything has its place. */
export async function readUnplaced(store: Store, evidence: Evidence, month: string): Promise<Unplaced | null> {
  const shares = unplacedShares(evidence, await store.unplaced.counts(evidence.county.code), month);
  const red_lines = unplacedRedLines(evidence, month);
  if (shares.length === 0 && red_lines === 0) return null;
  return { shares, bounds: unplacedBounds(evidence, month, shares), red_lines };
}
