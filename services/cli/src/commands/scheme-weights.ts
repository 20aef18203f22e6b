import type { Output } from '../context.js';
import { weighJudgements } from '../weights/ahp.js';
import { weighData } from '../weights/data.js';
import type { DataMethod } from '../weights/propose.js';
import { type WeightGroup, weightsCsv, weightsJson, weightsTable } from '../weights/result.js';

export type SchemeWeightsOptions = { format: 'table' | 'json' | 'csv' } & (
  | { method: 'ahp'; matrix: string }
  | { method: DataMethod; data: string; meta: string | undefined }
);

const methodNames: Record<SchemeWeightsOptions['method'], string> = {
  ahp: '层次分析(特征向量法)',
  entropy: '熵权(差异越大,权重越大)',
  critic: 'CRITIC(差异越大、与别项越不相关,权重越大)',
  pca: '主成分',
  bod: '自选权重(BoD)的平均份额',
};

/** `pingan scheme weights`: weights to propose; nothing is changed by them. */
export async function schemeWeights(output: Output, options: SchemeWeightsOptions): Promise<void> {
  const groups = options.method === 'ahp' ? [await weighJudgements(options.matrix)] : await weighData(options);
  if (options.format === 'json') output.out(weightsJson(options.method, groups));
  else if (options.format === 'csv') output.out(weightsCsv(groups).trimEnd());
  else {
    const scaled = options.method !== 'ahp' && options.meta !== undefined;
    const how =
      options.method === 'ahp' ? '' : scaled ? ',各列已按指标表的方向归一化到 0–1' : ',各列照原值,视为越大越好';
    output.out(`拟定权重:${methodNames[options.method]}${how}`);
    output.out(weightsTable(groups));
    for (const group of groups) if (group.remark !== '') output.out(remarkOf(group));
  }
  for (const group of groups) noteDoubts(output, group);
}

function remarkOf({ parent, remark }: WeightGroup): string {
  return `${parent === null ? '' : `${parent}:`}${remark}。`;
}

function noteDoubts(output: Output, { parent, weights, dropped }: WeightGroup): void {
  const where = parent === null ? '' : `${parent}:`;
  if (dropped > 0) output.note(`${where}有 ${dropped} 个单元缺数,没有用。请先补数,或接受。`);
  const negative = weights.filter(({ weight }) => weight < 0).map(({ code }) => code);
  if (negative.length > 0) {
    output.note(`${where}${negative.join('、')} 的权重是负数,不能写进方案。请核对方向(--meta),或改用别的方法。`);
  }
}
