import { type Cell, columnOf, type Frame } from './columns.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import type { Model } from './model.js';

/**
 * Divides every indicator that names a denominator: x / (D / scaleFactor), so "per 10,000" is scaleFactor 10000.
 * Rows are matched by unit code. A missing denominator gives a missing value; a denominator of 0 too, with a warning.
 * @throws ScoringError UNKNOWN_UNIT (unit not in the denominator frame), NEGATIVE_VALUE (denominator below 0),
 * BAD_OPTION (scale factor not above 0)
 */
export function denominate(
  frame: Frame,
  denominators: Frame,
  model: Model,
  { scaleFactor = 1 }: { scaleFactor?: number } = {},
): { frame: Frame; warnings: ScoringWarning[] } {
  if (!(scaleFactor > 0 && Number.isFinite(scaleFactor))) {
    throw scoringError('BAD_OPTION', '除以分母，scale_factor', `${scaleFactor} 不是正数`, '例如“每万人”写 10000');
  }
  const warnings: ScoringWarning[] = [];
  const rowOf = new Map(denominators.units.map((unit, i) => [unit, i]));
  const columns = new Map(
    [...frame.columns].map(([code, column]) => {
      const by = model.elements.get(code)?.denominator ?? null;
      if (by === null) return [code, column] as const;
      const sizes = columnOf(denominators, by);
      const divided = column.map((value, i): Cell => {
        const unit = frame.units[i]!;
        const at = rowOf.get(unit);
        const place = `单元 ${unit}，指标 ${code}，分母 ${by}`;
        if (at === undefined) throw scoringError('UNKNOWN_UNIT', place, '分母表里没有这个单元', '请补上这个单元');
        const size = sizes[at]!;
        if (size !== null && size < 0) throw scoringError('NEGATIVE_VALUE', place, `分母 ${size} 是负数`, '请核对分母');
        if (value === null || size === null) return null;
        if (size === 0) {
          warnings.push(scoringWarning('DENOMINATOR_ZERO', place, '分母是 0，结果记为缺数', '请核对分母'));
          return null;
        }
        return value / (size / scaleFactor);
      });
      return [code, divided] as const;
    }),
  );
  return { frame: { units: frame.units, columns }, warnings };
}
