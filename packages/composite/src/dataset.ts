import { numberCell, textCell } from './cells.js';
import type { Cell, Column, Frame, Row } from './columns.js';
import { isConstant, present } from './columns.js';
import { ScoringError, type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import { collected, type Model } from './model.js';

/** A unit table read against a model. All frames share the order of `units`. */
export interface Dataset {
  readonly units: readonly string[];
  readonly names: readonly string[];
  readonly indicators: Frame;
  readonly denominators: Frame;
  readonly groups: ReadonlyMap<string, readonly (string | null)[]>;
  readonly warnings: readonly ScoringWarning[];
}

const OWN_COLUMNS = ['uCode', 'uName', 'Time'];

/**
 * Reads the unit table: one row per unit (uCode; optional uName, Time), one column per indicator, denominator or group.
 * All-missing and constant columns are warnings here; a step that cannot work with them refuses them itself.
 * @throws ScoringError the first problem found, the others in `others`: BAD_CODE, DUPLICATE_UNIT, PANEL_TABLE,
 * MISSING_COLUMN, NON_NUMERIC, NON_FINITE, CODE_IS_UNIT_AND_COLUMN, AGGREGATE_IS_COLUMN
 */
export function readDataset(table: readonly Row[], model: Model): Dataset {
  const problems: ScoringError[] = [];
  const units = readUnits(table, problems);
  const present = new Set(table.flatMap((row) => Object.keys(row)));
  checkColumns(present, units, model, problems);
  const number = (code: string): Column => readNumbers(table, units, code, present, problems);
  const indicators = new Map(model.levels[0]!.map((code) => [code, number(code)]));
  const denominators = new Map(model.denominators.map((code) => [code, number(code)]));
  if (problems.length > 0) throw collected(problems);
  return {
    units,
    names: table.map((row, i) => textCell(row, 'uName') ?? units[i]!),
    indicators: { units, columns: indicators },
    denominators: { units, columns: denominators },
    groups: new Map(model.groups.map((code) => [code, table.map((row) => textCell(row, code))])),
    warnings: [...unknownColumns(present, model), ...flatColumns(indicators)],
  };
}

/** The rows of a panel by period (column Time), periods ascending. */
export function splitByTime(table: readonly Row[]): Map<number, Row[]> {
  const periods = new Map<number, Row[]>();
  table.forEach((row, i) => {
    const place = `单元表第 ${i + 1} 行，时期（Time）`;
    const time = numberCell(row, 'Time', place);
    if (time === null) throw scoringError('MISSING_COLUMN', place, '没有时期', '面板数据的每一行都要写时期');
    periods.set(time, [...(periods.get(time) ?? []), row]);
  });
  return new Map([...periods].sort(([a], [b]) => a - b));
}

function readUnits(table: readonly Row[], problems: ScoringError[]): string[] {
  const seen = new Map<string, string | null>();
  const units = table.map((row, i) => {
    const code = textCell(row, 'uCode');
    const time = textCell(row, 'Time');
    if (code === null) {
      problems.push(scoringError('BAD_CODE', `单元表第 ${i + 1} 行`, '没有单元代码（uCode）', '请填写单元代码'));
      return '';
    }
    if (seen.has(code)) {
      problems.push(
        seen.get(code) === time
          ? scoringError(
              'DUPLICATE_UNIT',
              `单元表第 ${i + 1} 行`,
              `单元 ${code} 重复`,
              '每个单元只写一行，请删去重复的行',
            )
          : scoringError(
              'PANEL_TABLE',
              `单元表第 ${i + 1} 行`,
              `单元 ${code} 有多个时期`,
              '请先按时期拆开，一次只评一个时期',
            ),
      );
    }
    seen.set(code, time);
    return code;
  });
  if (units.length === 0) {
    problems.push(scoringError('TOO_FEW_POINTS', '单元表', '一行也没有', '请给出至少一个单元'));
  }
  return units;
}

function checkColumns(
  present: ReadonlySet<string>,
  units: readonly string[],
  model: Model,
  problems: ScoringError[],
): void {
  for (const unit of new Set(units)) {
    if (model.elements.has(unit) || present.has(unit)) {
      problems.push(scoringError('CODE_IS_UNIT_AND_COLUMN', `代码 ${unit}`, '既是单元又是列', '请给其中一个改名'));
    }
  }
  for (const code of model.levels.slice(1).flat()) {
    if (!present.has(code)) continue;
    problems.push(
      scoringError('AGGREGATE_IS_COLUMN', `单元表，列 ${code}`, '汇总项已经是数据列', '汇总项由程序算出，请删去或改名'),
    );
  }
  for (const code of model.groups) {
    if (present.has(code)) continue;
    problems.push(scoringError('MISSING_COLUMN', `单元表，列 ${code}`, '指标表登记了分组，数据里没有', '请补上这一列'));
  }
}

function readNumbers(
  table: readonly Row[],
  units: readonly string[],
  code: string,
  columns: ReadonlySet<string>,
  problems: ScoringError[],
): Column {
  if (!columns.has(code)) {
    problems.push(
      scoringError(
        'MISSING_COLUMN',
        `单元表，列 ${code}`,
        '指标表登记了这一列，数据里没有',
        '请补上这一列，或从指标表删去',
      ),
    );
    return [];
  }
  return table.map((row, i): Cell => {
    try {
      return numberCell(row, code, `单元 ${units[i]}，列 ${code}`);
    } catch (error) {
      if (!(error instanceof ScoringError)) throw error;
      problems.push(error);
      return null;
    }
  });
}

function unknownColumns(present: ReadonlySet<string>, model: Model): ScoringWarning[] {
  const known = new Set([...OWN_COLUMNS, ...model.levels[0]!, ...model.denominators, ...model.groups, ...model.others]);
  return [...present]
    .filter((code) => !known.has(code))
    .map((code) =>
      scoringWarning('UNKNOWN_COLUMN', `单元表，列 ${code}`, '指标表没有登记，不参与评分', '请登记或删去这一列'),
    );
}

function flatColumns(columns: ReadonlyMap<string, Column>): ScoringWarning[] {
  return [...columns].flatMap(([code, column]) => {
    const values = present(column);
    const place = `单元表，列 ${code}`;
    if (values.length === 0) return [scoringWarning('ALL_MISSING', place, '一个值也没有', '请补数，或从指标表删去')];
    if (isConstant(values)) {
      return [scoringWarning('CONSTANT_COLUMN', place, '所有单元的值都相同，分不出高低', '请核对数据，或从指标表删去')];
    }
    return [];
  });
}
