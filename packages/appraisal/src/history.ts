import type { BandMonth } from '@pingan/scoring';
import type { RunHead, RunUnit, Store } from '@pingan/store';
import { type BandHistory, type Evidence, monthsUpTo } from './evidence.js';
import { inputDigest } from './input-digest.js';
import { scoresOf } from './score-period.js';

/** Colours and scores of the units, month after month. */
export class BandRecord {
  readonly #months = new Map<string, BandMonth[]>();

  constructor(before: BandHistory = new Map()) {
    for (const [code, months] of before) this.#months.set(code, [...months]);
  }

  get history(): BandHistory {
    return this.#months;
  }

  add(month: string, units: readonly { code: string; score: number | null; band: string | null }[]): void {
    for (const { code, score, band } of units) {
      const months = this.#months.get(code);
      if (months) months.push({ month, score, band });
      else this.#months.set(code, [{ month, score, band }]);
    }
  }

  /** Adds a month as it was published; without `published` as it is scored after the months so far. */
  follow(evidence: Evidence, month: string, published: readonly RunUnit[] | undefined): void {
    this.add(
      month,
      published?.map(({ region_code: code, score, band }) => ({ code, score, band })) ??
        scoresOf(evidence, month, this.history).units,
    );
  }
}

/** Units of those runs whose inputs still hold, by month. */
export async function unitsThatHold(
  store: Store,
  evidence: Evidence,
  runs: readonly RunHead[],
): Promise<Map<string, RunUnit[]>> {
  const held = runs.filter((run) => run.input_digest === inputDigest(evidence, run.period));
  const units = await store.runs.unitsOf(held.map(({ run_id }) => run_id));
  return new Map(held.map(({ period, run_id }) => [period, units.get(run_id)!]));
}

/** What a month's colours rest on: the current runs of the months before where their inputs still hold, else scored here. */
export async function historyBefore(store: Store, evidence: Evidence, period: string): Promise<BandHistory> {
  const months = monthsUpTo(evidence, period).filter((month) => month < period);
  const earlier = (await store.runs.currentAll(evidence.county.code)).filter((run) => months.includes(run.period));
  const known = await unitsThatHold(store, evidence, earlier);
  const record = new BandRecord();
  for (const month of months) record.follow(evidence, month, known.get(month));
  return record.history;
}
