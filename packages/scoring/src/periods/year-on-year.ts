import { toIndex, toMonth } from '../month/months.js';
import { meanOfMonths, type PeriodMissing, type ScoredMonths } from './mean.js';

/** One unit, or one of its dimensions, against a year before. Points; null where either side is incomplete. */
interface Change {
  now: number | null;
  before: number | null;
  change: number | null;
  missing_reason: PeriodMissing | null;
}

export interface YearOnYearUnit extends Change {
  code: string;
  dimensions: Array<Change & { id: string }>;
}

export interface YearOnYear {
  /** What is compared, oldest first: the month, or January and February. */
  months: string[];
  before: string[];
  /** Units of either year, in the order of their codes. */
  units: YearOnYearUnit[];
}

function changeOf(now: number | null, before: number | null): Change {
  if (now === null || before === null) return { now, before, change: null, missing_reason: 'incomplete' };
  return { now, before, change: now - before, missing_reason: null };
}

/**
 * Scores of a month (`YYYY-MM`) against the same month of the year before. New Year's Day of the lunar calendar (春节) lies
 * between 21 January and 20 February: in one of the two months this year, perhaps in the other last year. So for January
 * and for February the mean of the two is compared with that of the year before, which holds the festival as well; in
 * January the pair is not complete yet.
 */
export function yearOnYear(month: string, scored: ScoredMonths): YearOnYear {
  const index = toIndex(month);
  const inPair = index % 12 < 2;
  const months = inPair ? [0, 1].map((m) => toMonth(index - (index % 12) + m)) : [month];
  const before = months.map((one) => toMonth(toIndex(one) - 12));
  // Ranks play no part here.
  const tie = { decimals: 0 };
  const [nowUnits, oldUnits] = [meanOfMonths(months, scored, tie), meanOfMonths(before, scored, tie)];
  const old = new Map(oldUnits.map((unit) => [unit.code, unit]));
  const now = new Map(nowUnits.map((unit) => [unit.code, unit]));
  const codes = [...new Set([...now.keys(), ...old.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return {
    months,
    before,
    units: codes.map((code) => {
      const [a, b] = [now.get(code), old.get(code)];
      const ids = [...new Set([...(a?.dimensions ?? []), ...(b?.dimensions ?? [])].map(({ id }) => id))];
      const scoreIn = (unit: typeof a, id: string) => unit?.dimensions.find((one) => one.id === id)?.score ?? null;
      return {
        code,
        ...changeOf(a?.score ?? null, b?.score ?? null),
        dimensions: ids.map((id) => ({ id, ...changeOf(scoreIn(a, id), scoreIn(b, id)) })),
      };
    }),
  };
}
