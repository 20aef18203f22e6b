import type { BandMonth } from '@pingan/scoring';
import type { RunUnit, Store } from '@pingan/store';
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

  addPublished(month: string, units: readonly RunUnit[]): void {
    this.add(
      month,
      units.map(({ region_code: code, score, band }) => ({ code, score, band })),
    );
  }
}

/** What a month's colours rest on: the current runs of the months before where their inputs still hold, else scored here. */
export async function historyBefore(store: Store, evidence: Evidence, period: string): Promise<BandHistory> {
  const months = monthsUpTo(evidence, period).filter((month) => month < period);
  const current = new Map((await store.runs.currentAll(evidence.county.code)).map((run) => [run.period, run]));
  const kept = months.flatMap((month) => {
    const run = current.get(month);
    return run !== undefined && run.input_digest === inputDigest(evidence, month) ? [run] : [];
  });
  const units = await store.runs.unitsOf(kept.map(({ run_id }) => run_id));
  const published = new Map(kept.map(({ period: month, run_id }) => [month, units.get(run_id)!]));
  const record = new BandRecord();
  for (const month of months) {
    const known = published.get(month);
    if (known) record.addPublished(month, known);
    else record.add(month, scoresOf(evidence, month, record.history).units);
  }
  return record.history;
}
