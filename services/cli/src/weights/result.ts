import { findIndicator } from '@pingan/indicators';
import { sheet } from '@pingan/presentation';
import { renderDataCsv } from '../csv.js';
import { renderTable } from '../table.js';
import { parentName } from './groups.js';

export interface ProposedWeight {
  code: string;
  /** Name from the indicator table. */
  name: string | null;
  /** Share inside the group. */
  weight: number;
}

export interface WeightGroup {
  /** Aggregate the weights belong to; null without an indicator table. */
  parent: string | null;
  weights: ProposedWeight[];
  /** Units the weights rest on; null for judgements. */
  units: number | null;
  /** Units left out because a value is missing. */
  dropped: number;
  remark: string;
  consistency?: { lambda: number; index: number; ratio: number; random_index: string };
}

const nameOf = ({ code, name }: ProposedWeight) => name ?? findIndicator(code)?.name ?? '';

const flat = (groups: readonly WeightGroup[]) =>
  groups.flatMap(({ parent, weights }) => weights.map((row) => ({ ...row, parent })));

export function weightsTable(groups: readonly WeightGroup[]): string {
  const rows = flat(groups);
  const grouped = rows.some(({ parent }) => parent !== null);
  const named = rows.some((row) => nameOf(row) !== '');
  return renderTable(
    sheet<(typeof rows)[number]>(
      [
        ...(grouped
          ? [
              {
                title: '汇总项',
                value: ({ parent }: (typeof rows)[number]) => (parent === null ? '' : parentName(parent)),
              },
            ]
          : []),
        { title: '代码', value: ({ code }) => code },
        ...(named ? [{ title: '名称', value: nameOf }] : []),
        { title: '权重', value: ({ weight }) => `${(weight * 100).toFixed(2)}%`, align: 'right' as const },
      ],
      rows,
    ),
  );
}

export function weightsJson(method: string, groups: readonly WeightGroup[]): string {
  const named = groups.map((group) => ({
    ...group,
    weights: group.weights.map((row) => ({ ...row, name: nameOf(row) || null })),
  }));
  return JSON.stringify({ method, groups: named }, null, 2);
}

/** A weight table a recipe can name. */
export function weightsCsv(groups: readonly WeightGroup[]): string {
  return renderDataCsv(
    ['iCode', 'Weight'],
    flat(groups).map(({ code, weight }) => ({ iCode: code, Weight: weight })),
  );
}
