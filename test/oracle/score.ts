import type { County, Region } from '@pingan/regions';
import { bandsOver } from './bands.js';
import type { Sum } from './components.js';
import { type Facts, factsOf, populationOf, toNumber } from './facts.js';
import { type Options, plain } from './options.js';
import { deductedOf, type Incident } from './red-lines.js';
import { BASE_MONTHS, type Definition, MAX_MISSING, MIN_BASE_MONTHS, scheme, TIE_DECIMALS } from './rules.js';
import { trendOf } from './trend.js';

export interface OracleIndicator {
  code: string;
  numerator: number | null;
  denominator: number | null;
  months: number;
  value: number | null;
  goalposts: [number, number, number] | null;
  level: number | null;
  trend: number | null;
  score: number | null;
  weight: number;
  missing: string | null;
}

export interface OracleUnit {
  code: string;
  score: number | null;
  before: number | null;
  /** Points taken off by case, and together. */
  deductions: Map<string, number>;
  rank: number | null;
  classRank: number | null;
  band: string | null;
  bandMonths: number;
  dimensions: Record<string, number | null>;
  indicators: OracleIndicator[];
}

/** The mean of a group of units over the base months, comparable with a window's value; null when it is not above 0. */
function meanOf(
  definition: Definition,
  units: readonly Region[],
  months: readonly number[],
  scale: number,
  facts: Facts,
) {
  let [above, below] = [0, 0];
  for (const unit of units) {
    const { numerator, denominator } = facts.total(definition.code, unit.code, months);
    above += numerator;
    if (definition.kind === 'rate') below += populationOf(unit) * months.length;
    else below += definition.kind === 'ratio' ? denominator : months.length;
  }
  if (above <= 0 || below <= 0) return null;
  return (above / below) * { rate: 10_000, ratio: 100, count: scale, intensity: 1 }[definition.kind];
}

function baseMonths(recordType: string, period: number, facts: Facts): number[] {
  const january = Math.floor(period / 12) * 12;
  const before = facts.coveredOf(recordType, january - BASE_MONTHS, january - 1);
  if (before.length >= MIN_BASE_MONTHS) return before;
  return facts.coveredOf(recordType, facts.first, period).slice(0, BASE_MONTHS);
}

/** Height at `x` of the broken line through (g0, 0), (g60, 60), (g100, 100), never outside 0–100. */
function onLine(x: number, [g0, g60, g100]: [number, number, number]): number {
  const passed = g100 > g60 ? x >= g60 : x <= g60;
  const height = passed ? 60 + (40 * (x - g60)) / (g100 - g60) : (60 * (x - g0)) / (g60 - g0);
  return Math.min(100, Math.max(0, height));
}

function levelOf(
  definition: Definition,
  unit: Region,
  peers: readonly Region[],
  all: readonly Region[],
  period: number,
  facts: Facts,
): OracleIndicator {
  const { code, recordType, kind, window, rule } = definition;
  const months = facts.coveredOf(recordType, period - window + 1, period);
  const row: OracleIndicator = {
    code,
    numerator: null,
    denominator: null,
    months: months.length,
    value: null,
    goalposts: null,
    level: null,
    trend: null,
    score: null,
    weight: 0,
    missing: null,
  };
  if (!months.includes(period)) return { ...row, missing: 'no_data_month' };
  const { numerator, denominator } = facts.total(code, unit.code, months);
  row.numerator = numerator;
  if (kind === 'rate') {
    row.denominator = populationOf(unit) * months.length;
    row.value = (numerator / row.denominator) * 10_000;
  } else if (kind === 'ratio') {
    row.denominator = denominator;
    if (denominator === 0) return { ...row, missing: 'no_cases' };
    row.value = (numerator / denominator) * 100;
  } else if (kind === 'count') {
    row.value = numerator;
  } else {
    const weights = months.map((month) => 1 / 2 ** (period - month));
    const sum = weights.reduce((a, b) => a + b, 0);
    row.value = months.reduce(
      (value, month, i) => value + facts.total(code, unit.code, [month]).numerator * (weights[i]! / sum),
      0,
    );
  }
  if (rule.rule === 'per_unit') {
    row.goalposts = [100 / rule.penalty, 40 / rule.penalty, 0];
    row.level = Math.max(0, 100 - rule.penalty * row.value);
    return row;
  }
  let factor: number | null = 1;
  if (rule.rule === 'class_mean') {
    const base = baseMonths(recordType, period, facts);
    factor =
      meanOf(definition, peers, base, months.length, facts) ?? meanOf(definition, all, base, months.length, facts);
    if (factor === null) return { ...row, missing: 'no_baseline' };
  }
  row.goalposts = [rule.g0 * factor, rule.g60 * factor, rule.g100 * factor];
  row.level = onLine(row.value, row.goalposts);
  return row;
}

