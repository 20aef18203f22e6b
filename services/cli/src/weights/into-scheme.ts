import { InputFaults } from '@pingan/contracts';
import { dimensions } from '@pingan/indicators';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { readScheme } from '../input/scheme.js';
import { readInput } from '../input/text.js';
import type { WeightGroup } from './result.js';

/** A place of the document where a weight stands. */
interface Entry {
  code: string;
  node: YAMLMap;
  weight: number;
}

interface Group {
  /** What its weights are of: a dimension's indicators, or the dimensions. */
  name: string;
  entries: Entry[];
}

const dimensionCodes = new Map<string, string>(
  Object.entries(dimensions).flatMap(([id, { name }]) => [
    [id, id],
    [name, id],
  ]),
);

/** Two decimals that still sum to the whole: the largest takes what rounding leaves over. */
function rounded(shares: readonly number[], whole: number): number[] {
  const cents = (value: number) => Math.round(value * 100);
  const parts = shares.map((share) => cents(share * whole));
  const largest = parts.indexOf(Math.max(...parts));
  const rest = cents(whole) - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, i) => (i === largest ? part + rest : part) / 100);
}

const entriesOf = (list: unknown, key: string): Entry[] =>
  isSeq(list)
    ? list.items
        .filter(isMap)
        .map((node) => ({ code: String(node.get(key)), node, weight: Number(node.get('weight')) }))
    : [];

/** The indicators of every dimension, and the dimensions themselves. */
function groupsOf(document: ReturnType<typeof parseDocument>): Group[] {
  const all = entriesOf(document.get('dimensions'), 'id');
  return [
    { name: '维度', entries: all },
    ...all.map(({ code, node }) => ({
      name: `维度“${dimensions[code as keyof typeof dimensions].name}”`,
      entries: entriesOf(node.get('indicators'), 'code'),
    })),
  ];
}

export interface Placed {
  text: string;
  /** What was set, in Chinese. */
  changed: string[];
}

/**
 * A scheme document with proposed weights in place of its own; comments and everything else stay. The entries that are weighed share
 * what they had together, so that those beside them keep their part.
 * @throws InputFaults where a code is not in the scheme, a weight is negative, or a group belongs to two dimensions
 */
export async function weightsIntoScheme(file: string, proposed: readonly WeightGroup[]): Promise<Placed> {
  await readScheme(file);
  const document = parseDocument(await readInput(file, '方案文件'));
  const groups = groupsOf(document);
  const faults: string[] = [];
  const changed: string[] = [];
  for (const { weights } of proposed) {
    const codes = weights.map(({ code }) => dimensionCodes.get(code) ?? code);
    const group = groups.find(({ entries }) => codes.every((code) => entries.some((entry) => entry.code === code)));
    const negative = weights.filter(({ weight }) => weight < 0).map(({ code }) => code);
    if (negative.length > 0) faults.push(`${negative.join('、')} 的权重是负数，不能写进方案。`);
    if (group === undefined) faults.push(misplaced(file, codes, groups));
    if (group === undefined || negative.length > 0) continue;
    const entries = codes.map((code) => group.entries.find((entry) => entry.code === code)!);
    const whole = entries.reduce((sum, { weight }) => sum + weight, 0) || 100;
    const values = rounded(
      weights.map(({ weight }) => weight),
      whole,
    );
    for (const [i, { node }] of entries.entries()) node.set('weight', values[i]);
    changed.push(`${group.name}的 ${codes.length} 项（合计仍为 ${Number(whole.toFixed(2))}）`);
  }
  if (faults.length > 0) throw new InputFaults(faults);
  return { text: document.toString({ lineWidth: 0 }).trimEnd(), changed };
}

function misplaced(file: string, codes: readonly string[], groups: readonly Group[]): string {
  const known = groups.flatMap(({ entries }) => entries.map(({ code }) => code));
  const absent = codes.filter((code) => !known.includes(code));
  return absent.length > 0
    ? `方案 ${file} 里没有 ${absent.join('、')}。请从数据里去掉，或先写进方案。`
    : `${codes.join('、')} 不属于方案 ${file} 的同一个维度。请一个维度一个维度地拟定。`;
}
