import type { Scheme } from '@pingan/indicators';
import type { UnitScore } from '@pingan/scoring';
import type { Store } from '@pingan/store';
import { compareScores, type MonthComparison } from './comparison.js';
import type { BandHistory, Evidence } from './evidence.js';
import { BandRecord, historyBefore } from './history.js';
import { scoresOf } from './score-period.js';

/**
 * Months (`YYYY-MM`, in order, without gaps) under other schemes beside the one in force, on the same data; for each scheme a
 * comparison per month. All sides start from the colours of the months before as they are; from then on each keeps its own.
 * Nothing is stored.
 */
export async function whatIf(
  store: Store,
  evidence: Evidence,
  { schemes, months }: { schemes: readonly Scheme[]; months: readonly string[] },
): Promise<MonthComparison[][]> {
  const [first] = months;
  if (first === undefined) return schemes.map(() => []);
  const before = await historyBefore(store, evidence, first);
  const now = scoresByMonth(evidence, months, before);
  return schemes.map((scheme) => {
    const other: Evidence = { ...evidence, schemeOf: (month) => (month >= first ? scheme : evidence.schemeOf(month)) };
    const then = scoresByMonth(other, months, before);
    return months.map((month, m) => compareScores(month, now[m]!, then[m]!, evidence.schemeOf(month).tie.decimals));
  });
}

function scoresByMonth(evidence: Evidence, months: readonly string[], before: BandHistory): UnitScore[][] {
  const record = new BandRecord(before);
  return months.map((month) => {
    const { units } = scoresOf(evidence, month, record.history);
    record.add(month, units);
    return units;
  });
}
