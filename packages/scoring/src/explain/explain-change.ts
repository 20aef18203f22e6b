import { type PreparedMonth, prepareMonth } from '../month/prepare.js';
import { scorePrepared } from '../month/score-month.js';
import type { IndicatorScore, MonthInput, UnitScore } from '../month/types.js';
import { restated, type Standing } from './restate.js';

/** Why points moved that the unit's own figures did not move. */
export interface ReferenceParts {
  /** The unit's own past, which the trend is held against. */
  past: number;
  /** The class: its mean, and what small numbers are steadied towards. */
  peers: number;
  /** Weight that missing indicators hand on. */
  handed: number;
  /** The indicator has a score in one of the two only. */
  missing: number;
  /** Another scheme: weights, goalposts, rules. */
  scheme: number;
}

/** What one indicator did to the score of a unit. Points; the three parts sum to `change`. */
export interface IndicatorChange {
  dimension: string;
  code: string;
  /** Contribution after less contribution before. */
  change: number;
  count: number;
  denominator: number;
  reference: number;
  /** Parts of `reference`. */
  references: ReferenceParts;
  /** Null in a scheme without the indicator. A score that is missing in either has all of its change in `reference`. */
  before: IndicatorScore | null;
  after: IndicatorScore | null;
}

/** Why a change has no explanation: the unit is not in both, or has no score in one. */
export type NoChangeReason = 'unit_missing' | 'no_score';

/**
 * From one score of a unit to another: Σ of the parts of all indicators + `deduction` + `floor` = `change`.
 * All points; `change` and the parts are null, and `indicators` empty, where there is a `missing_reason`.
 */
export interface ChangeExplanation {
  unit: string;
  before: number | null;
  after: number | null;
  change: number | null;
  /** In the order of the later scheme, then what only the earlier one has. */
  indicators: IndicatorChange[];
  /** More deductions give a negative part. */
  deduction: number | null;
  /** What stopping at 0 added after less what it added before. */
  floor: number | null;
  missing_reason: NoChangeReason | null;
}

interface Side {
  input: MonthInput;
  prepared: PreparedMonth;
  scores: ReadonlyMap<string, UnitScore>;
}

function sideOf(input: MonthInput): Side {
  const prepared = prepareMonth(input);
  const { units } = scorePrepared(prepared, input);
  return { input, prepared, scores: new Map(units.map((score) => [score.code, score])) };
}

function standingsOf({ input, prepared }: Side, score: UnitScore): Map<string, Standing> {
  const unit = prepared.units.find(({ code }) => code === score.code);
  const share = input.trend?.share ?? 0;
  const standings = new Map<string, Standing>();
  prepared.dimensions.flat().forEach((one, i) => {
    const reading = one.level.readings.get(score.code);
    const row = score.indicators[i];
    if (unit === undefined || reading === undefined || row === undefined) return;
    standings.set(one.indicator.code, { prepared: one, unit, reading, row, share });
  });
  return standings;
}

const nothing: ReferenceParts = { past: 0, peers: 0, handed: 0, missing: 0, scheme: 0 };

/** Share of the index before missing indicators hand on theirs. */
function nominalShare(code: string, dimensions: MonthInput['dimensions']): number {
  const total = (entries: readonly { weight: number }[]) => entries.reduce((sum, { weight }) => sum + weight, 0);
  const own = dimensions.find(({ indicators }) => indicators.some((one) => one.code === code));
  const weight = own?.indicators.find((one) => one.code === code)?.weight ?? 0;
  // A dimension whose indicators all weigh 0 has no shares.
  return weight === 0 || own === undefined
    ? 0
    : (own.weight / (total(dimensions) || 1)) * (weight / total(own.indicators));
}

/** Everything of a scheme that one indicator's score depends on, apart from weights. */
function rulesOf(code: string, { dimensions, baseline, shrinkage, trend }: MonthInput): string {
  const own = dimensions.flatMap(({ indicators }) => indicators).find((one) => one.code === code);
  return JSON.stringify([own && { ...own, weight: 0 }, baseline, shrinkage, trend]);
}

interface Sides {
  from: Side;
  to: Side;
}

