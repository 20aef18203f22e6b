import type { County, Region } from '@pingan/regions';
import type { Sum } from './components.js';
import { BASE_MONTHS, bands, type Definition, MAX_MISSING, MIN_BASE_MONTHS, scheme, TIE_DECIMALS } from './rules.js';

export interface OracleIndicator {
  code: string;
  numerator: number | null;
  denominator: number | null;
  months: number;
  value: number | null;
  goalposts: [number, number, number] | null;
  score: number | null;
  weight: number;
  missing: string | null;
}

export interface OracleUnit {
  code: string;
  score: number | null;
  rank: number | null;
  band: string | null;
  dimensions: Record<string, number | null>;
  indicators: OracleIndicator[];
}

interface Pair {
  numerator: number;
  denominator: number;
}

/** All months as numbers, so that going back a year is a subtraction. */
const toNumber = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;

/** Everything the rules ask for, looked up by brute force in the list of sums. */
function factsOf(county: County, sums: Iterable<Sum>) {
  const regions = new Map(county.regions.regions.map((region) => [region.code, region]));
  const unitOf = (code: string): string | undefined => {
    let region: Region | undefined = regions.get(code);
    while (region && !region.ranked) region = regions.get(region.countsAs ?? region.parent ?? '');
    return region?.code;
  };
  const pairs = new Map<string, Pair>();
  const covered = new Set<string>();
  let first = Number.POSITIVE_INFINITY;
  for (const { month, indicator, region, numerator, denominator } of sums) {
    const at = toNumber(month);
    if (indicator.startsWith('cases:')) {
      covered.add(`${indicator.slice(6)}|${at}`);
      first = Math.min(first, at);
      continue;
    }
    const key = `${indicator}|${unitOf(region)}|${at}`;
    const pair = pairs.get(key) ?? { numerator: 0, denominator: 0 };
    pairs.set(key, { numerator: pair.numerator + numerator, denominator: pair.denominator + denominator });
  }
  /** Sums over months, out of millionths. */
  const total = (code: string, unit: string, months: readonly number[]): Pair => {
    let [numerator, denominator] = [0, 0];
    for (const month of months) {
      const pair = pairs.get(`${code}|${unit}|${month}`);
      numerator += pair?.numerator ?? 0;
      denominator += pair?.denominator ?? 0;
    }
    return { numerator: numerator / 1e6, denominator: denominator / 1e6 };
  };
  const coveredOf = (recordType: string, from: number, to: number): number[] => {
    const months: number[] = [];
    for (let at = Math.max(from, first); at <= to; at++) if (covered.has(`${recordType}|${at}`)) months.push(at);
    return months;
  };
  return { total, coveredOf, first };
}

type Facts = ReturnType<typeof factsOf>;

const populationOf = ({ populations }: Region) => populations[0]?.value ?? 0;

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
    row.score = Math.max(0, 100 - rule.penalty * row.value);
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
  row.score = onLine(row.value, row.goalposts);
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

/** One month of a county by the default scheme, from its monthly sums. */
export function scoreOf(county: County, sums: Iterable<Sum>, period: string): OracleUnit[] {
  const facts = factsOf(county, sums);
  const at = toNumber(period);
  const all = county.regions.regions.filter(({ ranked }) => ranked);
  const units = all.map((unit): OracleUnit => {
    const peers = all.filter(({ areaClass }) => areaClass === unit.areaClass);
    const parts = scheme.map(({ id, weight, indicators }) => {
      const rows = indicators.map((definition) => levelOf(definition, unit, peers, all, at, facts));
      const shares = sharesOf(rows.map(({ score }, i) => ({ score, weight: indicators[i]!.weight })));
      return { id, weight, rows, shares, score: shares && mixOf(rows, shares) };
    });
    const shares = sharesOf(parts);
    parts.forEach((part, d) => {
      part.rows.forEach((row, i) => {
        row.weight = (shares?.[d] ?? 0) * (part.shares?.[i] ?? 0);
      });
    });
    return {
      code: unit.code,
      score: shares && mixOf(parts, shares),
      rank: null,
      band: null,
      dimensions: Object.fromEntries(parts.map(({ id, score }) => [id, score])),
      indicators: parts.flatMap(({ rows }) => rows),
    };
  });
  for (const unit of units) {
    if (unit.score === null) continue;
    const rounded = (score: number) => Number(score.toFixed(TIE_DECIMALS));
    const own = rounded(unit.score);
    unit.rank = 1 + units.filter(({ score }) => score !== null && rounded(score) > own).length;
    unit.band = bands.find(([, min]) => own >= min)?.[0] ?? null;
  }
  return units;
}
