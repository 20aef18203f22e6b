import { addMonths } from '@pingan/contracts';
import { findIndicator } from '@pingan/indicators';
import { componentKey } from '@pingan/scoring';
import type { Store } from '@pingan/store';
import { type Evidence, firstMonthOf, monthInput } from './evidence.js';
import { historyBefore } from './history.js';
import { type Waterfall, waterfall } from './waterfall.js';

/** Below this many cases a percent change says nothing. */
const PERCENT_BASE = 10;

/** Percent change of a count; null where the base is too small, or where what is counted are no cases. */
export function percentChange(code: string, before: number | null, after: number | null): number | null {
  const kind = findIndicator(code)?.kind;
  if (kind !== 'rate' && kind !== 'ratio' && kind !== 'count') return null;
  if (before === null || after === null || before < PERCENT_BASE) return null;
  return (100 * (after - before)) / before;
}

export interface Step {
  code: string;
  cases: number;
  denominator: number;
  targets: number;
  points: number;
}

/** January and February together: 春节 falls into either, so that neither alone compares with the year before. */
export interface PairChange {
  /** `YYYY-MM`, two each. */
  before: string[];
  after: string[];
  /** Means of the two months' scores. */
  score_before: number;
  score_after: number;
  points: number;
  /** Means of the two months' steps, greatest first; with `deductions` they sum to `points`. */
  indicators: Step[];
  deductions: number;
  /** Cases of the four months, by indicator: not windows. */
  counts: { code: string; before: number; after: number; percent: number | null }[];
}

export interface Changes {
  before: string;
  after: string;
  waterfall: Waterfall;
  /** Only against the year before, only in January and February, only where all four months have a score. */
  pair: PairChange | null;
}

async function between(store: Store, evidence: Evidence, unit: string, months: [string, string]): Promise<Waterfall> {
  const [before, after] = await Promise.all(
    months.map(async (month) => monthInput(evidence, month, await historyBefore(store, evidence, month))),
  );
  return waterfall(before!, after!, unit);
}

function countOf({ rolledUp }: Evidence, code: string, unit: string, months: readonly string[]): number {
  return months.reduce((sum, month) => {
    const component = rolledUp.components.get(componentKey(code, unit, month));
    return sum + (component?.numerator ?? 0);
  }, 0);
}

const half = (a: number, b: number) => (a + b) / 2;

function stepsOf(first: Waterfall, second: Waterfall): Step[] {
  const codes = [...new Set([...first.indicators, ...second.indicators].map(({ code }) => code))];
  const steps = codes.map((code): Step => {
    const [a, b] = [first, second].map(({ indicators }) => indicators.find((step) => step.code === code));
    const mean = (key: Exclude<keyof Step, 'code'>) => half(a?.[key] ?? 0, b?.[key] ?? 0);
    return {
      code,
      cases: mean('cases'),
      denominator: mean('denominator'),
      targets: mean('targets'),
      points: mean('points'),
    };
  });
  return steps.sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.code < b.code ? -1 : 1));
}

async function pairOf(store: Store, evidence: Evidence, unit: string, year: number): Promise<PairChange | null> {
  const monthsOf = (of: number) => [`${of}-01`, `${of}-02`];
  const [before, after] = [monthsOf(year - 1), monthsOf(year)];
  const [january, february] = await Promise.all(
    [0, 1].map((i) => between(store, evidence, unit, [before[i]!, after[i]!])),
  );
  if (january?.points == null || february?.points == null) return null;
  const mean = (side: 'before' | 'after') => half(january[side].score ?? 0, february[side].score ?? 0);
  const indicators = stepsOf(january, february);
  return {
    before,
    after,
    score_before: mean('before'),
    score_after: mean('after'),
    points: half(january.points, february.points),
    indicators,
    deductions: half(january.deductions, february.deductions),
    counts: indicators.map(({ code }) => {
      const [was, is] = [before, after].map((months) => countOf(evidence, code, unit, months)) as [number, number];
      return { code, before: was, after: is, percent: percentChange(code, was, is) };
    }),
  };
}

/** The month that one is compared with. */
export function baseOf(period: string, against: 'month' | 'year'): string {
  return addMonths(period, against === 'month' ? -1 : -12);
}

/**
 * Why a unit's score of a month differs from the one before, or of the year before; both months built as their runs are.
 * `last` is the last month that may be looked at. Throws RangeError for a unit that one of the months does not score.
 */
export async function changesOf(
  store: Store,
  evidence: Evidence,
  options: { period: string; against: 'month' | 'year'; unit: string; last: string },
): Promise<Changes> {
  const { period, against, unit, last } = options;
  const before = baseOf(period, against);
  const year = Number(period.slice(0, 4));
  const paired =
    against === 'year' &&
    Number(period.slice(5)) <= 2 &&
    `${year}-02` <= last &&
    (firstMonthOf(evidence) ?? period) <= `${year - 1}-01`;
  return {
    before,
    after: period,
    waterfall: await between(store, evidence, unit, [before, period]),
    pair: paired ? await pairOf(store, evidence, unit, year) : null,
  };
}
