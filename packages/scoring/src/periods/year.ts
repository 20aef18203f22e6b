import { competitionRanks, roundScore } from '../month/rank.js';
import { meanOfMonths, type PeriodUnit, type ScoredMonths } from './mean.js';

/** What a year adds or takes off beside the months: a survey, an inspection, an award. */
export interface AnnualItem {
  unit: string;
  name: string;
  reason: string;
  /** Positive or negative. */
  points: number;
}

/** An established case of 一票否决. */
export interface AnnualVeto {
  unit: string;
  name: string;
  reason: string;
}

export interface YearLines {
  /** Below it a year is not passed. */
  qualified: number;
  excellent: number;
  /** Band no month of an excellent year may have had. */
  red_band: string;
}

/** A proposal, after the usual three grades of the year-end appraisal; every county sets its own lines. */
export const proposedYearLines: YearLines = { qualified: 70, excellent: 90, red_band: 'red' };

export type YearGrade = 'excellent' | 'qualified' | 'unqualified';

export const yearGradeNames: Readonly<Record<YearGrade, string>> = {
  excellent: '优秀',
  qualified: '合格',
  unqualified: '不合格',
};

/** `score` and `rank` are those of the year; the mean of the months stands in `mean`. */
export interface YearUnit extends PeriodUnit {
  mean: number | null;
  items: AnnualItem[];
  vetoes: AnnualVeto[];
  red_months: string[];
  /** Null without a score, unless there is a veto. */
  grade: YearGrade | null;
}

export interface YearOptions {
  items?: readonly AnnualItem[];
  vetoes?: readonly AnnualVeto[];
  lines?: YearLines;
  tie: { decimals: number };
}

export function yearMonths(year: string): string[] {
  if (!/^\d{4}$/.test(year)) throw new RangeError(`not a year: ${year}`);
  return Array.from({ length: 12 }, (_, m) => `${year}-${String(m + 1).padStart(2, '0')}`);
}

function assertUnits(entries: ReadonlyArray<{ unit: string; name: string }>, known: ReadonlySet<string>): void {
  for (const { unit, name } of entries) if (!known.has(unit)) throw new RangeError(`${name} of unknown unit ${unit}`);
}

/**
 * A year (`YYYY`): mean of its twelve months' scores on final data, plus the points of its annual items; not held inside
 * 0–100, so that items keep their effect on the ranking. Grade by the rounded score:
 * - 不合格 with any veto, or below `qualified`;
 * - 优秀 from `excellent`, without a red month;
 * - 合格 else.
 *
 * Throws RangeError for a malformed year, points that are not finite, an item or veto of a unit without any month.
 */
export function scoreYear(
  year: string,
  scored: ScoredMonths,
  { items = [], vetoes = [], lines = proposedYearLines, tie }: YearOptions,
): YearUnit[] {
  const months = yearMonths(year);
  const means = meanOfMonths(months, scored, tie);
  const known = new Set(means.map(({ code }) => code));
  assertUnits(items, known);
  assertUnits(vetoes, known);
  for (const { name, points } of items) if (!Number.isFinite(points)) throw new RangeError(`bad points of ${name}`);
  const isRed = (month: string, code: string): boolean =>
    scored.get(month)?.find((unit) => unit.code === code)?.band === lines.red_band;
  const units = means.map((unit): YearUnit => {
    const own = items.filter((item) => item.unit === unit.code);
    const against = vetoes.filter((veto) => veto.unit === unit.code);
    const red = months.filter((month) => isRed(month, unit.code));
    const score = unit.score === null ? null : own.reduce((sum, { points }) => sum + points, unit.score);
    return {
      ...unit,
      score,
      mean: unit.score,
      items: own,
      vetoes: against,
      red_months: red,
      grade: gradeOf(
        score === null ? null : roundScore(score, tie.decimals),
        against.length > 0,
        red.length > 0,
        lines,
      ),
    };
  });
  const ranks = competitionRanks(
    units.map(({ score }) => score),
    tie.decimals,
  );
  return units.map((unit, i) => ({ ...unit, rank: ranks[i] ?? null }));
}

function gradeOf(score: number | null, vetoed: boolean, red: boolean, lines: YearLines): YearGrade | null {
  if (vetoed) return 'unqualified';
  if (score === null) return null;
  if (score < lines.qualified) return 'unqualified';
  return score >= lines.excellent && !red ? 'excellent' : 'qualified';
}
