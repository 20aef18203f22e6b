import {
  type Changes,
  type ChangesFound,
  type IndicatorChange,
  indicatorName,
  isCounted,
  type PairChange,
  percentChange,
  type Step,
  tooFewCases,
} from '@pingan/queries';
import { arrow, type Column, figure, type Part, right, type Sheet, score, sheet, signed } from './sheet.js';
import { titleOf } from './titles.js';

const LEGEND =
  '件数、分母变化:只换成本期的件数、分母,其余照旧,各带来多少分。目标值或方案变化:其余的,含同类均值、自身以往水平、权重和缺数项转来的权重。';

/** Stands for a percentage on too few cases. */
const hidden = '*';

function percentText(code: string, before: number | null, after: number | null): string {
  if (!isCounted(code) || before === null || after === null) return '—';
  const percent = percentChange(code, before, after);
  return percent === null ? hidden : `${percent > 0 ? '+' : ''}${percent.toFixed(1)}%`;
}

/** Too small to show. */
const still = ({ count, denominator, reference }: Step) =>
  [count, denominator, reference].every((points) => Math.abs(points) < 0.005);

const partColumns: Column<Step>[] = [
  { title: '件数变化', value: ({ count }) => signed(count), ...right },
  { title: '分母变化', value: ({ denominator }) => signed(denominator), ...right },
  { title: '目标值或方案', value: ({ reference }) => signed(reference), ...right },
  { title: '合计', value: ({ change }) => signed(change), ...right },
];

const total = (steps: readonly Step[], key: Exclude<keyof Step, 'code'>) =>
  steps.reduce((sum, step) => sum + step[key], 0);

/** How the parts make the whole, from score to score. */
function sumText(
  steps: readonly Step[],
  whole: { from: number; to: number; change: number; deducted: number },
): string {
  const parts = [
    `件数变化 ${signed(total(steps, 'count'))}`,
    `分母变化 ${signed(total(steps, 'denominator'))}`,
    `目标值或方案变化 ${signed(total(steps, 'reference'))}`,
    `扣分 ${signed(whole.deducted)}`,
  ];
  return `${whole.from.toFixed(2)} → ${whole.to.toFixed(2)}:${signed(whole.change)} = ${parts.join(',')}`;
}

function waterfallTable(steps: readonly IndicatorChange[]): Sheet {
  return sheet<IndicatorChange>(
    [
      { title: '指标', value: ({ code }) => `${code} ${indicatorName(code)}` },
      {
        title: '分子',
        value: ({ before, after }) => arrow(figure(before?.numerator), figure(after?.numerator)),
        ...right,
      },
      {
        title: '增减',
        value: ({ code, before, after }) => percentText(code, before?.numerator ?? null, after?.numerator ?? null),
        ...right,
      },
      {
        title: '分母',
        value: ({ before, after }) => arrow(figure(before?.denominator), figure(after?.denominator)),
        ...right,
      },
      {
        title: '得分',
        value: ({ before, after }) => arrow(score(before?.score ?? null), score(after?.score ?? null)),
        ...right,
      },
      ...partColumns,
    ],
    steps,
  );
}

function pairParts(pair: PairChange): Part[] {
  const counts = new Map(pair.counts.map((count) => [count.code, count]));
  const moved = pair.indicators.filter((step) => !still(step));
  const table = sheet<Step>(
    [
      { title: '指标', value: ({ code }) => `${code} ${indicatorName(code)}` },
      {
        title: '两月分子',
        value: ({ code }) => arrow(figure(counts.get(code)?.before), figure(counts.get(code)?.after)),
        ...right,
      },
      {
        title: '增减',
        value: ({ code }) => percentText(code, counts.get(code)?.before ?? null, counts.get(code)?.after ?? null),
        ...right,
      },
      ...partColumns,
    ],
    moved,
  );
  const { score_before: from, score_after: to, change } = pair;
  return [
    '\n1、2月合并(春节有时在1月,有时在2月,单月同比不可靠;分数为两月平均)',
    sumText(pair.indicators, { from, to, change, deducted: pair.deduction + pair.floor }),
    ...(moved.length > 0 ? [table] : []),
  ];
}

function explanationParts({ before: base, after: period, explanation, pair }: Changes): Part[] {
  const { before: from, after: to, change, indicators, deduction, floor } = explanation;
  if (from === null || to === null || change === null) {
    const without = [from === null ? base : '', to === null ? period : ''].filter((month) => month !== '');
    return [`${without.join('、')} 没有总分,不能比较。`];
  }
  const moved = indicators.filter((step) => !still(step));
  const rest = indicators.length - moved.length;
  const parts = [
    sumText(indicators, { from, to, change, deducted: (deduction ?? 0) + (floor ?? 0) }),
    ...(moved.length > 0 ? [waterfallTable(moved)] : []),
    ...(rest > 0 ? [`其余 ${rest} 项指标没有使总分变化。`] : []),
    ...(pair === null ? [] : pairParts(pair)),
  ];
  const isHidden = parts.some((part) => typeof part !== 'string' && part.rows.flat().includes(hidden));
  return [...parts, ...(isHidden ? [`${hidden} ${tooFewCases}`] : []), LEGEND];
}

/** The change in lines and tables. */
export function changesParts({ head, against, unit_name, changes }: ChangesFound): Part[] {
  const than = against === 'month' ? '上月' : '上年同月';
  const isJanuary = against === 'year' && head.period.endsWith('-01') && changes.pair === null;
  return [
    `${titleOf(head)}  ${unit_name}:与${than}(${changes.before})相比`,
    ...explanationParts(changes),
    ...(isJanuary ? ['春节有时在1月,有时在2月:单月同比不可靠,2月结束后再看两月合并的比较。'] : []),
  ];
}
