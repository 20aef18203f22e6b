import { benefitOfTheDoubt, type Column, criticWeights, entropyWeights, principalComponent } from '@pingan/composite';

export const dataMethods = ['entropy', 'critic', 'pca', 'bod'] as const;
export type DataMethod = (typeof dataMethods)[number];

export interface Proposal {
  /** Their sizes sum to 1; principal components may give negative ones. */
  weights: number[];
  /** What the method has to say about its result; empty when nothing. */
  remark: string;
}

function shares(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + Math.abs(value), 0);
  return values.map((value) => value / sum);
}

/** Mean share of every indicator in the score of a unit under the weights that suit the unit best. */
function bodShares(columns: readonly Column[]): Proposal {
  const { scores, weights } = benefitOfTheDoubt(columns);
  const parts = columns.map((column, k) =>
    scores.reduce((sum, score, i) => sum + (weights[i]![k]! * column[i]!) / score, 0),
  );
  const full = scores.filter((score) => score > 1 - 1e-9).length;
  return { weights: shares(parts), remark: `${full} 个单元在自选权重下得满分；自选权重常不唯一，只作参考` };
}

/** Weights of one group of indicators from its columns, all of which say more is better. */
export function propose(method: DataMethod, columns: readonly Column[]): Proposal {
  if (columns.length === 1) return { weights: [1], remark: '' };
  switch (method) {
    case 'entropy':
      return { weights: entropyWeights(columns).weights, remark: '' };
    case 'critic':
      return { weights: criticWeights(columns), remark: '' };
    case 'pca': {
      const { loadings, explained } = principalComponent(columns);
      return { weights: shares(loadings), remark: `第一主成分解释方差 ${(explained * 100).toFixed(1)}%` };
    }
    case 'bod':
      return bodShares(columns);
  }
}

/** Units that cannot be used because a value is missing. */
export function droppedUnits(columns: readonly Column[]): number {
  return columns[0]?.filter((_, i) => columns.some((column) => column[i] === null)).length ?? 0;
}
