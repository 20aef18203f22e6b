import type { Cell, Row } from './columns.js';
import { scoringError } from './errors.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/** Text of a cell, or null when it is empty, `NA` or absent. */
export function textCell(row: Row, key: string): string | null {
  const raw = row[key];
  if (raw === null || raw === undefined) return null;
  const text = String(raw).trim();
  return text === '' || text === 'NA' ? null : text;
}

/**
 * Number of a cell, or null when it is missing.
 * @throws ScoringError NON_NUMERIC or NON_FINITE, naming `place`
 */
export function numberCell(row: Row, key: string, place: string): Cell {
  const raw = row[key];
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw;
  const text = textCell(row, key);
  if (text === null) return null;
  if (NOT_FINITE.test(text)) {
    throw scoringError('NON_FINITE', place, `值“${text}”不是有限的数`, '缺数请留空或写 NA');
  }
  if (!NUMBER.test(text) || typeof raw === 'boolean') {
    throw scoringError('NON_NUMERIC', place, `值“${text}”不是数`, '请改为数字；缺数请留空或写 NA');
  }
  const value = Number(text);
  if (!Number.isFinite(value)) throw scoringError('NON_FINITE', place, `值“${text}”超出数的范围`, '请核对数据');
  return value;
}
