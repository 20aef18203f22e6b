import { numberCell, textCell } from './cells.js';
import type { Row } from './columns.js';
import { ScoringError, scoringError } from './errors.js';
import { checkHierarchy, type Element } from './model-checks.js';

/** The tree of an index: elements in table order, indicators first. */
export interface Model {
  readonly elements: ReadonlyMap<string, Element>;
  /** Codes by level: `levels[0]` are the indicators, the last one holds the index alone. */
  readonly levels: readonly (readonly string[])[];
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly denominators: readonly string[];
  readonly groups: readonly string[];
  /** Columns of the unit table that the meta table declares without using them. */
  readonly others: readonly string[];
}

const TYPES = ['Indicator', 'Aggregate', 'Group', 'Denominator', 'Other'] as const;
type Type = (typeof TYPES)[number];

/**
 * Reads the indicator table (Level, iCode, Parent, Direction, Weight, Type; optional iName, Target, Denominator).
 * @throws ScoringError the first problem found, the others in `others`: BAD_CODE, DUPLICATE_CODE, BAD_OPTION (type or
 * level), BAD_DIRECTION, NON_NUMERIC, NON_FINITE, NEGATIVE_WEIGHT, ALL_ZERO_WEIGHTS, LEVEL_GAP, ORPHAN_PARENT,
 * PARENT_LEVEL, CHILDLESS_AGGREGATE, UNKNOWN_CODE (denominator)
 */
export function readModel(meta: readonly Row[]): Model {
  const problems: ScoringError[] = [];
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ScoringError)) throw error;
      problems.push(error);
    }
  };
  const elements: Element[] = [];
  const codes = new Set<string>();
  const byType: Record<Type, string[]> = { Indicator: [], Aggregate: [], Group: [], Denominator: [], Other: [] };
  meta.forEach((row, i) => {
    attempt(() => {
      const code = readCode(row, `指标表第 ${i + 1} 行`);
      if (codes.has(code)) {
        throw scoringError('DUPLICATE_CODE', `指标表，代码 ${code}`, '代码重复', '每个代码只写一行，请删去或改名');
      }
      codes.add(code);
      const type = readType(row, code);
      byType[type].push(code);
      if (type === 'Indicator' || type === 'Aggregate') elements.push(readElement(row, code, type));
    });
  });
  if (problems.length === 0) problems.push(...checkHierarchy(elements, byType.Denominator));
  if (problems.length > 0) throw collected(problems);
  return assemble(elements, byType.Denominator, byType.Group, byType.Other);
}

/** A model with the same columns around a changed set of elements; the tree is checked again. */
export function rebuildModel(model: Model, elements: readonly Element[]): Model {
  const problems = checkHierarchy(elements, model.denominators);
  if (problems.length > 0) throw collected(problems);
  return assemble(elements, model.denominators, model.groups, model.others);
}

/** One error for a list of problems: the first, carrying the rest. */
export function collected(problems: readonly ScoringError[]): ScoringError {
  const [first, ...rest] = problems;
  return new ScoringError(first!, rest);
}

/** Every ancestor of an element, nearest first. */
export function ancestors(model: Model, code: string): string[] {
  const chain: string[] = [];
  for (let at = model.elements.get(code)?.parent; at !== undefined && at !== null; ) {
    chain.push(at);
    at = model.elements.get(at)?.parent;
  }
  return chain;
}

/** Every indicator below an element (the element itself when it is an indicator). */
export function indicatorsBelow(model: Model, code: string): string[] {
  const children = model.children.get(code);
  return children === undefined ? [code] : children.flatMap((child) => indicatorsBelow(model, child));
}

/** Code of the index itself. */
export function topCode(model: Model): string {
  return model.levels.at(-1)![0]!;
}

/**
 * The model without the named elements and everything below them; parents left empty are removed too.
 * Not the same as a weight of 0, under which screening and imputation still see the indicator.
 * @throws ScoringError UNKNOWN_CODE, or a problem of the remaining tree
 */
export function excludeElements(model: Model, excluded: readonly string[]): Model {
  const gone = new Set<string>();
  for (const code of excluded) {
    if (!model.elements.has(code)) {
      const known = [...model.elements.keys()].join('、');
      throw scoringError('UNKNOWN_CODE', `代码 ${code}`, '指标表里没有这个代码', `已有的代码：${known}`);
    }
    for (const indicator of indicatorsBelow(model, code)) gone.add(indicator);
  }
  const kept = [...model.elements.keys()].filter(
    (code) => !indicatorsBelow(model, code).every((leaf) => gone.has(leaf)),
  );
  return rebuildModel(
    model,
    kept.map((code) => model.elements.get(code)!),
  );
}

function assemble(
  elements: readonly Element[],
  denominators: readonly string[],
  groups: readonly string[],
  others: readonly string[],
): Model {
  const levels: string[][] = [];
  const children = new Map<string, string[]>();
  for (const { code, level, parent } of elements) {
    while (levels.length < level) levels.push([]);
    levels[level - 1]!.push(code);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), code]);
  }
  const byCode = new Map(elements.map((element) => [element.code, element]));
  const ordered = new Map(levels.flat().map((code) => [code, byCode.get(code)!]));
  return { elements: ordered, levels, children, denominators, groups, others };
}

function readCode(row: Row, place: string): string {
  const code = textCell(row, 'iCode');
  if (code === null) throw scoringError('BAD_CODE', place, '没有代码（iCode）', '请填写代码');
  if (/\s/.test(code) || code === 'uCode') {
    throw scoringError('BAD_CODE', place, `代码“${code}”含空白或是保留字`, '请用不含空白、不叫 uCode 的代码');
  }
  return code;
}

function readType(row: Row, code: string): Type {
  const text = textCell(row, 'Type');
  const type = TYPES.find((known) => known === text);
  if (type === undefined) {
    throw scoringError(
      'BAD_OPTION',
      `指标表，代码 ${code}`,
      `类型（Type）“${text ?? ''}”不认识`,
      `请用：${TYPES.join('、')}`,
    );
  }
  return type;
}

function readElement(row: Row, code: string, type: Type): Element {
  const place = `指标表，代码 ${code}`;
  const level = numberCell(row, 'Level', `${place}，层级（Level）`);
  if (level === null || !Number.isInteger(level) || level < 1 || (type === 'Indicator') !== (level === 1)) {
    throw scoringError(
      'BAD_OPTION',
      place,
      `层级（Level）${level ?? '缺'} 不对`,
      '指标在第 1 层，汇总项在第 2 层及以上',
    );
  }
  const direction = numberCell(row, 'Direction', `${place}，方向（Direction）`);
  if (direction !== 1 && direction !== -1) {
    throw scoringError(
      'BAD_DIRECTION',
      place,
      `方向（Direction）${direction ?? '缺'} 不是 1 或 -1`,
      '越大越好写 1，越小越好写 -1',
    );
  }
  const weight = numberCell(row, 'Weight', `${place}，权重（Weight）`);
  if (weight === null) throw scoringError('NON_NUMERIC', place, '没有权重（Weight）', '请填写不小于 0 的数');
  if (weight < 0)
    throw scoringError('NEGATIVE_WEIGHT', place, `权重 ${weight} 是负数`, '权重须不小于 0；反向指标请用方向 -1');
  return {
    code,
    name: textCell(row, 'iName') ?? code,
    level,
    parent: textCell(row, 'Parent'),
    direction,
    weight,
    target: numberCell(row, 'Target', `${place}，目标（Target）`),
    denominator: textCell(row, 'Denominator'),
  };
}
