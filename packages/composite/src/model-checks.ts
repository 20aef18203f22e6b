import type { Cell } from './columns.js';
import { type ScoringError, scoringError } from './errors.js';

/** An indicator (level 1) or an aggregate (level 2 and up) of the index. */
export interface Element {
  readonly code: string;
  readonly name: string;
  readonly level: number;
  /** Code of the element one level above; null for the index itself. */
  readonly parent: string | null;
  /** +1: more is better; -1: less is better. Has no effect on aggregates. */
  readonly direction: 1 | -1;
  readonly weight: number;
  readonly target: Cell;
  /** Code of the column the indicator is divided by. */
  readonly denominator: string | null;
}

/** Every problem of the tree the elements should form; empty when it is sound. */
export function checkHierarchy(elements: readonly Element[], denominators: readonly string[]): ScoringError[] {
  const byCode = new Map(elements.map((element) => [element.code, element]));
  return [
    ...checkLevels(elements),
    ...elements.flatMap((element) => checkParent(element, byCode)),
    ...checkChildren(elements),
    ...checkDenominators(elements, denominators),
  ];
}

function checkLevels(elements: readonly Element[]): ScoringError[] {
  const used = new Set(elements.map(({ level }) => level));
  const highest = Math.max(0, ...used);
  if (highest < 2) {
    return [
      scoringError('LEVEL_GAP', '指标表', '至少要有一个指标和一个汇总项', '请写出第 1 层的指标和第 2 层的总指数'),
    ];
  }
  const problems: ScoringError[] = [];
  for (let level = 1; level < highest; level++) {
    if (used.has(level)) continue;
    problems.push(
      scoringError('LEVEL_GAP', '指标表', `第 ${level} 层没有任何代码，层级断开`, '层级须从 1 连续排到最高层'),
    );
  }
  const top = elements.filter(({ level }) => level === highest);
  if (top.length > 1) {
    const codes = top.map(({ code }) => code).join('、');
    problems.push(
      scoringError(
        'ORPHAN_PARENT',
        `指标表，最高层（第 ${highest} 层）`,
        `有 ${top.length} 个总指数：${codes}`,
        '最高层只能有一个',
      ),
    );
  }
  return problems;
}

function checkParent(element: Element, byCode: ReadonlyMap<string, Element>): ScoringError[] {
  const { code, level, parent } = element;
  const place = `指标表，代码 ${code}`;
  const highest = Math.max(...[...byCode.values()].map((other) => other.level));
  if (parent === null) {
    if (level === highest) return [];
    return [scoringError('ORPHAN_PARENT', place, '没有上级（Parent）', `请写出它在第 ${level + 1} 层的上级`)];
  }
  const above = byCode.get(parent);
  if (above === undefined) {
    return [scoringError('ORPHAN_PARENT', place, `上级 ${parent} 不在指标表里`, '请补上这一行，或改正上级代码')];
  }
  if (above.level !== level + 1) {
    return [
      scoringError(
        'PARENT_LEVEL',
        place,
        `上级 ${parent} 在第 ${above.level} 层，应在第 ${level + 1} 层`,
        '上级须正好高一层；中间可加一个汇总项',
      ),
    ];
  }
  return [];
}

function checkChildren(elements: readonly Element[]): ScoringError[] {
  const weights = new Map<string, number[]>();
  for (const { parent, weight } of elements) {
    if (parent !== null) weights.set(parent, [...(weights.get(parent) ?? []), weight]);
  }
  return elements.flatMap(({ code, level }) => {
    if (level === 1) return [];
    const below = weights.get(code);
    const place = `指标表，汇总项 ${code}`;
    if (below === undefined) {
      return [scoringError('CHILDLESS_AGGREGATE', place, '下面没有任何指标', '请删去它，或给它配上下级')];
    }
    if (below.every((weight) => weight === 0)) {
      return [scoringError('ALL_ZERO_WEIGHTS', place, '下级的权重全是 0', '请至少给一个下级正的权重')];
    }
    return [];
  });
}

function checkDenominators(elements: readonly Element[], denominators: readonly string[]): ScoringError[] {
  return elements.flatMap(({ code, denominator }) => {
    if (denominator === null || denominators.includes(denominator)) return [];
    const known = denominators.length === 0 ? '（没有）' : denominators.join('、');
    return [
      scoringError('UNKNOWN_CODE', `指标表，代码 ${code}`, `分母 ${denominator} 没有登记`, `已登记的分母：${known}`),
    ];
  });
}
