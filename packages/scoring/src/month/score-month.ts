import { redistribute, weightedSum } from './combine.js';
import { deductionsOf } from './deductions.js';
import { applyRule, interpolate, scoreValue } from './goalposts.js';
import { bandAfter } from './hysteresis.js';
import { type Prepared, type PreparedMonth, prepareMonth, priorReports } from './prepare.js';
import { competitionRanks } from './rank.js';
import { trendPosts } from './trend.js';
import type {
  AppliedGoalposts,
  DimensionScore,
  IndicatorScore,
  MonthInput,
  MonthScores,
  MonthUnit,
  UnitScore,
} from './types.js';
import { belowMinimum } from './window-values.js';

/** One indicator, ready to score any unit; weight and contribution are known only once the whole unit is. */
function indicatorScorer(
  { dimension, indicator, level, trend, baselineOf }: Prepared,
  share: number,
): (unit: MonthUnit) => IndicatorScore {
  const posts = trendPosts(indicator);
  const byClass = new Map<string, AppliedGoalposts | null>();
  const goalpostsOf = (peerClass: string, scale: number): AppliedGoalposts | null => {
    const key = `${scale} ${peerClass}`;
    let found = byClass.get(key);
    if (found === undefined) {
      found = applyRule(indicator.goalposts, baselineOf(peerClass, scale));
      byClass.set(key, found);
    }
    return found;
  };
  return (unit) => {
    const reading = level.readings.get(unit.code);
    if (reading === undefined) throw new RangeError(`unit ${unit.code} was not read`);
    const { numerator, denominator, value, missing } = reading.window;
    const { shrunken, plan } = reading;
    const goalposts = value === null ? null : goalpostsOf(unit.peerClass, plan.scale);
    const reason = missing ?? belowMinimum(indicator, denominator) ?? (goalposts === null ? 'no_baseline' : null);
    const scored = reason === null && shrunken !== null && goalposts !== null;
    const points = scored ? scoreValue(shrunken, indicator.goalposts, goalposts) : null;
    const change = points === null ? undefined : trend?.readings.get(unit.code);
    const trendPoints = change === undefined ? null : interpolate(change.ratio, posts);
    return {
      dimension,
      code: indicator.code,
      numerator,
      denominator,
      population: unit.population,
      window: { from: plan.from, to: plan.to },
      months: plan.months.length,
      value,
      shrunken_value: shrunken,
      level: points,
      trend: trendPoints,
      own_mean: change?.ownMean ?? null,
      own_ratio: change?.ratio ?? null,
      score: points === null || trendPoints === null ? points : (1 - share) * points + share * trendPoints,
      weight: 0,
      contribution: 0,
      goalposts,
      missing_reason: reason,
    };
  };
}

type Scorers = ReadonlyArray<ReadonlyArray<ReturnType<typeof indicatorScorer>>>;

const noHysteresis = { points: 0, months: 1 } as const;
const noDeductions = { cap: 0, rules: [] } as const;

function scoreUnit(unit: MonthUnit, scorers: Scorers, input: MonthInput): UnitScore {
  const maxShare = input.missing.max_share;
  const nominalTotal = input.dimensions.reduce((sum, { weight }) => sum + weight, 0);
  const scored = input.dimensions.map((dimension, d) => {
    const rows = (scorers[d] ?? []).map((score) => score(unit));
    const shares = redistribute(rows, dimension.indicators, maxShare);
    const result: DimensionScore = {
      id: dimension.id,
      score: shares === null ? null : weightedSum(rows, shares),
      weight: nominalTotal > 0 ? dimension.weight / nominalTotal : 0,
      missing_reason: shares === null ? 'insufficient_data' : null,
    };
    return { rows, shares, result };
  });
  const dimensions = scored.map(({ result }) => result);
  const indexShares = redistribute(dimensions, dimensions, maxShare);
  scored.forEach(({ rows, shares }, d) => {
    const ofIndex = indexShares?.[d] ?? 0;
    rows.forEach((row, i) => {
      row.weight = ofIndex * (shares?.[i] ?? 0);
      row.contribution = row.weight * (row.score ?? 0);
    });
  });
  const before = indexShares === null ? null : weightedSum(dimensions, indexShares);
  const deductions = deductionsOf(input.deductions ?? noDeductions, {
    unit: unit.code,
    month: input.period,
    events: input.red_lines ?? [],
  });
  const deducted = deductions.reduce((sum, { applied }) => sum + applied, 0);
  const score = before === null ? null : Math.max(0, before - deducted);
  return {
    code: unit.code,
    score,
    score_before_deductions: before,
    deductions,
    missing_reason: indexShares === null ? 'insufficient_data' : null,
    rank: null,
    class_rank: null,
    ...bandAfter({ month: input.period, score }, input.history?.get(unit.code) ?? [], {
      bands: input.bands,
      hysteresis: input.hysteresis ?? noHysteresis,
      decimals: input.tie.decimals,
    }),
    dimensions,
    indicators: scored.flatMap(({ rows }) => rows),
  };
}

/** Ranks in place, all units or those of one class. */
function rankUnits(units: readonly UnitScore[], key: 'rank' | 'class_rank', decimals: number): void {
  const ranks = competitionRanks(
    units.map(({ score }) => score),
    decimals,
  );
  units.forEach((unit, i) => {
    unit[key] = ranks[i] ?? null;
  });
}

/**
 * Scores one month: windowed value → shrinkage → goalposts 0–100 → level and trend → weighted mean inside each dimension
 * → weighted mean of the dimensions → deductions → rank and colour band. Pure: the same input gives the same bytes,
 * whatever the order of units, events or map entries.
 *
 * What cannot be computed is null with a reason, never 0, 100 or NaN.
 * Throws RangeError on input that no valid scheme or table yields: a malformed month or date, a period before the start
 * month, repeated unit codes, a negative or non-finite weight, goalposts against the direction, a non-finite component, a
 * trend share outside 0–1, a red-line event of an unknown unit.
 */
export function scoreMonth(input: MonthInput): MonthScores {
  return scorePrepared(prepareMonth(input), input);
}

/** The same for a month that was prepared before. */
export function scorePrepared(prepared: PreparedMonth, input: MonthInput): MonthScores {
  const { decimals } = input.tie;
  const share = input.trend?.share ?? 0;
  const scorers = prepared.dimensions.map((indicators) => indicators.map((one) => indicatorScorer(one, share)));
  const units = prepared.units.map((unit) => scoreUnit(unit, scorers, input));
  rankUnits(units, 'rank', decimals);
  if (input.peer_ranks) {
    for (const peerClass of new Set(prepared.units.map((unit) => unit.peerClass))) {
      rankUnits(
        units.filter((_, i) => prepared.units[i]?.peerClass === peerClass),
        'class_rank',
        decimals,
      );
    }
  }
  return { units, priors: priorReports(prepared) };
}
