import { addMonths } from '@pingan/contracts';
import { findIndicator } from '@pingan/indicators';
import { type ChangeExplanation, componentKey, explainChange, type ReferenceParts } from '@pingan/scoring';
import { type Evidence, firstMonthOf, monthInput } from './evidence.js';

/** Below this many cases a percent change says nothing. */
const PERCENT_BASE = 10;

/** Percent change of a count; null where the base is too small, or where what is counted are no cases. */
export function percentChange(code: string, before: number | null, after: number | null): number | null {
  const kind = findIndicator(code)?.kind;
  if (kind !== 'rate' && kind !== 'ratio' && kind !== 'count') return null;
  if (before === null || after === null || before < PERCENT_BASE) return null;
  return (100 * (after - before)) / before;
}

/** Points of one indicator by what moved them; the parts sum to `change`. See `changeExplainer`. */
export interface Step {
  code: string;
  count: number;
  denominator: number;
  reference: number;
  /** Parts of `reference`. */
  references: ReferenceParts;
  change: number;
}

/** January and February together: 春节 falls into either, so that neither alone compares with the year before. */
export interface PairChange {
  /** `YYYY-MM`, two each. */
  before: string[];
  after: string[];
  /** Means of the two months' scores. */
  score_before: number;
  score_after: number;
  change: number;
  /** Means of the two months' steps, greatest first; with `deduction` and `floor` they sum to `change`. */
  indicators: Step[];
  deduction: number;
  floor: number;
  /** Cases of the four months, by indicator: not windows. */
  counts: { code: string; before: number; after: number; percent: number | null }[];
}

export interface Changes {
  before: string;
  after: string;
  /** Indicators greatest first. */
  explanation: ChangeExplanation;
  /** Only against the year before, only in January and February, only where all four months have a score. */
  pair: PairChange | null;
}

const bySize = (a: Step, b: Step) => Math.abs(b.change) - Math.abs(a.change) || (a.code < b.code ? -1 : 1);

/** Colours play no part, so that the months need no history. */
function between(evidence: Evidence, unit: string, before: string, after: string): ChangeExplanation {
  const inputOf = (month: string) => monthInput(evidence, month, new Map());
  const explanation = explainChange(inputOf(before), inputOf(after), unit);
  return { ...explanation, indicators: [...explanation.indicators].sort(bySize) };
}

function countOf({ rolledUp }: Evidence, code: string, unit: string, months: readonly string[]): number {
  return months.reduce((sum, month) => {
    const component = rolledUp.components.get(componentKey(code, unit, month));
    return sum + (component?.numerator ?? 0);
  }, 0);
}

const half = (a: number, b: number) => (a + b) / 2;

function stepsOf(first: ChangeExplanation, second: ChangeExplanation): Step[] {
  const codes = [...new Set([...first.indicators, ...second.indicators].map(({ code }) => code))];
  const steps = codes.map((code): Step => {
    const [a, b] = [first, second].map(({ indicators }) => indicators.find((step) => step.code === code));
    const mean = (part: Exclude<keyof Step, 'code' | 'references'>) => half(a?.[part] ?? 0, b?.[part] ?? 0);
    const why = (part: keyof ReferenceParts) => half(a?.references[part] ?? 0, b?.references[part] ?? 0);
    return {
      code,
      count: mean('count'),
      denominator: mean('denominator'),
      reference: mean('reference'),
      references: {
        past: why('past'),
        peers: why('peers'),
        handed: why('handed'),
        missing: why('missing'),
        scheme: why('scheme'),
      },
      change: mean('change'),
    };
  });
  return steps.sort(bySize);
}

function pairOf(evidence: Evidence, unit: string, year: number): PairChange | null {
  const monthsOf = (of: number) => [`${of}-01`, `${of}-02`] as const;
  const [before, after] = [monthsOf(year - 1), monthsOf(year)];
  const january = between(evidence, unit, before[0], after[0]);
  const february = between(evidence, unit, before[1], after[1]);
  if (january.missing_reason !== null || february.missing_reason !== null) return null;
  const mean = (part: 'before' | 'after' | 'change' | 'deduction' | 'floor') =>
    half(january[part] ?? 0, february[part] ?? 0);
  const indicators = stepsOf(january, february);
  return {
    before: [...before],
    after: [...after],
    score_before: mean('before'),
    score_after: mean('after'),
    change: mean('change'),
    indicators,
    deduction: mean('deduction'),
    floor: mean('floor'),
    counts: indicators.map(({ code }) => {
      const [was, is] = [countOf(evidence, code, unit, before), countOf(evidence, code, unit, after)];
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
 * `last` is the last month that may be looked at.
 */
export function changesOf(
  evidence: Evidence,
  options: { period: string; against: 'month' | 'year'; unit: string; last: string },
): Changes {
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
    explanation: between(evidence, unit, before, period),
    pair: paired ? pairOf(evidence, unit, year) : null,
  };
}
