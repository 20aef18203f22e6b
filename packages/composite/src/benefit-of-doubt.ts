import { solve } from 'yalps';
import { type Column, completeRows, requireFinite } from './columns.js';
import { scoringError } from './errors.js';

export interface BenefitOfDoubt {
  /** Score of every unit in (0, 1]; 1 where no other unit does better under the unit's own weights. */
  readonly scores: readonly number[];
  /** Weights by unit and indicator. The score is unique, the weights behind it often are not. */
  readonly weights: readonly (readonly number[])[];
}

/**
 * Every unit scored with the weights that suit it best: max sum w y_i with sum w y_j <= 1 for every unit j and w >= 0.
 * Scores are exact to about 1e-10, the precision of the solver.
 * `shares` bounds what part of a unit's score one indicator may make up: lo <= w_k y_ik / score <= hi.
 * @throws ScoringError TOO_FEW_POINTS (a missing value or no unit), NEGATIVE_VALUE, NON_POSITIVE_VALUE (a unit of zeros),
 * BAD_OPTION (shares that cannot be met), LINEAR_PROGRAM_FAILED
 */
export function benefitOfTheDoubt(
  columns: readonly Column[],
  { shares }: { shares?: { lower: number; upper: number } } = {},
): BenefitOfDoubt {
  const place = '自选权重（BoD）';
  const k = columns.length;
  columns.forEach((column, c) => {
    requireFinite(column, `${place}第 ${c + 1} 列`);
    if (column.some((value) => value !== null && value < 0)) {
      throw scoringError('NEGATIVE_VALUE', `${place}第 ${c + 1} 列`, '有负数', '请先归一化到不小于 0 的数');
    }
  });
  const { columns: complete, rows } = completeRows(columns);
  const n = columns[0]?.length ?? 0;
  if (n === 0 || rows.length < n) {
    throw scoringError(
      'TOO_FEW_POINTS',
      place,
      n === 0 ? '没有数据' : `有 ${n - rows.length} 个单元缺数`,
      '请先补数或筛选',
    );
  }
  if (shares !== undefined && !(shares.lower >= 0 && shares.lower * k <= 1 && shares.upper * k >= 1)) {
    throw scoringError(
      'BAD_OPTION',
      `${place}，份额`,
      `${k} 个指标不可能都在 ${shares.lower} 到 ${shares.upper} 之间`,
      '请放宽上下限',
    );
  }
  // Columns scaled by their largest value, so that the solver's absolute precision means the same everywhere.
  const sizes = complete.map((column) => Math.max(...column) || 1);
  const units = rows.map((_, i) => complete.map((column, c) => column[i]! / sizes[c]!));
  const solved = units.map((own, i) => {
    if (own.every((value) => value === 0)) {
      throw scoringError(
        'NON_POSITIVE_VALUE',
        `${place}第 ${i + 1} 个单元`,
        '所有值都是 0，没有得分',
        '请归一化到正数',
      );
    }
    return best(own, units, shares, `${place}第 ${i + 1} 个单元`);
  });
  return {
    scores: solved.map(({ score }) => score),
    weights: solved.map(({ weights }) => weights.map((weight, c) => weight / sizes[c]!)),
  };
}

function best(
  own: readonly number[],
  units: readonly (readonly number[])[],
  shares: { lower: number; upper: number } | undefined,
  place: string,
): { score: number; weights: number[] } {
  const constraints = new Map<string, { max?: number; min?: number }>();
  units.forEach((_, j) => {
    constraints.set(`unit${j}`, { max: 1 });
  });
  if (shares !== undefined) {
    own.forEach((_, c) => {
      constraints.set(`low${c}`, { min: 0 }).set(`high${c}`, { max: 0 });
    });
  }
  const variables = own.map((value, c) => {
    const terms = new Map<string, number>([['score', value]]);
    units.forEach((unit, j) => {
      terms.set(`unit${j}`, unit[c]!);
    });
    if (shares !== undefined) {
      own.forEach((_, d) => {
        terms.set(`low${d}`, (c === d ? value : 0) - shares.lower * value);
        terms.set(`high${d}`, (c === d ? value : 0) - shares.upper * value);
      });
    }
    return [c, terms] as const;
  });
  const solution = solve(
    { direction: 'maximize', objective: 'score', constraints, variables },
    { precision: 1e-11, includeZeroVariables: true },
  );
  if (solution.status !== 'optimal') {
    throw scoringError(
      'LINEAR_PROGRAM_FAILED',
      place,
      `线性规划没有解（${solution.status}）`,
      '请放宽份额上下限，或核对数据',
    );
  }
  const weights = own.map((_, c) => solution.variables.find(([key]) => key === c)?.[1] ?? 0);
  return { score: Math.min(1, solution.result), weights };
}
