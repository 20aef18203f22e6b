import { applyRule, interpolate, scoreValue } from '../month/goalposts.js';
import type { Prepared } from '../month/prepare.js';
import { isComparable, observe, type Reading } from '../month/slot.js';
import { against, isShortfall, ratioOf, trendPosts } from '../month/trend.js';
import type { IndicatorScore, MonthUnit } from '../month/types.js';
import type { WindowValue } from '../month/window.js';
import { shrink } from '../small-numbers/prior.js';

/** One indicator of one unit in one month: what was counted, and everything it was held against. */
export interface Standing {
  prepared: Prepared;
  unit: MonthUnit;
  reading: Reading;
  row: IndicatorScore;
  /** Share of the trend in the score. */
  share: number;
}

/** What of a standing is taken from the later month. */
interface Counted {
  window: WindowValue;
  /** Months of the window against those of the standing, for counts and intensities; 1 else. */
  stretch: number;
  /** Σ of month weights and the factor of the noise, the dispersion being the standing's own. */
  weight: number;
  factor: number;
}

/** Whose own past a value is compared with, and how that is brought to the months of the value. */
interface Past {
  standing: Standing;
  stretch: number;
}

/** The score that `counted` would have had against the references of a standing; with its own past unless another is given. */
function scoreAgainst(
  standing: Standing,
  counted: Counted,
  past: Past = { standing, stretch: counted.stretch },
): number | null {
  const { prepared, reading, share } = standing;
  const { indicator, level, baselineOf } = prepared;
  const { window, stretch, weight, factor } = counted;
  const observation = observe(indicator, window, { weight, factor, dispersion: level.dispersion });
  const group = isComparable(indicator, window) ? reading.group : null;
  const value = observation !== null && group !== null ? shrink(observation, group.prior) : window.value;
  const baseline = baselineOf(standing.unit.peerClass, reading.plan.scale);
  const goalposts = applyRule(indicator.goalposts, baseline && { ...baseline, value: baseline.value * stretch });
  if (value === null || goalposts === null) return null;
  const points = scoreValue(value, indicator.goalposts, goalposts);
  const change = trendOf(past.standing);
  if (change === undefined || observation === null) return points;
  const compared = against(observation, change.ownMean * past.stretch, isShortfall(indicator));
  if (compared === null) return points;
  const ratio = ratioOf(compared, (trendOf(standing) ?? change).group);
  return (1 - share) * points + share * interpolate(ratio, trendPosts(indicator));
}

/** Undefined where the score is that of the level alone. */
const trendOf = ({ prepared, unit, row }: Standing) =>
  row.trend === null ? undefined : prepared.trend?.readings.get(unit.code);

const perMonth = new Set(['count', 'intensity']);

/** The later numerators over the earlier denominators. */
function withNumerators({ prepared, reading }: Standing, later: Reading): WindowValue {
  const { kind } = prepared.indicator;
  const { denominator } = reading.window;
  const { numerator, value } = later.window;
  if (perMonth.has(kind)) return { ...reading.window, numerator, value };
  const factor = kind === 'ratio' ? 100 : 10_000;
  return { ...reading.window, numerator, value: ((numerator ?? 0) * factor) / (denominator ?? 1) };
}

/** Whether two standings count the same thing, so that counts can be put in each other's place. */
function comparable(a: Standing, b: Standing): boolean {
  const [one, other] = [a.prepared.indicator, b.prepared.indicator];
  return (['kind', 'recordType', 'window', 'weighting'] as const).every((key) => one[key] === other[key]);
}

/** Scores on the way from one standing to the other. */
export interface Restated {
  /** With the later numerators. */
  counted: number;
  /** With the later denominators, population and months as well. */
  denominated: number;
  /** Compared with the later own past as well. */
  aged: number;
}

/**
 * Scores on the way from one standing to the other, against the references of the first. Null where that cannot be said: an
 * indicator that either does not score, or that does not count the same.
 */
export function restated(before: Standing, after: Standing): Restated | null {
  const start = before.row.score;
  if (start === null || after.row.score === null || !comparable(before, after)) return null;
  const [old, later] = [before.reading.window, after.reading.window];
  const [from, to] = [before.reading, after.reading];
  const inOldTerms = { stretch: 1, weight: from.noise.weight, factor: from.noise.factor };
  const summed = perMonth.has(before.prepared.indicator.kind);
  const sameCount = old.numerator === later.numerator && (old.value === later.value || !summed);
  const window = withNumerators(before, after.reading);
  const counted = sameCount ? start : scoreAgainst(before, { ...inOldTerms, window });
  const same =
    old.denominator === later.denominator &&
    old.residents === later.residents &&
    from.plan.months.length === to.plan.months.length;
  const stretch = summed ? to.plan.scale / from.plan.scale : 1;
  const inNewTerms = {
    window: later,
    stretch,
    weight: to.noise.weight,
    factor: (to.noise.factor * to.noise.dispersion) / from.noise.dispersion,
  };
  const denominated = same ? counted : scoreAgainst(before, inNewTerms);
  const aged = samePast(before, after)
    ? denominated
    : scoreAgainst(before, same ? { ...inOldTerms, window } : inNewTerms, { standing: after, stretch: 1 });
  return counted === null || denominated === null || aged === null ? null : { counted, denominated, aged };
}

const samePast = (before: Standing, after: Standing): boolean => trendOf(before)?.ownMean === trendOf(after)?.ownMean;