/** Shares of what has a score; null when too much of the weight has none. */
function sharesOf(parts: ReadonlyArray<{ weight: number; score: number | null }>): number[] | null {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const present = parts.reduce((sum, { weight, score }) => sum + (score === null ? 0 : weight), 0);
  if (present === 0 || (total - present) / total > MAX_MISSING + 1e-9) return null;
  return parts.map(({ weight, score }) => (score === null ? 0 : weight / present));
}

const mixOf = (parts: ReadonlyArray<{ score: number | null }>, shares: readonly number[]) =>
  parts.reduce((sum, { score }, i) => sum + (score ?? 0) * shares[i]!, 0);

/** Level, and trend where the unit has a past to compare with. */
function indicatorOf(
  definition: Definition,
  place: { unit: Region; peers: readonly Region[]; all: readonly Region[]; period: number },
  share: number,
  facts: Facts,
): OracleIndicator {
  const row = levelOf(definition, place.unit, place.peers, place.all, place.period, facts);
  row.score = row.level;
  if (row.level === null || share === 0) return row;
  const ratio = trendOf(definition, place.unit, row.value!, place.period, facts);
  if (ratio === null) return row;
  row.trend = onLine(ratio.ratio, ratio.posts);
  row.score = (1 - share) * row.level + share * row.trend;
  return row;
}

const rounded = (score: number) => Number(score.toFixed(TIE_DECIMALS));

/** Places among the given scores: one more than the number of better ones. */
function placeOf(own: number | null, scores: ReadonlyArray<number | null>): number | null {
  if (own === null) return null;
  return 1 + scores.filter((score) => score !== null && rounded(score) > rounded(own)).length;
}

/** Scores of one month, before ranks and colours. */
function scoresOf(county: County, facts: Facts, incidents: readonly Incident[], month: string, options: Options) {
  const period = toNumber(month);
  const all = county.regions.regions.filter(({ ranked }) => ranked);
  return all.map((unit): OracleUnit & { areaClass: string | null } => {
    const peers = all.filter(({ areaClass }) => areaClass === unit.areaClass);
    const parts = scheme.map(({ id, weight, indicators }) => {
      const place = { unit, peers, all, period };
      const rows = indicators.map((definition) => indicatorOf(definition, place, options.trend, facts));
      const shares = sharesOf(rows.map(({ score }, i) => ({ score, weight: indicators[i]!.weight })));
      return { id, weight, rows, shares, score: shares && mixOf(rows, shares) };
    });
    const shares = sharesOf(parts);
    parts.forEach((part, d) => {
      part.rows.forEach((row, i) => {
        row.weight = (shares?.[d] ?? 0) * (part.shares?.[i] ?? 0);
      });
    });
    const before = shares && mixOf(parts, shares);
    const { total, cases } = deductedOf(incidents, unit.code, month, options.deductions);
    return {
      code: unit.code,
      areaClass: unit.areaClass,
      score: before === null ? null : Math.max(0, before - total),
      before,
      deductions: cases,
      rank: null,
      classRank: null,
      band: null,
      bandMonths: 0,
      dimensions: Object.fromEntries(parts.map(({ id, score }) => [id, score])),
      indicators: parts.flatMap(({ rows }) => rows),
    };
  });
}

/** Every month of a county from its first to `last`, by the written-down scheme with the given options. */
export function scoreOf(
  county: County,
  sums: Iterable<Sum>,
  last: string,
  { options = plain, incidents = [] }: { options?: Options; incidents?: readonly Incident[] } = {},
): Map<string, OracleUnit[]> {
  const facts = factsOf(county, sums);
  const months: string[] = [];
  for (let at = facts.first; at <= toNumber(last); at++) {
    months.push(`${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`);
  }
  const scored = months.map((month) => scoresOf(county, facts, incidents, month, options));
  for (const units of scored) {
    for (const unit of units) {
      const peers = units.filter(({ areaClass }) => areaClass === unit.areaClass);
      const scores = (list: readonly OracleUnit[]) => list.map(({ score }) => score);
      unit.rank = placeOf(unit.score, scores(units));
      if (options.peerRanks) unit.classRank = placeOf(unit.score, scores(peers));
    }
  }
  const codes = scored[0]?.map(({ code }) => code) ?? [];
  codes.forEach((_, u) => {
    const shown = bandsOver(
      scored.map((units) => units[u]!.score),
      options.hysteresis,
    );
    shown.forEach(({ band, months: held }, m) => {
      scored[m]![u]!.band = band;
      scored[m]![u]!.bandMonths = held;
    });
  });
  return new Map(months.map((month, m) => [month, scored[m]!]));
}
