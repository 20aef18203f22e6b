import { meanOfMonths, type PeriodUnit, type ScoredMonths } from './mean.js';

const QUARTER = /^(\d{4})-Q([1-4])$/;

/** The months of `YYYY-Qn`. Throws RangeError for anything else. */
export function quarterMonths(quarter: string): string[] {
  const [, year, number] = QUARTER.exec(quarter) ?? [];
  if (year === undefined) throw new RangeError(`not a quarter: ${quarter}`);
  return [1, 2, 3].map((m) => `${year}-${String(3 * (Number(number) - 1) + m).padStart(2, '0')}`);
}

/**
 * A quarter (`YYYY-Qn`): the mean of its three months' scores, ranked. `scored` are the months as computed from the data
 * that are final now, so that late cases count in the quarter though the month's publication is frozen. Means of scores,
 * not of ranks: ranks forget how close or far units were.
 */
export function scoreQuarter(
  quarter: string,
  scored: ScoredMonths,
  { tie }: { tie: { decimals: number } },
): PeriodUnit[] {
  return meanOfMonths(quarterMonths(quarter), scored, tie);
}
