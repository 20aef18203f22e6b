import { addMonths, monthIndex } from '@pingan/contracts';
import {
  componentKey,
  type IndicatorScore,
  type MonthComponent,
  type MonthInput,
  scoreMonth,
  type UnitScore,
} from '@pingan/scoring';

/** Points of one indicator by what moved them; `cases` + `denominator` + `targets` = `points`. */
export interface IndicatorStep {
  code: string;
  /** More or fewer cases among as many. */
  cases: number;
  /** More or fewer residents, or matters that count, at the same share. */
  denominator: number;
  /** Goalposts, class means, own past, weights, other parts of the scheme, and what missing neighbours hand over. */
  targets: number;
  points: number;
  before: IndicatorScore | null;
  after: IndicatorScore | null;
}

/** The way from one month's score to another's. */
export interface Waterfall {
  before: UnitScore;
  after: UnitScore;
  /** Null without a score on either side; everything below then is empty. */
  points: number | null;
  /** Greatest first; with `deductions` they sum to `points`. */
  indicators: IndicatorStep[];
  deductions: number;
}

const empty: MonthComponent = { numerator: 0, denominator: 0 };

/**
 * `after` with the counts of one unit as they were: every month of every window takes the counts of the month as far from
 * the end of its window in `before`. `share` keeps the numerators' share of the denominators of `after`.
 */
function withCountsOf(before: MonthInput, after: MonthInput, unit: string, what: 'all' | 'share'): MonthInput {
  const components = new Map(after.components);
  const shift = monthIndex(after.period) - monthIndex(before.period);
  for (const { indicators } of after.dimensions) {
    for (const { code, kind, window } of indicators) {
      const months = window === 'ytd' ? 12 : window;
      for (let back = 0; back < months; back++) {
        const month = addMonths(after.period, -back);
        const key = componentKey(code, unit, month);
        const old = before.components.get(componentKey(code, unit, addMonths(month, -shift))) ?? empty;
        const now = after.components.get(key) ?? empty;
        components.set(key, what === 'share' && kind === 'ratio' ? shareOf(old, now) : old);
      }
    }
  }
  if (what === 'share') return { ...after, components };
  const population = before.units.find(({ code }) => code === unit)?.population;
  const units = after.units.map((own) =>
    own.code === unit && population !== undefined ? { ...own, population } : own,
  );
  return { ...after, components, units };
}

/** Without cases before there is no share to keep: then the figures are those of now. */
function shareOf(old: MonthComponent, now: MonthComponent): MonthComponent {
  if (!((old.denominator ?? 0) > 0)) return now;
  return { numerator: (old.numerator / old.denominator!) * (now.denominator ?? 0), denominator: now.denominator };
}

function scoreOf(input: MonthInput, unit: string): UnitScore {
  const found = scoreMonth(input).units.find(({ code }) => code === unit);
  if (found === undefined) throw new RangeError(`unit ${unit} is not scored in ${input.period}`);
  return found;
}

const pointsOf = ({ indicators }: UnitScore) => new Map(indicators.map((row) => [row.code, row.contribution]));

/**
 * Why a unit's score moved between two months (or two schemes): the month is scored step by step, first with its own rules
 * and the old counts, then with its own denominators, then as it is. The steps are taken in this order, so that what two of
 * them do together falls to the later one. A step that would leave the unit without a score is left out.
 *
 * Throws RangeError for a unit that one of the months does not score.
 */
export function waterfall(before: MonthInput, after: MonthInput, unit: string): Waterfall {
  const [from, to] = [scoreOf(before, unit), scoreOf(after, unit)];
  if (from.score === null || to.score === null) {
    return { before: from, after: to, points: null, indicators: [], deductions: 0 };
  }
  const stages = [from];
  for (const what of ['all', 'share'] as const) {
    const stage = scoreOf(withCountsOf(before, after, unit, what), unit);
    stages.push(stage.score === null ? stages.at(-1)! : stage);
  }
  const [start, ruled, denominated, end] = [...stages, to].map(pointsOf) as [
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
  ];
  const at = (stage: ReadonlyMap<string, number>, code: string) => stage.get(code) ?? 0;
  const rowOf = ({ indicators }: UnitScore, code: string) => indicators.find((row) => row.code === code) ?? null;
  const codes = [...new Set([...end.keys(), ...start.keys()])];
  const indicators = codes.map((code): IndicatorStep => {
    const [a, b, c, d] = [start, ruled, denominated, end].map((stage) => at(stage, code)) as [
      number,
      number,
      number,
      number,
    ];
    return {
      code,
      cases: d - c,
      denominator: c - b,
      targets: b - a,
      points: d - a,
      before: rowOf(from, code),
      after: rowOf(to, code),
    };
  });
  indicators.sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.code < b.code ? -1 : 1));
  const off = ({ score, score_before_deductions }: UnitScore) => (score ?? 0) - (score_before_deductions ?? 0);
  return { before: from, after: to, points: to.score - from.score, indicators, deductions: off(to) - off(from) };
}
