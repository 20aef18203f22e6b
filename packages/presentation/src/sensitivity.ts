import { findIndicator } from '@pingan/indicators';
import type { Choice, SensitivityFound, SensitivityUnit } from '@pingan/queries';
import { type Column, type Part, rankText, type Sheet, score, sheet, spanText } from './sheet.js';
import { titleOf } from './titles.js';

type Answer = SensitivityFound['answer'];
type UnitRow = SensitivityUnit;
type RemovedRow = Answer['removed'][number];

/** With more units than this their shares are shown by quarters. */
const RANKS_SHOWN = 10;

const percent = (share: number) => `${(share * 100).toFixed(0)}%`;
const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0);
const fixed = (value: number | null) => (value === null ? '—' : value.toFixed(2));

const choiceNames: Record<Choice, string> = { weights: '权重', normalisation: '归一化方法', aggregation: '合成方法' };

function rankColumns(count: number): Column<UnitRow>[] {
  const column = (title: string, from: number, to: number): Column<UnitRow> => ({
    title,
    value: ({ rank, acceptability }) => (rank === null ? '—' : percent(sum(acceptability.slice(from, to)))),
    align: 'right',
  });
  if (count <= RANKS_SHOWN) return Array.from({ length: count }, (_, i) => column(`第${i + 1}名`, i, i + 1));
  const quarter = Math.ceil(count / 4);
  return [
    column('第1名', 0, 1),
    column(`前${quarter}名`, 0, quarter),
    column(`后${quarter}名`, count - quarter, count),
  ];
}

function unitTable({ units }: Answer): Sheet {
  const ranked = units.filter(({ rank }) => rank !== null).length;
  return sheet<UnitRow>(
    [
      { title: '名次', value: ({ rank }) => rankText(rank), align: 'right' },
      { title: '单位', value: ({ name, region_code }) => name ?? region_code },
      { title: '总分', value: (row) => score(row.score), align: 'right' },
      { title: '平均名次', value: ({ mean_rank }) => fixed(mean_rank), align: 'right' },
      {
        title: '九成在',
        value: ({ rank_low, rank_high }) =>
          rank_low === null || rank_high === null ? '—' : `${spanText(Math.floor(rank_low), Math.ceil(rank_high))}名`,
        align: 'right',
      },
      ...rankColumns(ranked),
    ],
    units,
  );
}

function choiceTable(choices: NonNullable<Answer['choices']>): Sheet {
  return sheet(
    [
      { title: '选择', value: ({ choice }) => choiceNames[choice] },
      { title: '单独影响', value: ({ first }) => percent(Math.max(0, first)), align: 'right' },
      { title: '连同交互', value: ({ total }) => percent(total), align: 'right' },
    ],
    choices,
  );
}

function removedTable({ removed, units }: Answer): Sheet {
  const names = new Map(units.map(({ region_code, name }) => [region_code, name]));
  return sheet<RemovedRow>(
    [
      { title: '剔除', value: ({ code }) => `${code} ${findIndicator(code)?.name ?? ''}` },
      { title: '平均变动（名）', value: ({ mean_shift }) => fixed(mean_shift), align: 'right' },
      { title: '变动单位', value: ({ moved }) => String(moved.length), align: 'right' },
      {
        title: '变动最大的',
        value: ({ moved }) =>
          moved
            .slice(0, 3)
            .map(
              ({ region_code, from, to }) =>
                `${names.get(region_code) ?? region_code} ${rankText(from)}→${rankText(to)}`,
            )
            .join('、'),
      },
    ],
    [...removed].sort((a, b) => (b.mean_shift ?? 0) - (a.mean_shift ?? 0)),
  );
}

/** How often a unit takes which place, why, and what each indicator does to the places. */
export function sensitivityParts({ answer, head, asked: { draws, seed, spread } }: SensitivityFound): Part[] {
  return [
    `${titleOf(head)}  名次的敏感性`,
    `抽样 ${draws} 次，种子 ${seed}：各项权重在 ±${percent(spread)} 内变动；归一化取方案目标值、极差、名次之一；合成取算术、几何平均之一。`,
    unitTable(answer),
    '各列为落在该名次的抽样所占份额。',
    '“九成在”与排名里的“名次区间”是两回事：这里问的是换了权重和算法名次怎么变，案件不变；“名次区间”问的是件数少、有偶然，方案不变。',
    ...(answer.choices === null
      ? ['名次不随这些选择变动。']
      : ['名次变动由哪种选择引起（Sobol 指数；连同交互之和可超过 100%）：', choiceTable(answer.choices)]),
    '逐项剔除指标，名次如何变动：',
    removedTable(answer),
  ];
}
