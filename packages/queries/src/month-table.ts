import type { Basis } from '@pingan/contracts';
import { catalogue, type DimensionId, findIndicator, type Scheme } from '@pingan/indicators';
import type { RunIndicator, Store } from '@pingan/store';
import { schemeOfRun } from './active-scheme.js';
import { requireRun } from './ranking.js';
import { schemeShares } from './scheme-shares.js';
import { headOf, type MonthAsked, type MonthHead, requireCounty, requireMonth } from './scope.js';

/** As counted; as scored, that is steadied against chance; or the score of 0 to 100. */
export const tableValues = ['value', 'shrunken', 'score'] as const;
export type TableValues = (typeof tableValues)[number];

export interface MonthTableAsked extends MonthAsked {
  values: TableValues;
  /** Also the indicators that are shown and not scored. */
  context: boolean;
  basis?: Basis;
}

export interface TableIndicator {
  code: string;
  name: string;
  dimension: DimensionId;
  unit: string;
  /** Of the figures in the table: scores are always better when larger. 0: neither good nor bad. */
  direction: 1 | -1 | 0;
  /** Weight inside the dimension as the scheme has it; 0 for what is only shown. */
  weight: number;
}

export interface TableUnit {
  region_code: string;
  name: string;
  peer_class: string;
  values: Record<string, number | null>;
}

export interface MonthTableFound {
  answer: {
    county: string;
    period: string;
    run_id: string;
    scheme: { name: string; hash: string };
    values: TableValues;
    indicators: TableIndicator[];
    units: TableUnit[];
    /** Indicators of the scheme of which no unit has a figure. */
    left_out: string[];
  };
  head: MonthHead;
  scheme: Scheme;
}

const figureOf = (row: RunIndicator | undefined, values: TableValues): number | null => {
  if (row === undefined) return null;
  if (values === 'score') return row.score;
  return values === 'shrunken' ? row.shrunken_value : row.value;
};

/** Codes in the order of the scheme, then what is only shown in that of the catalogue. */
function codesOf(scheme: Scheme, rows: readonly RunIndicator[], context: boolean): Map<string, number> {
  const weights = new Map(
    schemeShares(scheme).flatMap(({ indicators }) => indicators.map(({ code, weight }) => [code, weight] as const)),
  );
  if (!context) return weights;
  const there = new Set(rows.map(({ code }) => code));
  for (const { code } of catalogue) if (there.has(code) && !weights.has(code)) weights.set(code, 0);
  return weights;
}

/** The table of a month behind its ranking: units down, indicators across. */
export async function findMonthTable(store: Store, asked: MonthTableAsked, now: number): Promise<MonthTableFound> {
  const { values } = asked;
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now);
  const run = await requireRun(store, county, month, asked.basis);
  const [units, rows, scheme] = await Promise.all([
    store.runs.units(run.run_id),
    store.runs.indicators(run.run_id),
    schemeOfRun(store, run),
  ]);
  const figures = new Map(rows.map((row) => [`${row.region_code} ${row.code}`, figureOf(row, values)]));
  const figure = (unit: string, code: string) => figures.get(`${unit} ${code}`) ?? null;
  const codes = codesOf(scheme, rows, asked.context && values === 'value');
  const isFilled = (code: string) => units.some(({ region_code }) => figure(region_code, code) !== null);
  const indicators = [...codes].flatMap(([code, weight]): TableIndicator[] => {
    const own = findIndicator(code);
    if (own === undefined || !isFilled(code)) return [];
    const direction = values === 'score' ? 1 : own.direction;
    return [{ code, name: own.name, dimension: own.dimension, unit: own.unit, direction, weight }];
  });
  const sorted = [...units].sort((a, b) => (a.region_code < b.region_code ? -1 : 1));
  return {
    answer: {
      county: county.code,
      period: month,
      run_id: run.run_id,
      scheme: { name: run.scheme_name, hash: run.scheme_hash },
      values,
      indicators,
      units: sorted.map(({ region_code, name, peer_class }) => ({
        region_code,
        name,
        peer_class,
        values: Object.fromEntries(indicators.map(({ code }) => [code, figure(region_code, code)])),
      })),
      left_out: [...codes.keys()].filter((code) => !isFilled(code)),
    },
    head: headOf(county, month, now),
    scheme,
  };
}
