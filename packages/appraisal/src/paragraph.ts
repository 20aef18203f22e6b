import { findIndicator } from '@pingan/indicators';
import type { RunIndicator, RunUnit } from '@pingan/store';
import type { ChangeSince, UnitRows } from './change-since.js';
import { silenceText } from './unreported.js';

export interface ParagraphFacts extends UnitRows {
  /** `YYYY-MM`. */
  period: string;
  /** Units with a rank. */
  ranked: number;
  /** Units that share the unit's rank, itself included. */
  sharing: number;
  /** Against the month before; null in the first month. */
  change: ChangeSince | null;
}

/** Most characters of a paragraph. */
const LIMIT = 200;
const NAME_LIMIT = 16;

/** Changes that two decimals do not show are none. */
const VISIBLE = 0.005;

const points = (value: number): string => Math.abs(value).toFixed(2);
const number = (value: number): string => String(Number(value.toFixed(2)));
const length = (text: string): number => [...text].length;

function clipped(text: string): string {
  return length(text) <= NAME_LIMIT ? text : `${[...text].slice(0, NAME_LIMIT - 1).join('')}…`;
}

const nameOf = (code: string): string => `“${clipped(findIndicator(code)?.name ?? code)}”`;

/** How sure the rank is: said only where there is something to say. */
function spanOf({ rank_low: low, rank_high: high }: RunUnit, ranked: number): string {
  if (low === null || high === null || low === high) return '';
  return low === 1 && high === ranked ? '（案件少，名次还说不准）' : `（九成可能在第${low}至第${high}名之间）`;
}

function headOf({ unit, period, ranked, sharing }: ParagraphFacts): string {
  const when = `${clipped(unit.name)}${Number(period.slice(0, 4))}年${Number(period.slice(5))}月`;
  const place = `${sharing > 1 ? '并列' : ''}第${unit.rank}名`;
  const silence = silenceText(unit);
  const silent = silence === '' ? '' : `${silence}。`;
  if (unit.score === null || unit.rank === null) return `${when}缺数较多，不计分、不排名。${silent}`;
  // An interval knows how few cases there are, not that some are missing.
  const span = unit.unreported.length > 0 ? '（名次待核实）' : spanOf(unit, ranked);
  return `${when}平安指数${unit.score.toFixed(2)}分，在${ranked}个单位中${place}${span}。${silent}`;
}

function changeOf({ unit, change }: ParagraphFacts): string {
  if (change === null) return '没有上月得分可比。';
  if (unit.score === null) return change.score === null ? '上月也没有得分。' : `上月为${change.score.toFixed(2)}分。`;
  if (change.points === null) return '上月没有得分，不作比较。';
  if (Math.abs(change.points) < VISIBLE) return '与上月持平。';
  const rising = change.points > 0;
  const main = change.parts.find((part) => part.points > 0 === rising && Math.abs(part.points) >= VISIBLE);
  const place = change.rank === null || change.rank === unit.rank ? '' : `（上月第${change.rank}名）`;
  const moved = `比上月${rising ? '上升' : '下降'}${points(change.points)}分${place}`;
  if (main === undefined) return `${moved}。`;
  if (main.code === null) return `${moved}，主要是红线扣分${rising ? '少' : '多'}了${points(main.points)}分。`;
  return `${moved}，主要是${nameOf(main.code)}${rising ? '多' : '少'}得${points(main.points)}分。`;
}

/** What was counted, by the kind of the indicator. */
function figuresOf({ code, numerator, denominator, population, months, value }: RunIndicator): string {
  const own = findIndicator(code);
  if (own === undefined || numerator === null) return '';
  const unit = own.unit.split('/')[0];
  if (own.kind === 'intensity') return value === null ? '' : `（数值${number(value)}）`;
  if (own.kind === 'ratio') return denominator === null ? '' : `（${number(numerator)}/${number(denominator)}）`;
  const span = months === 1 ? '当月' : `近${months}个月`;
  const people = own.kind === 'count' || population === null ? '' : `${number(population)}人`;
  const total = own.kind === 'weighted_rate' ? '合计' : '';
  return `（${people}${span}${total}${number(numerator)}${unit}）`;
}

const byWeight = (a: RunIndicator, b: RunIndicator) => b.weight - a.weight || (a.code < b.code ? -1 : 1);

/** Whether the figures themselves leave something to improve; few cases may score low and still be faultless. */
function improvable({ code, numerator, denominator }: RunIndicator): boolean {
  const own = findIndicator(code);
  if (own === undefined || numerator === null) return false;
  return own.direction === 1 ? denominator !== null && numerator < denominator : numerator > 0;
}

/** What scored best, and what cost most among the indicators that leave something to improve. */
function extremesText({ indicators }: ParagraphFacts, withFigures: boolean): string {
  const scored = indicators.filter(({ score, weight }) => score !== null && weight > 0);
  const lost = ({ weight, score }: RunIndicator) => weight * (100 - (score ?? 0));
  const [best] = [...scored].sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || byWeight(a, b));
  const [worst] = scored.filter(improvable).sort((a, b) => lost(b) - lost(a) || byWeight(a, b));
  const text = (row: RunIndicator) => `${nameOf(row.code)}${withFigures ? figuresOf(row) : ''}`;
  if (best === undefined) return '';
  // Nothing has scored: then the first in order is not the best.
  if ((best.score ?? 0) < VISIBLE) {
    if (worst === undefined || scored.length === 1) return `${text(best)}得0分。`;
    return `各项指标均得0分，失分较多的是${text(worst)}。`;
  }
  if (worst === undefined || worst.score === best.score) return `得分最高的是${text(best)}。`;
  return `得分最高的是${text(best)}，失分较多的是${text(worst)}。`;
}

function missingText({ unit, indicators }: ParagraphFacts): string {
  if (unit.score !== null) return '';
  const missing = indicators.filter(({ score }) => score === null).map(({ code }) => nameOf(code));
  if (missing.length === 0) return '';
  return `缺数的有${missing.slice(0, 3).join('、')}${missing.length > 3 ? '等' : ''}。`;
}

function deductionText({ deductions }: ParagraphFacts): string {
  const applied = deductions.reduce((sum, deduction) => sum + deduction.applied, 0);
  if (applied === 0) return '';
  const names = [...new Set(deductions.map(({ name }) => clipped(name)))];
  return `因${names.slice(0, 2).join('、')}${names.length > 2 ? '等' : ''}扣${points(applied)}分。`;
}

function cautionText({ unit }: ParagraphFacts): string {
  const { rank_low: low, rank_high: high, unreported } = unit;
  return low === null || high === null || low === high || unreported.length > 0 ? '' : '名次相近的单位难分高下。';
}

/**
 * What happened to one unit in a month, in plain Chinese, at most 200 characters. Every number in it is one of the run's:
 * score, rank, counts, points, at two decimals where it has more.
 */
export function paragraph(facts: ParagraphFacts): string {
  const head = headOf(facts);
  const [change, deducted, caution] = [changeOf(facts), deductionText(facts), cautionText(facts)];
  const missing = missingText(facts);
  const full = [head, change, missing, extremesText(facts, true), deducted, caution];
  const shorter = [
    full,
    [head, change, missing, extremesText(facts, true), deducted],
    [head, change, missing, extremesText(facts, false), deducted],
    [head, change, missing, deducted],
  ].map((sentences) => sentences.join(''));
  return shorter.find((text) => length(text) <= LIMIT) ?? `${head}${change}`;
}
