import { type Changes, type PairChange, percentChange, type Step } from '@pingan/appraisal';
import { findIndicator } from '@pingan/indicators';
import type { IndicatorChange } from '@pingan/scoring';
import { type Column, renderTable, score, signed } from './table.js';

const HIDDEN = '基数小于10,不计百分比';
const LEGEND =
  '件数、分母变化:只换成本期的件数、分母,其余照旧,各带来多少分。目标值或方案变化:其余的,含同类均值、自身以往水平、权重和缺数项转来的权重。';
const right = { align: 'right' } as const;
const nameOf = (code: string) => findIndicator(code)?.name ?? code;
const number = (value: number | null | undefined) => (value == null ? '—' : String(Number(value.toFixed(2))));
const arrow = (before: string, after: string) => (before === after ? before : `${before} → ${after}`);

/** Cases are told in percent, days, yuan and intensities are not. */
const counted = (code: string) => ['rate', 'ratio', 'count'].includes(findIndicator(code)?.kind ?? '');

function percentText(code: string, before: number | null, after: number | null): string {
  if (!counted(code) || before === null || after === null) return '—';
  const percent = percentChange(code, before, after);
  return percent === null ? '*' : `${percent > 0 ? '+' : ''}${percent.toFixed(1)}%`;
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

function waterfallTable(steps: readonly IndicatorChange[]): string {
  return renderTable<IndicatorChange>(
    [
      { title: '指标', value: ({ code }) => `${code} ${nameOf(code)}` },
      {
        title: '分子',
        value: ({ before, after }) => arrow(number(before?.numerator), number(after?.numerator)),
        ...right,
      },
      {
        title: '增减',
        value: ({ code, before, after }) => percentText(code, before?.numerator ?? null, after?.numerator ?? null),
        ...right,
      },
      {
        title: '分母',
        value: ({ before, after }) => arrow(number(before?.denominator), number(after?.denominator)),
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

function pairTexts(pair: PairChange): string[] {
  const counts = new Map(pair.counts.map((count) => [count.code, count]));
  const moved = pair.indicators.filter((step) => !still(step));
  const table = renderTable<Step>(
    [
      { title: '指标', value: ({ code }) => `${code} ${nameOf(code)}` },
      {
        title: '两月分子',
        value: ({ code }) => arrow(number(counts.get(code)?.before), number(counts.get(code)?.after)),
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

/** The change in lines and tables. */
export function changesTexts({ before: base, after: period, explanation, pair }: Changes): string[] {
  const { before: from, after: to, change, indicators, deduction, floor } = explanation;
  if (from === null || to === null || change === null) {
    const without = [from === null ? base : '', to === null ? period : ''].filter((month) => month !== '');
    return [`${without.join('、')} 没有总分,不能比较。`];
  }
  const moved = indicators.filter((step) => !still(step));
  const rest = indicators.length - moved.length;
  const texts = [
    sumText(indicators, { from, to, change, deducted: (deduction ?? 0) + (floor ?? 0) }),
    ...(moved.length > 0 ? [waterfallTable(moved)] : []),
    ...(rest > 0 ? [`其余 ${rest} 项指标没有使总分变化。`] : []),
    ...(pair === null ? [] : pairTexts(pair)),
  ];
  const hidden = texts.some((text) => /\s\*(\s|$)/.test(text));
  return [...texts, ...(hidden ? [`* ${HIDDEN}`] : []), LEGEND];
}

function stepJson({ before, after, ...step }: IndicatorChange) {
  const figures = (row: IndicatorChange['before']) =>
    row && { numerator: row.numerator, denominator: row.denominator, value: row.value, score: row.score };
  const [was, is] = [before?.numerator ?? null, after?.numerator ?? null];
  const percent = percentChange(step.code, was, is);
  const percent_reason = percent === null && counted(step.code) && was !== null && is !== null ? HIDDEN : null;
  return { ...step, name: nameOf(step.code), before: figures(before), after: figures(after), percent, percent_reason };
}

export function changesJson(changes: Changes, head: { county: string; region_code: string; name: string }) {
  const { before, after, explanation, pair } = changes;
  return {
    ...head,
    before: { period: before, score: explanation.before },
    after: { period: after, score: explanation.after },
    change: explanation.change,
    indicators: explanation.indicators.map(stepJson),
    deduction: explanation.deduction,
    floor: explanation.floor,
    missing_reason: explanation.missing_reason,
    pair,
  };
}
