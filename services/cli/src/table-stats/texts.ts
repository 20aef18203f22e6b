import type { CorrelationKind } from '@pingan/composite';
import { type Cells, type Part, sheet } from '@pingan/presentation';
import { parentName } from '../weights/groups.js';
import type { ColumnStats, GroupAlpha, Pair, TableCorrelations, TableStats } from './stats.js';

const none = '—';
const right = { align: 'right' } as const;

const figure = (value: number | null) => (value === null ? none : String(Number(value.toPrecision(4))));
const fixed = (value: number | null, digits: number) => (value === null ? none : value.toFixed(digits));

/** What the flags of a column mean. */
function hintText({ flags }: ColumnStats): string {
  return [
    ...(flags.available === 'LOW' ? ['缺数多'] : []),
    ...(flags.nonZero === 'LOW' ? ['多为 0'] : []),
    ...(flags.unique === 'LOW' ? ['不同的值少'] : []),
    ...(flags.outliers === 'OUT' ? ['有离群值'] : []),
  ].join('、');
}

const HINTS =
  '提示：缺数多，有数的单元不到 65%；多为 0，非零的不到一半；不同的值少，不到单元数的一半；有离群值，偏度绝对值大于 2 且峰度大于 3.5。';
const ALPHA =
  '克朗巴哈 α：同组各列按方向换算到 0–1 后，是否衡量同一件事；0.7 以上较一致。平安指数的指标本来各管一事，α 低不算毛病。';

export function statsParts({ units, columns, alphas }: TableStats): Part[] {
  return [
    `单元 ${units} 个，指标 ${columns.length} 个`,
    sheet<ColumnStats>(
      [
        { title: '指标', value: ({ code, name }) => (name === null ? code : `${code} ${name}`) },
        { title: '有数', value: ({ available }) => String(available), ...right },
        { title: '均值', value: ({ mean }) => figure(mean), ...right },
        { title: '中位数', value: ({ median }) => figure(median), ...right },
        { title: '标准差', value: ({ sd }) => figure(sd), ...right },
        { title: '最小', value: ({ min }) => figure(min), ...right },
        { title: '最大', value: ({ max }) => figure(max), ...right },
        { title: '偏度', value: ({ skew }) => fixed(skew, 2), ...right },
        { title: '峰度', value: ({ kurt }) => fixed(kurt, 2), ...right },
        { title: '提示', value: hintText },
      ],
      columns,
    ),
    sheet<GroupAlpha>(
      [
        { title: '组', value: ({ parent }) => (parent === null ? '全部' : parentName(parent)) },
        { title: '有差异的列', value: ({ codes }) => String(codes.length), ...right },
        { title: '克朗巴哈 α', value: ({ alpha }) => fixed(alpha, 3), ...right },
      ],
      alphas,
    ),
    HINTS,
    ALPHA,
  ];
}

export const statsCells = ({ columns }: TableStats): Cells => [
  ['iCode', 'iName', 'available', 'mean', 'median', 'sd', 'min', 'max', 'skew', 'kurt', 'nonZero', 'unique'],
  ...columns.map((own) => [
    ...[own.code, own.name, own.available, own.mean, own.median, own.sd, own.min, own.max, own.skew, own.kurt],
    ...[own.nonZero, own.unique],
  ]),
];

/** A pair below this is not worth a line. */
const STRONG = 0.7;
const SHOWN = 30;

const kindNames: Record<CorrelationKind, string> = {
  pearson: 'Pearson',
  spearman: 'Spearman（秩）',
  kendall: 'Kendall（秩）',
};

const strength = ({ correlation }: Pair) => Math.abs(correlation ?? 0);

export function correlationParts({ kind, codes, pairs }: TableCorrelations): Part[] {
  const strong = pairs.filter((pair) => strength(pair) >= STRONG).sort((a, b) => strength(b) - strength(a));
  const head = `${codes.length} 列两两 ${kindNames[kind]} 相关，各列已换算为越大越好；绝对值不小于 ${STRONG} 的有 ${strong.length} 对`;
  if (strong.length === 0) return [`${head}。`];
  return [
    strong.length > SHOWN ? `${head}，列出 ${SHOWN} 对` : head,
    sheet<Pair>(
      [
        { title: '指标', value: ({ first }) => first },
        { title: '指标', value: ({ second }) => second },
        { title: '同组', value: ({ together }) => (together ? '是' : '') },
        { title: '相关系数', value: (pair) => fixed(pair.correlation, 3), ...right },
        { title: 'p 值', value: ({ p_value }) => fixed(p_value, 3), ...right },
        { title: '共有单元', value: ({ units }) => String(units), ...right },
      ],
      strong.slice(0, SHOWN),
    ),
    '同组而高度正相关的，可能把一件事算了两遍；高度负相关的，此好彼坏，互相抵消。单元少时相关系数不稳，看 p 值。全部的见 --format csv 或 json。',
  ];
}

/** The whole matrix. */
export function correlationCells({ codes, pairs }: TableCorrelations): Cells {
  const found = new Map(
    pairs.flatMap(({ first, second, correlation }) => [
      [`${first} ${second}`, correlation],
      [`${second} ${first}`, correlation],
    ]),
  );
  return [
    ['iCode', ...codes],
    ...codes.map((a) => [a, ...codes.map((b) => (a === b ? 1 : (found.get(`${a} ${b}`) ?? null)))]),
  ];
}
