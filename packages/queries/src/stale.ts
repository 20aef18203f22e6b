import { type Evidence, inputDigest, readEvidence } from '@pingan/appraisal';
import type { Basis } from '@pingan/contracts';
import { schemeHash } from '@pingan/indicators';
import type { County } from '@pingan/regions';
import type { ShownRun, Store, Watermark } from '@pingan/store';

/** A run shown that rests on other inputs than there are now: what is counted now is not what its scores were made of. */
export interface Staleness {
  /** Of which run: latest ones are computed again by themselves, published ones stay. */
  basis: Basis;
  /** `YYYY-MM-DD hh:mm:ss` in the county. */
  computed_at: string;
  /** Months whose data changed since. */
  months: string[];
  /** Whether another scheme is in force. */
  scheme: boolean;
  /** Whether the county was registered with another region table. */
  regions: boolean;
}

/** Swedes write a time as this product does. */
const localTime = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(Date.parse(iso));

/** Null where the run is what would be computed now. */
async function stalenessOf(
  store: Store,
  { evidence, run, basis }: { evidence: Evidence; run: ShownRun; basis: Basis },
): Promise<Staleness | null> {
  const { county, schemeOf } = evidence;
  const { period } = run;
  if (run.input_digest === inputDigest(evidence, period)) return null;
  const written = await store.components.monthsWrittenAfter(county.code, JSON.parse(run.watermark) as Watermark);
  return {
    basis,
    computed_at: localTime(run.created_at, county.timeZone),
    months: written.filter((month) => month <= period),
    scheme: run.scheme_hash !== schemeHash(schemeOf(period)),
    regions: run.region_version !== county.regions.version,
  };
}

/** What the county's numbers would be computed from now, and whether a run shown was computed from it. */
export async function heldAgainstNow(
  store: Store,
  county: County,
  { run, basis }: { run: ShownRun; basis: Basis },
): Promise<{ evidence: Evidence | undefined; stale: Staleness | null }> {
  const evidence = (await readEvidence(store, county))?.evidence;
  return { evidence, stale: evidence === undefined ? null : await stalenessOf(store, { evidence, run, basis }) };
}
