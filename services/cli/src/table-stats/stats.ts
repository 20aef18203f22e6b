import {
  type Cell,
  type Column,
  type CorrelationKind,
  correlation,
  correlationPValue,
  cronbachAlpha,
  type IndicatorStats,
  indicatorStats,
  isConstant,
  minMax,
  present,
  ScoringError,
} from '@pingan/composite';
import { type DataFiles, type GroupedData, readGroups } from '../weights/groups.js';

export type ColumnStats = IndicatorStats & { code: string; name: string | null; parent: string | null };

/** How well the columns of a group measure one thing; null where that cannot be said. */
export interface GroupAlpha {
  parent: string | null;
  alpha: Cell;
  /** Columns it rests on: those in which the units differ. */
  codes: string[];
}

export interface TableStats {
  units: number;
  columns: ColumnStats[];
  alphas: GroupAlpha[];
}

/** Statistics of every column, and Cronbach's alpha of every group over columns scaled to 0–1 by their direction. */
export async function statsOf(files: DataFiles): Promise<TableStats> {
  const data = await readGroups(files);
  return {
    units: data.units.length,
    columns: data.groups.flatMap(({ parent, codes }) =>
      codes.map((code) => ({ code, name: data.nameOf(code), parent, ...indicatorStats(data.column(code)) })),
    ),
    alphas: data.groups.map(({ parent, codes }) => {
      const used = codes.filter((code) => !isConstant(present(data.column(code))));
      return { parent, alpha: alphaOf(used.map((code) => scaled(data, code))), codes: used };
    }),
  };
}

const scaled = (data: GroupedData, code: string): Column =>
  minMax(data.column(code), { to: [0, 1], direction: data.direction(code), place: `指标 ${code}` });

/** Null where there are too few columns, or two of them share too few units. */
function alphaOf(columns: readonly Column[]): Cell {
  try {
    return cronbachAlpha(columns);
  } catch (error) {
    if (error instanceof ScoringError) return null;
    throw error;
  }
}

export interface Pair {
  first: string;
  second: string;
  /** Both are in one aggregate or dimension. */
  together: boolean;
  correlation: Cell;
  p_value: Cell;
  units: number;
}

export interface TableCorrelations {
  kind: CorrelationKind;
  codes: string[];
  pairs: Pair[];
}

/** Correlations of all columns, each turned so that more is better: what is good together is positive. */
export async function correlationsOf(files: DataFiles, kind: CorrelationKind): Promise<TableCorrelations> {
  const data = await readGroups(files);
  const columns = data.groups.flatMap(({ codes }, group) =>
    codes.map((code) => ({ code, group, cells: turned(data, code) })),
  );
  const pairs = columns.flatMap((a, i) =>
    columns.slice(i + 1).map(
      (b): Pair => ({
        first: a.code,
        second: b.code,
        together: a.group === b.group,
        correlation: correlation(a.cells, b.cells, { kind }),
        p_value: correlationPValue(a.cells, b.cells, { kind }),
        units: a.cells.filter((cell, k) => cell !== null && b.cells[k] !== null).length,
      }),
    ),
  );
  return { kind, codes: columns.map(({ code }) => code), pairs };
}

const turned = (data: GroupedData, code: string): Column =>
  data.column(code).map((cell) => (cell === null ? null : cell * data.direction(code)));
