import { findIndicator } from '@pingan/indicators';
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
import { arrow, type Column, dash, figure, type Part, right, type Sheet, score, sheet, signed } from './sheet.js';
import { titleOf } from './titles.js';

const LEGEND =
  '指标值变化：只换成本期的指标值，其余照旧，带来多少分；件数多少影响小数量修正，所以指标值不变也可能有。自身以往、同类水平：拿来比较的本单位以往、同类均值（和小数量修正的依据）变了。权重转移：缺数的指标把权重转给别的，或收回。';

/** Stands for a percentage on too few cases. */
const hidden = '*';

function percentText(code: string, before: number | null, after: number | null): string {
  if (!isCounted(code) || before === null || after === null) return '—';
  const percent = percentChange(code, before, after);
  return percent === null ? hidden : `${percent > 0 ? '+' : ''}${percent.toFixed(1)}%`;
}

type Parts = Pick<Step, 'count' | 'denominator' | 'references' | 'change'>;

/** What moved the points, in the order of the columns. */
const sources: { title: string; of: (step: Parts) => number }[] = [
  { title: '指标值变化', of: ({ count, denominator }) => count + denominator },
  { title: '自身以往', of: ({ references }) => references.past },
  { title: '同类水平', of: ({ references }) => references.peers },
  { title: '权重转移', of: ({ references }) => references.handed },
  { title: '缺数', of: ({ references }) => references.missing },
  { title: '方案变化', of: ({ references }) => references.scheme },
];

const isShown = (points: number) => Math.abs(points) >= 0.005;

/** Too small to show. */
const still = (step: Step) => !sources.some(({ of }) => isShown(of(step)));

const total = (steps: readonly Parts[], of: (step: Parts) => number) => steps.reduce((sum, step) => sum + of(step), 0);

/** A source that moved nothing has no column. */
const partColumns = (steps: readonly Step[]): Column<Step>[] => [
  ...sources
    .filter(({ of }) => steps.some((step) => isShown(of(step))))
    .map(({ title, of }) => ({ title, value: (step: Step) => signed(of(step)), ...right })),
  { title: '合计', value: ({ change }) => signed(change), ...right },
];

/** How the parts make the whole, from score to score; parts that moved nothing are left out. */
function sumText(
  steps: readonly Step[],
  whole: { from: number; to: number; change: number; deducted: number },
): string {
  const all = [
    ...sources.map(({ title, of }) => ({ title, points: total(steps, of) })),
    { title: '扣分', points: whole.deducted },
  ];
  const parts = all.filter(({ points }) => isShown(points)).map(({ title, points }) => `${title} ${signed(points)}`);
  const sum = parts.length === 0 ? '' : ` = ${parts.join('，')}`;
  return `${whole.from.toFixed(2)} → ${whole.to.toFixed(2)}：${signed(whole.change)}${sum}`;
}

/** Of a share the numerator alone says nothing. */
const isShare = (code: string) => findIndicator(code)?.kind === 'ratio';

function countText({ code, before, after }: IndicatorChange): string {
  const text = (row: IndicatorChange['before']) =>
    isShare(code) && row?.denominator != null
      ? `${figure(row.numerator)}/${figure(row.denominator)}`
      : figure(row?.numerator);
  return arrow(text(before), text(after));
}

const growthText = ({ code, before, after }: IndicatorChange) =>
  isShare(code) ? dash : percentText(code, before?.numerator ?? null, after?.numerator ?? null);

function waterfallTable(steps: readonly IndicatorChange[]): Sheet {
  return sheet<IndicatorChange>(
    [
      { title: '指标', value: ({ code }) => `${code} ${indicatorName(code)}` },
      { title: '件数', value: countText, ...right },
      { title: '增减', value: growthText, ...right },
      { title: '指标值', value: ({ before, after }) => arrow(figure(before?.value), figure(after?.value)), ...right },
      {
        title: '得分',
        value: ({ before, after }) => arrow(score(before?.score ?? null), score(after?.score ?? null)),
        ...right,
      },
      ...partColumns(steps),
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
        value: ({ code }) =>
          isShare(code) ? dash : percentText(code, counts.get(code)?.before ?? null, counts.get(code)?.after ?? null),
        ...right,
      },
      ...partColumns(moved),
    ],
    moved,
  );
  const { score_before: from, score_after: to, change } = pair;
  return [
    '\n1、2月合并（春节有时在1月，有时在2月，单月同比不可靠；分数为两月平均）',
    sumText(pair.indicators, { from, to, change, deducted: pair.deduction + pair.floor }),
    ...(moved.length > 0 ? [table] : []),
  ];
}

function explanationParts({ before: base, after: period, explanation, pair }: Changes): Part[] {
  const { before: from, after: to, change, indicators, deduction, floor } = explanation;
  if (from === null || to === null || change === null) {
    const without = [from === null ? base : '', to === null ? period : ''].filter((month) => month !== '');
    return [`${without.join('、')} 没有总分，不能比较。`];
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
    `${titleOf(head)}  ${unit_name}：与${than}（${changes.before}）相比`,
    ...explanationParts(changes),
    ...(isJanuary ? ['春节有时在1月，有时在2月：单月同比不可靠，2月结束后再看两月合并的比较。'] : []),
  ];
}
