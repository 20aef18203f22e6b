import {
  baseOf,
  type Changes,
  changesOf,
  firstMonthOf,
  type IndicatorStep,
  type PairChange,
  percentChange,
  type Step,
} from '@pingan/appraisal';
import { findIndicator, missingReasonText } from '@pingan/indicators';
import { type County, lastCompleteMonth, RegionIndex } from '@pingan/regions';
import type { Context } from '../context.js';
import { notePublished, requireEvidence } from '../evidence.js';
import { badRequest } from '../failure.js';
import { requireCounty, requireMonth, requireRegion } from '../scope.js';
import { type Column, renderTable, score, signed } from '../table.js';
import { titleOf } from './rank.js';

export interface ChangesOptions {
  county: string;
  month: string;
  region: string;
  against: 'month' | 'year';
  format: 'table' | 'json';
}

const HIDDEN = '基数小于10,不计百分比';
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
const still = ({ cases, denominator, targets }: Step) =>
  [cases, denominator, targets].every((points) => Math.abs(points) < 0.005);

const partColumns: Column<Step>[] = [
  { title: '件数变化', value: ({ cases }) => signed(cases), ...right },
  { title: '分母变化', value: ({ denominator }) => signed(denominator), ...right },
  { title: '目标值或方案', value: ({ targets }) => signed(targets), ...right },
  { title: '合计', value: ({ points }) => signed(points), ...right },
];

const total = (steps: readonly Step[], key: Exclude<keyof Step, 'code'>) =>
  steps.reduce((sum, step) => sum + step[key], 0);

/** How the parts make the whole, from score to score. */
function sumText(
  steps: readonly Step[],
  { from, to, points, deductions }: { from: number; to: number; points: number; deductions: number },
): string {
  const parts = [
    `件数变化 ${signed(total(steps, 'cases'))}`,
    `分母变化 ${signed(total(steps, 'denominator'))}`,
    `目标值或方案变化 ${signed(total(steps, 'targets'))}`,
    `扣分 ${signed(deductions)}`,
  ];
  return `${from.toFixed(2)} → ${to.toFixed(2)}:${signed(points)} = ${parts.join(',')}`;
}

function waterfallTable(steps: readonly IndicatorStep[]): string {
  return renderTable<IndicatorStep>(
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
  const { score_before: from, score_after: to, points, deductions } = pair;
  return [
    `\n1、2月合并(春节有时在1月,有时在2月,单月同比不可靠;分数为两月平均)`,
    sumText(pair.indicators, { from, to, points, deductions }),
    ...(moved.length > 0 ? [table] : []),
  ];
}

function tableTexts({ waterfall, pair }: Changes): string[] {
  const { before, after, points, indicators, deductions } = waterfall;
  if (points === null || before.score === null || after.score === null) {
    const reason = [before, after].map((unit) => unit.missing_reason).find((code) => code !== null);
    const which = [before.score === null ? '前' : '', after.score === null ? '后' : ''].filter((text) => text !== '');
    return [`${which.join('、')}一个月没有总分,不能分解:${missingReasonText(reason ?? '')}。`];
  }
  const moved = indicators.filter((step) => !still(step));
  const rest = indicators.length - moved.length;
  const texts = [
    sumText(indicators, { from: before.score, to: after.score, points, deductions }),
    ...(moved.length > 0 ? [waterfallTable(moved)] : []),
    ...(rest > 0 ? [`其余 ${rest} 项指标没有使总分变化。`] : []),
    ...(pair === null ? [] : pairTexts(pair)),
  ];
  const hidden = texts.some((text) => /(^|\s)\*(\s|$)/.test(text));
  return [...texts, ...(hidden ? [`* ${HIDDEN}`] : [])];
}

function stepJson({ before, after, ...step }: IndicatorStep) {
  const figures = (row: IndicatorStep['before']) =>
    row && { numerator: row.numerator, denominator: row.denominator, value: row.value, score: row.score };
  const [was, is] = [before?.numerator ?? null, after?.numerator ?? null];
  const percent = percentChange(step.code, was, is);
  const percent_reason = percent === null && counted(step.code) && was !== null && is !== null ? HIDDEN : null;
  return { ...step, name: nameOf(step.code), before: figures(before), after: figures(after), percent, percent_reason };
}

function changesJson(
  county: County,
  { before, after, waterfall, pair }: Changes,
  unit: { code: string; name: string },
) {
  const standing = ({ score: value, rank, band }: Changes['waterfall']['before']) => ({ score: value, rank, band });
  return {
    county: county.code,
    region_code: unit.code,
    name: unit.name,
    before: { period: before, ...standing(waterfall.before) },
    after: { period: after, ...standing(waterfall.after) },
    points: waterfall.points,
    indicators: waterfall.indicators.map(stepJson),
    deductions: waterfall.deductions,
    pair,
  };
}

/** @throws CommandFailure 2 where the index did not exist yet, or the unit was not scored */
function requireBase(first: string | undefined, county: County, options: { base: string; unit: string }): void {
  const { base, unit } = options;
  if (first !== undefined && base < first) {
    throw badRequest(`${base} 早于${county.name}的起始月 ${first},没有可比的得分。`);
  }
  if (!new RegionIndex(county).units(base).some(({ code }) => code === unit)) {
    throw badRequest(`${base} 还没有这个单位,没有可比的得分。`);
  }
}

/** `pingan changes`: the way from one month's score to another's. */
export async function changesCommand(context: Context, options: ChangesOptions): Promise<void> {
  const { against } = options;
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const region = requireRegion(county, options.region, month);
  const unit = new RegionIndex(county).units(month).find(({ code }) => code === region);
  if (!unit) throw badRequest(`${options.region} 不单独评分,请用它所在乡镇(街道)的名称或代码。`);
  const evidence = await requireEvidence(context, county);
  const base = baseOf(month, against);
  requireBase(firstMonthOf(evidence), county, { base, unit: region });
  const last = lastCompleteMonth(Date.now(), county.timeZone);
  const changes = await changesOf(context.store, evidence, { period: month, against, unit: region, last });
  await notePublished(context, evidence, [base, month]);
  if (options.format === 'json') {
    context.out(JSON.stringify(changesJson(county, changes, unit), null, 2));
    return;
  }
  const than = against === 'month' ? '上月' : '上年同月';
  context.out(`${titleOf(county, month, Date.now())}  ${unit.name}:与${than}(${base})相比`);
  for (const text of tableTexts(changes)) context.out(text);
  if (against === 'year' && month.endsWith('-01') && changes.pair === null) {
    context.out('春节有时在1月,有时在2月:单月同比不可靠,2月结束后再看两月合并的比较。');
  }
}
