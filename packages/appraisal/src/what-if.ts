import type { Scheme } from '@pingan/indicators';
import type { Store } from '@pingan/store';
import { compareScores, type MonthComparison } from './comparison.js';
import type { Evidence } from './evidence.js';
import { BandRecord, historyBefore } from './history.js';
import { scoresOf } from './score-period.js';

/**
 * Months (`YYYY-MM`, in order, without gaps) under another scheme beside the one in force, on the same data. Both sides
 * start from the colours of the months before as they are; from then on each keeps its own. Nothing is stored.
 */
export async function whatIf(
  store: Store,
  evidence: Evidence,
  { scheme, months }: { scheme: Scheme; months: readonly string[] },
): Promise<MonthComparison[]> {
  const [first] = months;
  if (first === undefined) return [];
  const before = await historyBefore(store, evidence, first);
  const [asIs, tried] = [new BandRecord(before), new BandRecord(before)];
  const other: Evidence = { ...evidence, schemeOf: (month) => (month >= first ? scheme : evidence.schemeOf(month)) };
  return months.map((month) => {
    const { units: now } = scoresOf(evidence, month, asIs.history);
    const { units: then } = scoresOf(other, month, tried.history);
    asIs.add(month, now);
    tried.add(month, then);
    return compareScores(month, now, then, evidence.schemeOf(month).tie.decimals);
  });
}
