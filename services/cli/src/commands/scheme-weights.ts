import type { Output } from '../context.js';
import { weighJudgements } from '../weights/ahp.js';
import { type DataOptions, type WeighedData, weighData } from '../weights/data.js';
import { parentName } from '../weights/groups.js';
import { weightsIntoScheme } from '../weights/into-scheme.js';
import { type WeightGroup, weightsCsv, weightsJson, weightsTable } from '../weights/result.js';

export type SchemeWeightsOptions = {
  format: 'table' | 'json' | 'csv';
  /** A scheme document to print with the weights in it, in place of the table. */
  into?: string | undefined;
} & ({ method: 'ahp'; matrix: string } | DataOptions);

const methodNames: Record<SchemeWeightsOptions['method'], string> = {
  ahp: '层次分析（特征向量法）',
  entropy: '熵权（差异越大，权重越大）',
  critic: 'CRITIC（差异越大、与别项越不相关，权重越大）',
  pca: '主成分',
  bod: '自选权重（BoD）的平均份额',
};

/** `pingan scheme weights`: weights to propose; no file is changed by them. */
export async function schemeWeights(output: Output, options: SchemeWeightsOptions): Promise<void> {
  const weighed = options.method === 'ahp' ? undefined : await weighData(options);
  const groups = weighed?.groups ?? [await weighJudgements((options as { matrix: string }).matrix)];
  const head = `拟定权重：${methodNames[options.method]}${weighed === undefined ? '' : `，${readingText(weighed)}`}`;
  const table = [head, weightsTable(groups), ...groups.flatMap(remarkOf)];
  if (options.into !== undefined) {
    const { text, changed } = await weightsIntoScheme(options.into, groups);
    output.out(text);
    for (const line of table) output.note(line);
    output.note(
      `已填入：${changed.join('、')}。文件 ${options.into} 没有改动；存成新文件后请用 pingan scheme diff 核对。`,
    );
  } else if (options.format === 'json') output.out(weightsJson(options.method, groups));
  else if (options.format === 'csv') output.out(weightsCsv(groups).trimEnd());
  else for (const line of table) output.out(line);
  if (weighed !== undefined) noteColumns(output, weighed);
  for (const group of groups) noteDoubts(output, group);
  const fewest = Math.min(...groups.map(({ units }) => units ?? FEW));
  if (fewest < FEW) output.note(`只有 ${fewest} 个单元，由数据拟定的权重不稳，只作参考。`);
}

/** With fewer units one of them decides the weights. */
const FEW = 10;

const readingTexts: Record<WeighedData['reading'], string> = {
  meta: '各列已按指标表的方向归一化到 0–1',
  catalogue: '按维度分组，各列已按指标目录的方向归一化到 0–1',
  partly: '各列已归一化到 0–1，指标目录里有的按目录的方向',
  plain: '各列照原值，视为越大越好',
};

function readingText({ reading, scores }: WeighedData): string {
  if (!scores || reading === 'meta' || reading === 'plain') return readingTexts[reading];
  return `${reading === 'catalogue' ? '按维度分组，' : ''}各列是得分，越大越好，已归一化到 0–1`;
}

const placeOf = ({ parent }: WeightGroup) => (parent === null ? '' : `${parentName(parent)}：`);

const remarkOf = (group: WeightGroup): string[] => (group.remark === '' ? [] : [`${placeOf(group)}${group.remark}。`]);

function noteColumns(output: Output, { flat, unknown, scores }: WeighedData): void {
  if (flat.length > 0) output.note(`${flat.join('、')} 在各单元之间没有差异，没有参加。`);
  if (unknown.length > 0 && !scores)
    output.note(`指标目录里没有 ${unknown.join('、')}，视为越大越好；不是的请用 --meta。`);
}

function noteDoubts(output: Output, group: WeightGroup): void {
  const where = placeOf(group);
  if (group.dropped > 0) output.note(`${where}有 ${group.dropped} 个单元缺数，没有用。请先补数，或接受。`);
  const negative = group.weights.filter(({ weight }) => weight < 0).map(({ code }) => code);
  if (negative.length > 0) {
    output.note(`${where}${negative.join('、')} 的权重是负数，不能写进方案。请核对方向（--meta），或改用别的方法。`);
  }
}
