import { addMonths, monthRange } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import type { IndicatorScore, UnitScore } from '@pingan/scoring';
import type { CaseKey, Store, Watermark } from '@pingan/store';
import { compareScores, type UnitComparison } from './comparison.js';
import { type Evidence, monthsUpTo } from './evidence.js';
import { BandRecord, historyBefore } from './history.js';
import { redLineEvents } from './red-lines.js';
import { rollUp } from './roll-up.js';
import { cataloguesInForce, schemesInForce } from './score-county.js';
import { scoresOf } from './score-period.js';

type Figures = Pick<IndicatorScore, 'numerator' | 'denominator' | 'value' | 'score'>;

export interface FigureChange {
  code: string;
  before: Figures;
  after: Figures;
}

export interface UnitWithoutCase extends UnitComparison {
  /** What its counts, or the class means behind them, change; in the order of the scheme. */
  indicators: FigureChange[];
  /** Points off, all rules together. */
  deducted: { before: number; after: number };
}

/** A month as it is, and as if one case had never been delivered. */
export interface WithoutCase {
  period: string;
  /** Units of which anything changes, in ranking order; empty when the case touches nothing. */
  units: UnitWithoutCase[];
}

async function evidenceAt(store: Store, county: County, watermark: Watermark, without?: CaseKey): Promise<Evidence> {
  const scope = { county, watermark, without };
  const [components, redLines, schemes, zeroReports] = await Promise.all([
    store.components.compute(scope),
    store.redLines(scope),
    store.schemes.list(county.code),
    store.zeroReports.list(county.code),
  ]);
  return {
    county,
    rolledUp: rollUp(county, components),
    redLines: redLineEvents(county, redLines),
    zeroReports,
    schemeOf: schemesInForce(schemes),
    catalogueOf: cataloguesInForce(schemes),
  };
}

/** The first month, up to the given one, in which the two differ in anything that is counted. */
function firstDifference(a: Evidence, b: Evidence, period: string): string | undefined {
  const textOf = ({ rolledUp, redLines }: Evidence, month: string) =>
    JSON.stringify([rolledUp.canonical.get(month), redLines.get(month)]);
  return monthsUpTo(a, period).find((month) => textOf(a, month) !== textOf(b, month));
}

function scoreAfter(evidence: Evidence, from: string, period: string, before: BandRecord): UnitScore[] {
  for (const month of monthRange(from, addMonths(period, -1))) {
    before.add(month, scoresOf(evidence, month, before.history).units);
  }
  return scoresOf(evidence, period, before.history).units;
}

const deductedOf = ({ deductions }: UnitScore) => deductions.reduce((sum, { applied }) => sum + applied, 0);

function figuresOf({ numerator, denominator, value, score }: IndicatorScore): Figures {
  return { numerator, denominator, value, score };
}

function indicatorChanges(before: UnitScore, after: UnitScore): FigureChange[] {
  const later = new Map(after.indicators.map((row) => [row.code, row]));
  return before.indicators.flatMap((row) => {
    const other = later.get(row.code);
    if (other === undefined) return [];
    const change = { code: row.code, before: figuresOf(row), after: figuresOf(other) };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change];
  });
}

/**
 * What a month's scores and ranks would be if one case had never been delivered, red lines included; both sides computed
 * from the stored cases below the watermark. Nothing is stored.
 */
export async function withoutCase(
  store: Store,
  county: County,
  options: { period: string; watermark: Watermark; key: CaseKey },
): Promise<WithoutCase> {
  const { period, watermark, key } = options;
  const [all, less] = await Promise.all([
    evidenceAt(store, county, watermark),
    evidenceAt(store, county, watermark, key),
  ]);
  const first = firstDifference(all, less, period);
  if (first === undefined) return { period, units: [] };
  const history = await historyBefore(store, all, first);
  const before = scoreAfter(all, first, period, new BandRecord(history));
  const after = scoreAfter(less, first, period, new BandRecord(history));
  const [beforeUnits, afterUnits] = [before, after].map((units) => new Map(units.map((unit) => [unit.code, unit])));
  const { units } = compareScores(period, before, after, all.schemeOf(period).tie.decimals);
  const rows = units.map((unit): UnitWithoutCase => {
    const [from, to] = [beforeUnits!.get(unit.region_code)!, afterUnits!.get(unit.region_code)!];
    const deducted = { before: deductedOf(from), after: deductedOf(to) };
    return { ...unit, indicators: indicatorChanges(from, to), deducted };
  });
  const touched = ({ before: from, after: to, indicators, deducted }: UnitWithoutCase) =>
    indicators.length > 0 || deducted.before !== deducted.after || JSON.stringify(from) !== JSON.stringify(to);
  return { period, units: rows.filter(touched) };
}
