/** An event of the negative list (红线), as established for the unit: facts only, the rules say what it costs. */
export interface RedLineEvent {
  unit: string;
  /** `YYYY-MM-DD`, local. It counts in its month. */
  date: string;
  /** What happened, in the words the rules use. */
  kind: string;
  deaths: number;
  /** The case behind the event; the same case of a unit is deducted once. */
  case_ref: string;
}

interface RuleBase {
  id: string;
  name: string;
  /** Kinds of events it applies to. */
  events: readonly string[];
  /** Points off, per event. */
  points: number;
  /** Sensitive periods, both days included (`YYYY-MM-DD`): points count twice. */
  doubled_in: ReadonlyArray<{ from: string; to: string }>;
}

/**
 * - `veto`: every event of the kinds (一票否决).
 * - `deaths`: events with at least `min` and, unless null, at most `max` deaths.
 * - `count`: events beyond the first `free` of the month, in order of date and case.
 */
export type DeductionRule =
  | (RuleBase & { kind: 'veto' })
  | (RuleBase & { kind: 'deaths'; min: number; max: number | null })
  | (RuleBase & { kind: 'count'; free: number });

export interface DeductionOptions {
  /** Most points a unit can lose in a month. */
  cap: number;
  rules: readonly DeductionRule[];
}

/** One deduction, tied to the event behind it. */
export interface Deduction {
  rule: string;
  name: string;
  case_ref: string;
  date: string;
  kind: string;
  deaths: number;
  doubled: boolean;
  /** By the rule, doubled where it is. */
  points: number;
  /** What was taken off after the cap; the sum over a unit is its deduction. */
  applied: number;
}

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Throws RangeError for a malformed date, a death count that is not a whole number of at least 0, an unknown unit. */
export function assertEvents(events: readonly RedLineEvent[], units: ReadonlySet<string>): void {
  for (const { unit, date, deaths, case_ref } of events) {
    if (!DATE.test(date)) throw new RangeError(`not a date: ${date}`);
    if (!Number.isInteger(deaths) || deaths < 0) throw new RangeError(`bad number of deaths in ${case_ref}`);
    if (!units.has(unit)) throw new RangeError(`red-line event ${case_ref} of unknown unit ${unit}`);
  }
}

function chargesOf(rule: DeductionRule, events: readonly RedLineEvent[]): Deduction[] {
  const concerned = events.filter(({ kind, deaths }) => {
    if (!rule.events.includes(kind)) return false;
    return rule.kind !== 'deaths' || (deaths >= rule.min && deaths <= (rule.max ?? Number.POSITIVE_INFINITY));
  });
  return concerned.slice(rule.kind === 'count' ? rule.free : 0).map(({ date, kind, deaths, case_ref }) => {
    const doubled = rule.doubled_in.some(({ from, to }) => from <= date && date <= to);
    const points = doubled ? 2 * rule.points : rule.points;
    return { rule: rule.id, name: rule.name, case_ref, date, kind, deaths, doubled, points, applied: 0 };
  });
}

const byEvent = (a: RedLineEvent | Deduction, b: RedLineEvent | Deduction): number => {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  if (a.case_ref !== b.case_ref) return a.case_ref < b.case_ref ? -1 : 1;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return b.deaths - a.deaths;
};

/**
 * Deductions of one unit in one month (`YYYY-MM`), in order of date and case, whatever the order of `events`. A case
 * costs what the dearest rule that fits it says (the first of equals), once. All together cost at most `cap`: what lies
 * beyond it is listed with less, or nothing, applied.
 */
export function deductionsOf(
  { cap, rules }: DeductionOptions,
  { unit, month, events }: { unit: string; month: string; events: readonly RedLineEvent[] },
): Deduction[] {
  const own = events.filter((event) => event.unit === unit && event.date.startsWith(`${month}-`)).sort(byEvent);
  const distinct = own.filter(
    (event, i) => i === own.findIndex(({ case_ref, kind }) => case_ref === event.case_ref && kind === event.kind),
  );
  const dearest = new Map<string, Deduction>();
  for (const rule of rules) {
    for (const charge of chargesOf(rule, distinct)) {
      if (charge.points > (dearest.get(charge.case_ref)?.points ?? 0)) dearest.set(charge.case_ref, charge);
    }
  }
  let left = cap;
  return [...dearest.values()].sort(byEvent).map((charge) => {
    const applied = Math.min(left, charge.points);
    left -= applied;
    return { ...charge, applied };
  });
}
