import { toIndex } from './months.js';
import { bandOf } from './rank.js';
import type { BandMonth, BandState, Hysteresis, ScoreBand } from './types.js';

/** Months of the record that are handed on. */
const KEPT_MONTHS = 12;

/** The unbroken run of scored months up to the one before `month`, oldest first: a gap starts the record afresh. */
function unbroken(history: readonly BandMonth[], month: string): BandMonth[] {
  const byMonth = new Map(history.map((entry) => [toIndex(entry.month), entry]));
  const run: BandMonth[] = [];
  for (let index = toIndex(month) - 1; ; index--) {
    const entry = byMonth.get(index);
    if (entry === undefined || entry.band === null || entry.score === null) return run;
    run.unshift(entry);
  }
}

/**
 * Colour of a month after those of the months before. With `level` the number of a band, counted from the worst: the new
 * level is the old one moved as far as either rule allows:
 * - the score less `points` (upwards) or plus `points` (downwards) lies in it, or
 * - the scores of the last `months` months all reach it (upwards) or fall to it (downwards).
 *
 * A month without a score has no colour, and the month after it starts afresh from the plain thresholds.
 */
export function bandAfter(
  current: { month: string; score: number | null },
  history: readonly BandMonth[],
  { bands, hysteresis, decimals }: { bands: readonly ScoreBand[]; hysteresis: Hysteresis; decimals: number },
): BandState {
  const order = [...bands].sort((a, b) => a.min - b.min).map(({ id }) => id);
  const levelOf = (score: number): number => order.indexOf(bandOf(score, bands, decimals) ?? '');
  const before = unbroken(history, current.month);
  const known = history.filter(({ month }) => toIndex(month) < toIndex(current.month));
  const record = [...known].sort((a, b) => toIndex(a.month) - toIndex(b.month)).slice(1 - KEPT_MONTHS);
  if (current.score === null) {
    return { band: null, band_months: 0, band_history: [...record, { ...current, band: null }] };
  }
  const old = order.indexOf(before.at(-1)?.band ?? '');
  let level = levelOf(current.score);
  if (old >= 0 && hysteresis.points > 0) {
    const needed = hysteresis.months - 1;
    const recent = before.slice(Math.max(0, before.length - needed)).map(({ score }) => levelOf(score ?? 0));
    const running = recent.length === needed ? [...recent, level] : [old];
    if (level > old) level = Math.max(old, levelOf(current.score - hysteresis.points), Math.min(...running));
    else level = Math.min(old, levelOf(Math.min(100, current.score + hysteresis.points)), Math.max(...running));
  }
  const band = order[level] ?? null;
  const lastOther = before.findLastIndex((entry) => entry.band !== band);
  return {
    band,
    band_months: band === null ? 0 : before.length - lastOther,
    band_history: [...record, { ...current, band }],
  };
}
