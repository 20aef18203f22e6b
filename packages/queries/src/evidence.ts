import { type Evidence, inputDigest, readEvidence } from '@pingan/appraisal';
import type { County } from '@pingan/regions';
import type { Store } from '@pingan/store';
import { named, refused } from './refusals.js';

/** @throws Refusal while the county has no components. */
export async function requireEvidence(store: Store, county: County): Promise<Evidence> {
  const read = await readEvidence(store, county);
  if (read) return read.evidence;
  throw refused('nothing_to_score', { county: named(county) });
}

/** Of these periods, those whose current run rests on other data, or on another scheme, than what there is now. */
export async function stalePeriods(store: Store, evidence: Evidence, periods: readonly string[]): Promise<string[]> {
  const current = new Map((await store.runs.currentAll(evidence.county.code)).map((run) => [run.period, run]));
  return periods.filter((period) => {
    const run = current.get(period);
    return run !== undefined && run.input_digest !== inputDigest(evidence, period);
  });
}
