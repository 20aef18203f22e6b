import { type PeriodData, readEvidence, type Silence } from '@pingan/appraisal';
import { type County, RegionIndex } from '@pingan/regions';
import {
  type AnnualItem,
  type AnnualVeto,
  type PeriodUnit,
  proposedYearLines,
  quarterMonths,
  scoreQuarter,
  scoreYear,
  type YearUnit,
  yearMonths,
} from '@pingan/scoring';
import type { Store } from '@pingan/store';
import { schemeOfMonth } from './active-scheme.js';
import { stalePeriods } from './evidence.js';
import { inRankingOrder, requirePeriod } from './period-scope.js';
import { refused } from './refusals.js';
import { requireCounty } from './scope.js';
import { readUnplacedOf, type Unplaced } from './unplaced.js';

export interface PeriodAsked {
  county: string;
  period: string;
}

export interface PeriodHead {
  county: string;
  county_name: string;
  period: string;
  is_demo: boolean;
}

function monthsOf(period: string, read: (period: string) => string[], code: 'bad_quarter' | 'bad_year'): string[] {
  try {
    return read(period);
  } catch {
    throw refused(code, { period });
  }
}

const runsOf = ({ runs }: PeriodData) => runs.map(({ period, run_id }) => ({ month: period, run_id }));

/** What a reader of several months must know beside the scores. */
interface Beside {
  /** Months that will be scored anew, since their data, scheme or regions changed; absent without any. */
  stale?: string[];
  /** What of the other months belongs to no unit; absent where all has its place. */
  unplaced?: ({ month: string } & Omit<Unplaced, 'bounds'>)[];
}

async function readBeside(store: Store, county: County, { runs }: PeriodData): Promise<Beside> {
  const evidence = (await readEvidence(store, county))?.evidence;
  if (evidence === undefined) return {};
  const months = runs.map(({ period }) => period);
  const stale = await stalePeriods(store, evidence, months);
  const unplaced = await readUnplacedOf(store, evidence, { months: months.filter((month) => !stale.includes(month)) });
  return { ...(stale.length > 0 && { stale }), ...(unplaced.length > 0 && { unplaced }) };
}

const silencesOf = ({ silences }: PeriodData) => (silences.length > 0 ? { silences } : {});

type RowOf<T extends PeriodUnit | YearUnit> = Omit<T, 'code' | 'dimensions'> & {
  region_code: string;
  name: string;
  dimensions: Record<string, number | null>;
};

function rowOf<T extends PeriodUnit | YearUnit>(own: T, name: string): RowOf<T> {
  const { code, dimensions, ...unit } = own;
  return {
    region_code: code,
    name,
    ...unit,
    dimensions: Object.fromEntries(dimensions.map(({ id, score }) => [id, score])),
  };
}

export interface QuarterFound {
  answer: {
    county: string;
    period: string;
    runs: { month: string; run_id: string }[];
    rows: RowOf<PeriodUnit>[];
    /** Months of units of which nothing came and nobody has said why; absent without any. */
    silences?: Silence[];
  } & Beside;
  head: PeriodHead;
  months: string[];
}

/** Means of three months on what is known now, ranked. */
export async function findQuarter(store: Store, asked: PeriodAsked, now: number): Promise<QuarterFound> {
  const { period } = asked;
  const county = await requireCounty(store, asked.county);
  const months = monthsOf(period, quarterMonths, 'bad_quarter');
  const data = await requirePeriod(store, county, { kind: 'quarter', period, months }, now);
  const { tie } = await schemeOfMonth(store, county.code, months.at(-1)!);
  const units = inRankingOrder(scoreQuarter(period, data.scored, { tie }));
  const rows = units.map((unit) => rowOf(unit, data.names.get(unit.code) ?? unit.code));
  const more = { ...silencesOf(data), ...(await readBeside(store, county, data)) };
  return {
    answer: { county: county.code, period, runs: runsOf(data), rows, ...more },
    head: { county: county.code, county_name: county.name, period, is_demo: county.demo !== null },
    months,
  };
}

/** What a reader of annual items needs to know of the units of a year. */
export interface YearUnits {
  /** Code of a unit by code or name; undefined when there is none. */
  unitOf: (text: string) => string | undefined;
  names: ReadonlyMap<string, string>;
}

export interface YearItems {
  items: AnnualItem[];
  vetoes: AnnualVeto[];
}

export interface YearFound {
  answer: {
    county: string;
    period: string;
    lines: typeof proposedYearLines;
    runs: { month: string; run_id: string }[];
    rows: RowOf<YearUnit>[];
    silences?: Silence[];
  } & Beside;
  head: PeriodHead;
}

/** Mean of twelve months, annual items and vetoes, graded. */
export async function findYear(
  store: Store,
  asked: PeriodAsked & { readItems?: ((units: YearUnits) => Promise<YearItems>) | undefined },
  now: number,
): Promise<YearFound> {
  const { period } = asked;
  const county = await requireCounty(store, asked.county);
  const months = monthsOf(period, yearMonths, 'bad_year');
  const last = months.at(-1)!;
  const data = await requirePeriod(store, county, { kind: 'year', period, months }, now);
  const { scored, names } = data;
  const regions = new RegionIndex(county);
  const unitOf = (text: string): string | undefined => {
    const found = regions.resolve(text, { month: last });
    return found.ok && names.has(found.code) ? found.code : undefined;
  };
  const given = await asked.readItems?.({ unitOf, names });
  const vetoes = [...data.vetoes, ...(given?.vetoes ?? [])];
  const { tie } = await schemeOfMonth(store, county.code, last);
  const units = inRankingOrder(scoreYear(period, scored, { items: given?.items ?? [], vetoes, tie }));
  const rows = units.map((unit) => rowOf(unit, names.get(unit.code) ?? unit.code));
  const more = { ...silencesOf(data), ...(await readBeside(store, county, data)) };
  return {
    answer: { county: county.code, period, lines: proposedYearLines, runs: runsOf(data), rows, ...more },
    head: { county: county.code, county_name: county.name, period, is_demo: county.demo !== null },
  };
}
