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

type Counted = Omit<Unplaced, 'bounds'>;

/** What of some months belongs to no unit; months in which everything has its place are left out. */
export async function readUnplacedOf(
  store: Store,
  evidence: Evidence,
  { months }: { months: readonly string[] },
): Promise<({ month: string } & Counted)[]> {
  const refused = await store.unplaced.counts(evidence.county.code);
  return months
    .map((month) => ({
      month,
      shares: unplacedShares(evidence, refused, month),
      red_lines: unplacedRedLines(evidence, month),
    }))
    .filter(({ shares, red_lines }) => shares.length > 0 || red_lines > 0);
}

/** Null where everything has its place. */
export async function readUnplaced(store: Store, evidence: Evidence, month: string): Promise<Unplaced | null> {
  const [found] = await readUnplacedOf(store, evidence, { months: [month] });
  if (found === undefined) return null;
  const { shares, red_lines } = found;
  return { shares, bounds: unplacedBounds(evidence, month, shares), red_lines };
}