function referencesOf(
  code: string,
  { from, to }: Sides,
  rows: { old: IndicatorScore; now: IndicatorScore; aged: number; denominated: number },
): ReferenceParts {
  const { old, now, aged, denominated } = rows;
  const score = now.score ?? 0;
  const nominal = nominalShare(code, to.input.dimensions) - nominalShare(code, from.input.dimensions);
  const rest = old.weight * (score - aged);
  const isOtherRule = rulesOf(code, from.input) !== rulesOf(code, to.input);
  return {
    ...nothing,
    past: old.weight * (aged - denominated),
    peers: isOtherRule ? 0 : rest,
    handed: (now.weight - old.weight - nominal) * score,
    scheme: nominal * score + (isOtherRule ? rest : 0),
  };
}

function explainIndicator(
  code: string,
  { before, after }: { before: Standing | undefined; after: Standing | undefined },
  sides: Sides,
): IndicatorChange {
  const from = before?.row ?? null;
  const to = after?.row ?? null;
  const change = (to?.contribution ?? 0) - (from?.contribution ?? 0);
  const dimension = to?.dimension ?? from?.dimension ?? '';
  const steps = before === undefined || after === undefined ? null : restated(before, after);
  const head = { dimension, code, change, before: from, after: to };
  if (from === null || to === null || steps === null) {
    // One of two schemes does not have it, or counts it by another rule; else either month has no score of it.
    const isScheme = from === null || to === null || (from.score !== null && to.score !== null);
    const references = { ...nothing, [isScheme ? 'scheme' : 'missing']: change };
    return { ...head, count: 0, denominator: 0, reference: change, references };
  }
  const { counted, denominated, aged } = steps;
  return {
    ...head,
    count: from.weight * (counted - (from.score ?? 0)),
    denominator: from.weight * (denominated - counted),
    reference: to.contribution - from.weight * denominated,
    references: referencesOf(code, sides, { old: from, now: to, aged, denominated }),
  };
}

const deducted = ({ deductions }: UnitScore): number => deductions.reduce((sum, { applied }) => sum + applied, 0);
const lifted = (score: UnitScore): number => Math.max(0, deducted(score) - (score.score_before_deductions ?? 0));

/**
 * Why the scores of units differ between two inputs: two months, or one month under two schemes or two states of the
 * data. Each indicator's change is split by replacing, in this order, what the unit counted in the window (`count`), its
 * denominators, residents and covered months (`denominator`), and everything it is held against (`reference`): goalposts and
 * class means, the prior it is shrunken towards, its own baseline, weights with what missing indicators hand on, and the
 * rules themselves. The first two steps hold everything later in the list as it was before; a changed window, kind or
 * record type is all `reference`. `references` splits that again: the later own past first, then the class or the rules, then weights. What a unit's own cases do through the mean or prior of its class is `reference` too.
 *
 * Both months are read once for all units. Errors as `scoreMonth`.
 */
export function changeExplainer(before: MonthInput, after: MonthInput): (unit: string) => ChangeExplanation {
  const from = sideOf(before);
  const to = sideOf(after);
  return (unit) => {
    const [old, now] = [from.scores.get(unit), to.scores.get(unit)];
    const scores = { unit, before: old?.score ?? null, after: now?.score ?? null };
    if (old === undefined || now === undefined || scores.before === null || scores.after === null) {
      const missing_reason = old === undefined || now === undefined ? 'unit_missing' : 'no_score';
      return { ...scores, change: null, indicators: [], deduction: null, floor: null, missing_reason };
    }
    const [earlier, later] = [standingsOf(from, old), standingsOf(to, now)];
    const codes = [...later.keys(), ...[...earlier.keys()].filter((code) => !later.has(code))];
    return {
      ...scores,
      change: scores.after - scores.before,
      indicators: codes.map((code) =>
        explainIndicator(code, { before: earlier.get(code), after: later.get(code) }, { from, to }),
      ),
      deduction: deducted(old) - deducted(now),
      floor: lifted(now) - lifted(old),
      missing_reason: null,
    };
  };
}

/** The change of one unit; for several units of the same two months see `changeExplainer`. */
export function explainChange(before: MonthInput, after: MonthInput, unit: string): ChangeExplanation {
  return changeExplainer(before, after)(unit);
}
