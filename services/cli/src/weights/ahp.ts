import { ahpWeights, type RandomIndexTable } from '@pingan/composite';
import { badRequest } from '@pingan/contracts';
import { readMatrix } from './judgement-matrix.js';
import type { WeightGroup } from './result.js';

const LIMIT = 0.1;
/** The table of 1980 ends at 8 items, that of 2005 at 10. */
const LAST_OF_1980 = 8;
const LAST = 10;

const tableNames: Partial<Record<RandomIndexTable, string>> = { saaty1980: 'Saaty 1980', saaty2005: 'Saaty 2005' };

/** Weights from judgements. @throws Refusal when they contradict each other too much */
export async function weighJudgements(file: string): Promise<WeightGroup> {
  const { codes, values } = await readMatrix(file);
  if (codes.length > LAST) {
    throw badRequest(
      `${file} 有 ${codes.length} 项，多于 ${LAST} 项，没有随机指数，无法检验一致性。请分组后逐组比较。`,
    );
  }
  const randomIndex = codes.length > LAST_OF_1980 ? 'saaty2005' : 'saaty1980';
  const { weights, lambda, consistencyIndex, consistencyRatio } = ahpWeights(values, { randomIndex });
  const ratio = consistencyRatio ?? 0;
  if (ratio >= LIMIT) {
    const { from, to, value, fitting } = worst(codes, values, weights);
    throw badRequest(
      `${file}：一致性比率 CR ${ratio.toFixed(4)}，须小于 ${LIMIT}。最不合的一处：${from} 对 ${to} 填了 ${shown(value)}，` +
        `其余判断合起来约为 ${shown(fitting)}。请重新比较。`,
    );
  }
  return {
    parent: null,
    weights: codes.map((code, i) => ({ code, name: null, weight: weights[i]! })),
    units: null,
    dropped: 0,
    remark: `一致性比率 CR ${ratio.toFixed(4)}（λmax ${lambda.toFixed(4)}，CI ${consistencyIndex.toFixed(4)}，随机指数 ${tableNames[randomIndex]}），小于 ${LIMIT}`,
    consistency: { lambda, index: consistencyIndex, ratio, random_index: randomIndex },
  };
}

const plain = (value: number) => String(Number(value.toFixed(2)));
const shown = (value: number) => (value >= 1 ? plain(value) : `1/${plain(1 / value)}`);

/** The judgement furthest from the ratio of the weights. */
function worst(codes: readonly string[], values: readonly (readonly number[])[], weights: readonly number[]) {
  const pairs = codes.flatMap((from, i) =>
    codes.slice(i + 1).map((to, k) => {
      const j = i + 1 + k;
      const value = values[i]![j]!;
      const fitting = weights[i]! / weights[j]!;
      return { from, to, value, fitting, gap: Math.abs(Math.log(value / fitting)) };
    }),
  );
  return pairs.reduce((most, pair) => (pair.gap > most.gap ? pair : most));
}
