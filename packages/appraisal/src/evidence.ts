import { monthRange } from '@pingan/contracts';
import { catalogue, type Scheme, toScoringInput } from '@pingan/indicators';
import { type County, RegionIndex } from '@pingan/regions';
import type { BandMonth, MonthInput, MonthUnit, RedLineEvent, WindowIndicator } from '@pingan/scoring';
import type { RedLine, ZeroReport } from '@pingan/store';
import { type Inherited, inherited } from './inherit.js';
import type { RolledUp } from './roll-up.js';
import { withParts } from './severity.js';

/** Everything a county's months are computed from. */
export interface Evidence {
  county: County;
  rolledUp: RolledUp;
  /** By month, as `redLineEvents` gives them. */
  redLines: ReadonlyMap<string, readonly RedLineEvent[]>;
  /** By month, as `redLinesWithoutPlace` gives them; absent: none. No number depends on them. */
  redLinesWithoutPlace?: ReadonlyMap<string, readonly RedLine[]>;
  /** What persons have confirmed: units that had nothing to report. */
  zeroReports: readonly ZeroReport[];
  /** The scheme in force in a month: earlier months count too, their colours are the history of the later ones. */
  schemeOf: (month: string) => Scheme;
  /** Codes that a month's scheme was stored with: it sees no other indicator. Absent, or undefined for a month: all there are. */
  catalogueOf?: (month: string) => Codes | undefined;
}

export type Codes = ReadonlySet<string>;

/** By unit: its scored months up to the one before, oldest first. */
export type BandHistory = ReadonlyMap<string, readonly BandMonth[]>;

/** First month of the index: configured, or the first that has data. */
export function firstMonthOf({ county, rolledUp }: Pick<Evidence, 'county' | 'rolledUp'>): string | undefined {
  return county.startMonth ?? rolledUp.firstMonth;
}

/** The months from the first of the index to the given one. */
export function monthsUpTo(evidence: Evidence, period: string): string[] {
  return monthRange(firstMonthOf(evidence) ?? period, period);
}

const UNCLASSED = '未分类';

export interface NamedUnit extends MonthUnit {
  name: string;
}

const indexes = new WeakMap<County, RegionIndex>();

function indexOf(county: County): RegionIndex {
  const index = indexes.get(county) ?? new RegionIndex(county);
  indexes.set(county, index);
  return index;
}

/** The scoring units of a month. */
export function unitsOf(county: County, period: string): NamedUnit[] {
  const regions = indexOf(county);
  return regions.units(period).map(({ code, name, areaClass }) => ({
    code,
    name,
    peerClass: areaClass ?? UNCLASSED,
    population: regions.populationOf(code, period)?.value ?? null,
  }));
}

/** Indicators that a month's scheme does not score but units have a value of: shown beside the score. */
export function contextOf(
  { schemeOf, catalogueOf }: Pick<Evidence, 'schemeOf' | 'catalogueOf'>,
  month: string,
): WindowIndicator[] {
  const [scheme, codes] = [schemeOf(month), catalogueOf?.(month)];
  const scored = new Set(scheme.dimensions.flatMap(({ indicators }) => indicators.map(({ code }) => code)));
  return catalogue
    .filter(({ code, level }) => !scored.has(code) && level !== 'county' && codes?.has(code) !== false)
    .map(({ code, recordType, kind, window, weighting }) => ({ code, recordType, kind, window, weighting }));
}

/** Components by what they were made of: a county's months share them, and copying them costs more than reading a month. */
const made = new WeakMap<Inherited, WeakMap<Scheme['severity'], MonthInput['components']>>();

function componentsOf(rolledUp: Inherited, { severity }: Scheme): MonthInput['components'] {
  const bySeverity = made.get(rolledUp) ?? new WeakMap();
  made.set(rolledUp, bySeverity);
  const components = bySeverity.get(severity) ?? withParts(rolledUp, severity);
  bySeverity.set(severity, components);
  return components;
}

/** What `scoreMonth` needs for one month. */
export function monthInput(evidence: Evidence, period: string, history: BandHistory): MonthInput {
  const { county, rolledUp, redLines } = evidence;
  const scheme = evidence.schemeOf(period);
  const startMonth = firstMonthOf(evidence) ?? period;
  const regions = indexOf(county);
  return {
    ...toScoringInput(scheme),
    period,
    startMonth,
    units: unitsOf(county, period).map(({ code, peerClass, population }): MonthUnit => {
      const residents = regions.residentsOf(code, { from: startMonth, to: period });
      return { code, peerClass, population, ...(residents && { residents }) };
    }),
    components: componentsOf(inherited(rolledUp, regions.heirs(period)), scheme),
    coverage: rolledUp.coverage,
    red_lines: redLines.get(period) ?? [],
    history,
  };
}
