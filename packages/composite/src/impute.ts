import {
  type Cell,
  type Column,
  columnOf,
  type Frame,
  mapFrame,
  maxOf,
  minOf,
  present,
  requireSameLength,
} from './columns.js';
import { type ScoringWarning, scoringWarning } from './errors.js';
import type { Model } from './model.js';
import { mean, median } from './stats.js';

export interface Imputed {
  readonly frame: Frame;
  /** How many values were filled, by column. */
  readonly filled: ReadonlyMap<string, number>;
  readonly warnings: readonly ScoringWarning[];
}

/** Missing values become the mean or median of their column. A column without any value stays missing, with a warning. */
export function imputeColumns(frame: Frame, { by = 'mean' }: { by?: 'mean' | 'median' } = {}): Imputed {
  const centre = by === 'mean' ? mean : median;
  const imputed = mapFrame(frame, (column) => {
    const fill = centre(column);
    return column.map((value) => value ?? fill);
  });
  return report(frame, imputed, []);
}

/**
 * Missing values become the mean or median of their group in that column.
 * A unit without a group, and a group without a value, stay missing, with a warning.
 * @throws ScoringError LENGTH_MISMATCH
 */
export function imputeInGroups(
  frame: Frame,
  groups: readonly (string | null)[],
  { by = 'mean' }: { by?: 'mean' | 'median' } = {},
): Imputed {
  requireSameLength(frame.units, groups, '按组补数');
  const centre = by === 'mean' ? mean : median;
  const warnings: ScoringWarning[] = [];
  const names = new Set(groups.filter((group) => group !== null));
  const imputed = mapFrame(frame, (column, code) => {
    const fills = new Map([...names].map((name) => [name, centre(column.filter((_, i) => groups[i] === name))]));
    const lacking = new Set<string>();
    const filled = column.map((value, i): Cell => {
      const group = groups[i]!;
      if (value !== null || group === null) return value;
      const fill = fills.get(group)!;
      if (fill === null) lacking.add(group);
      return fill;
    });
    for (const group of lacking) {
      warnings.push(
        scoringWarning('GROUP_WITHOUT_DATA', `列 ${code}，组 ${group}`, '组内没有可用的值', '请改用别的补数办法'),
      );
    }
    return filled;
  });
  groups.forEach((group, i) => {
    if (group !== null || [...frame.columns.values()].every((column) => column[i] !== null)) return;
    warnings.push(scoringWarning('UNIT_WITHOUT_GROUP', `单元 ${frame.units[i]}`, '没有分组，缺数没有补', '请补上分组'));
  });
  return report(frame, imputed, warnings);
}

interface RowMeanOptions {
  /** Only the indicators of the same parent help one another. */
  withinParent?: boolean;
  /** True once the columns were turned so that more is better. */
  directed?: boolean;
}

/**
 * Missing values become the unit's mean over its other columns, taken on columns turned by direction and min-max scaled
 * to [0, 1], then mapped back. A constant column takes its own value; a unit without other values stays missing.
 */
export function imputeRowMeans(
  frame: Frame,
  model: Model,
  { withinParent = false, directed = false }: RowMeanOptions = {},
): Imputed {
  const parentOf = (code: string): string | null => (withinParent ? model.elements.get(code)!.parent : null);
  const scales = new Map(
    [...frame.columns].map(([code, column]) => {
      const values = present(column);
      const turned = directed ? 1 : model.elements.get(code)!.direction;
      return [code, { low: minOf(values), range: maxOf(values) - minOf(values), turned, empty: values.length === 0 }];
    }),
  );
  const scaled = (code: string, value: number): number => {
    const { low, range, turned } = scales.get(code)!;
    const share = range === 0 ? 0 : (value - low) / range;
    return turned === 1 ? share : 1 - share;
  };
  const imputed = mapFrame(frame, (column, code) => {
    const { low, range, turned, empty } = scales.get(code)!;
    if (empty) return column;
    const others = [...frame.columns.keys()].filter(
      (other) => other !== code && parentOf(other) === parentOf(code) && scales.get(other)!.range > 0,
    );
    return column.map((value, i): Cell => {
      if (value !== null) return value;
      if (range === 0) return low;
      const share = mean(
        others.map((other) => {
          const seen = columnOf(frame, other)[i]!;
          return seen === null ? null : scaled(other, seen);
        }),
      );
      return share === null ? null : low + range * (turned === 1 ? share : 1 - share);
    });
  });
  return report(frame, imputed, []);
}

function report(before: Frame, after: Frame, warnings: readonly ScoringWarning[]): Imputed {
  const filled = new Map<string, number>();
  const still: ScoringWarning[] = [];
  for (const [code, column] of after.columns) {
    const missing = (cells: Column): number => cells.filter((cell) => cell === null).length;
    const left = missing(column);
    filled.set(code, missing(columnOf(before, code)) - left);
    if (left > 0) {
      still.push(
        scoringWarning(
          'STILL_MISSING',
          `列 ${code}`,
          `补数后仍缺 ${left} 个值`,
          '请改用别的补数办法，或接受汇总时按现有数据重分权重',
        ),
      );
    }
  }
  return { frame: after, filled, warnings: [...warnings, ...still] };
}
