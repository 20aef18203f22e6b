import { streamNames } from '@pingan/contracts';
import { findIndicator, missingReasonText, type Scheme } from '@pingan/indicators';
import {
  type Explained,
  type ExplanationFound,
  indistinctRanks,
  intervalOf,
  type RunDeduction,
  type RunIndicator,
  silenceText,
  sumOf,
  type ZeroReport,
} from '@pingan/queries';
import { pastTexts } from './past.js';
import { type Column, dash, type Part, right, type Sheet, score, sheet, spanText } from './sheet.js';
import { stalenessText } from './stale.js';
import { titleOf } from './titles.js';
import { boundText, shareTexts, silentTexts } from './unplaced.js';

function plain(value: number | null): string {
  return value === null ? dash : String(Number(value.toFixed(4)));
}

/** Which share of the value's digits a reader can use depends on the kind: a count is whole, a rate is not. */
function valueText({ code }: RunIndicator, value: number | null): string {
  if (value === null) return dash;
  return findIndicator(code)?.kind === 'count' && Number.isInteger(value) ? plain(value) : value.toFixed(2);
}

function goalpostText({ g0, g60, g100 }: RunIndicator): string {
  if (g0 === null || g60 === null || g100 === null) return dash;
  return [g0, g60, g100].map((value) => String(Number(value.toFixed(2)))).join(' / ');
}

const nameOf = ({ code }: RunIndicator) => findIndicator(code)?.name ?? code;

const identity: Column<RunIndicator>[] = [
  { title: '代码', value: (row) => row.code },
  { title: '指标', value: nameOf },
];

const window: Column<RunIndicator> = {
  title: '统计期',
  value: (row) => (row.window_from === row.window_to ? row.window_to : `${row.window_from}~${row.window_to}`),
};

const countColumns: Column<RunIndicator>[] = [
  { title: '分子', value: (row) => plain(row.numerator), ...right },
  { title: '分母', value: (row) => plain(row.denominator), ...right },
  window,
  { title: '指标值', value: (row) => valueText(row, row.value), ...right },
];

const unitColumn: Column<RunIndicator> = { title: '单位', value: (row) => findIndicator(row.code)?.unit ?? '' };

/** What was counted, and the value that is scored. */
function countsTable({ scored, priors }: Explained): Sheet {
  const shrunken: Column<RunIndicator> = {
    title: '修正值',
    value: (row) => valueText(row, row.shrunken_value),
    ...right,
  };
  return sheet([...identity, ...countColumns, ...(priors.size > 0 ? [shrunken] : []), unitColumn], scored);
}

/** From the value to its share in the score. */
function pointsTable({ scored }: Explained): Sheet {
  const trend: Column<RunIndicator>[] = scored.some((row) => row.trend !== null)
    ? [
        { title: '水平分', value: (row) => score(row.level), ...right },
        { title: '趋势分', value: (row) => score(row.trend), ...right },
      ]
    : [];
  return sheet(
    [
      ...identity,
      { title: '0/60/100 分值', value: goalpostText, ...right },
      ...trend,
      { title: '得分', value: (row) => score(row.score), ...right },
      { title: '权重', value: (row) => `${(row.weight * 100).toFixed(2)}%`, ...right },
      { title: '贡献', value: (row) => (row.score === null ? dash : row.contribution.toFixed(2)), ...right },
      { title: '说明', value: (row) => (row.missing_reason ? missingReasonText(row.missing_reason) : '') },
    ],
    scored,
  );
}

/** How level and trend make up the score; null where the scheme looks at the level alone. */
function trendText({ trend }: Scheme): string | null {
  if (trend.share === 0) return null;
  const share = (part: number) => Number((part * 100).toFixed(2));
  return `得分 = ${share(1 - trend.share)}% 水平分 + ${share(trend.share)}% 趋势分（与本单位以往相比，持平为 60 分；没有可比的以往时只看水平）。`;
}

/** One line per deduction with the event behind it. */
function deductionText({ date, name, case_ref, deaths, doubled, points, applied }: RunDeduction): string {
  const remarks = [
    deaths > 0 ? `死亡 ${deaths} 人` : '',
    doubled ? '敏感时期加倍' : '',
    applied < points ? `应扣 ${points.toFixed(2)}，累计已达上限` : '',
  ].filter((text) => text !== '');
  return `  ${date}  ${name}  ${case_ref}${remarks.length > 0 ? `  ${remarks.join('；')}` : ''}  扣 ${applied.toFixed(2)} 分`;
}

/** How the score follows from the rows above it. */
function sumText({ unit, scored, deductions }: Explained): string {
  if (unit.score === null) return `没有总分：${missingReasonText(unit.missing_reason ?? '')}。`;
  const before = sumOf(scored.map(({ contribution }) => contribution));
  if (deductions.length === 0) return `贡献 = 权重 × 得分；各项贡献之和 ${before.toFixed(2)} 即总分，没有扣分。`;
  const applied = sumOf(deductions.map((deduction) => deduction.applied));
  const floor = before < applied ? '（总分最低为 0）' : '';
  return `贡献 = 权重 × 得分；各项贡献之和 ${before.toFixed(2)} − 扣分 ${applied.toFixed(2)} = 总分 ${score(unit.score)}${floor}。`;
}

const percent = (share: number) => `${Math.round(share * 100)}%`;

/** What nobody has reported, what was confirmed and by whom; empty for a unit that was not silent. */
function silenceTexts({ run, unit }: Explained, zeroReports: readonly ZeroReport[]): string[] {
  const texts: string[] = [];
  if (unit.unreported.length > 0) {
    const silence = silenceText({ ...unit, confirmed_zero: [] });
    texts.push(`${silence}：以往月月有报送，碰巧为零的可能性极小。得分和名次按零件计算，核实以前不作准。`);
  }
  if (unit.confirmed_zero.length > 0) {
    const own = zeroReports.filter(
      ({ month, region_code }) => month === run.period && region_code === unit.region_code,
    );
    const entries = own.map(
      ({ stream, confirmed_by, confirmed_at, reason }) =>
        `${streamNames[stream]} ${confirmed_at.slice(0, 10)} ${confirmed_by}${reason === '' ? '' : `：${reason}`}`,
    );
    // What was confirmed when the run was made may have been taken back since.
    const whose = entries.length > 0 ? `（${entries.join('；')}）` : '';
    texts.push(`${silenceText({ ...unit, unreported: [] })}${whose}。`);
  }
  return texts;
}

/** Intervals of score and rank, and whom the unit cannot be told from. */
function intervalText({ unit, units }: Explained): string | null {
  const interval = intervalOf(unit);
  if (interval === null || unit.unreported.length > 0) return null;
  const { low, high } = interval.score;
  const ranks = indistinctRanks(units, unit);
  return [
    `案件数量少，得分和名次都有偶然成分：得分 90% 区间 ${low.toFixed(2)}–${high.toFixed(2)}`,
    `名次 90% 区间第 ${spanText(interval.rank.low, interval.rank.high)} 名`,
    `居前四分之一的可能性 ${percent(interval.p_best_quarter)}，居末四分之一 ${percent(interval.p_worst_quarter)}`,
    ranks === null ? '与其他单位的先后都分得出。' : `与第 ${spanText(ranks.low, ranks.high)} 名的单位先后分不出。`,
  ].join('；');
}

/** The colour, how long it has held, and why it is not the one of the month's score alone. */
function bandText({ unit }: Explained, { bands, tie, hysteresis }: Scheme): string | null {
  if (unit.band === null || unit.score === null) return null;
  const nameOf = (id: string) => bands.find((band) => band.id === id)?.name ?? id;
  const rounded = Number(unit.score.toFixed(tie.decimals));
  const own = bands.find(({ min }) => rounded >= min)?.id ?? unit.band;
  const lasting = unit.band_months ? `（已连续 ${unit.band_months} 个月）` : '';
  if (own === unit.band) return `等级 ${nameOf(unit.band)}${lasting}。`;
  return `等级 ${nameOf(unit.band)}${lasting}：单看当月得分为${nameOf(own)}，但超过界线不足 ${hysteresis.points} 分，也未连续 ${hysteresis.months} 个月，等级暂不改变。`;
}

/** Indicators that are shown and not scored; those without data in one line. */
function contextParts({ context }: Explained): Part[] {
  const known = context.filter(({ value, numerator }) => value !== null || (numerator ?? 0) !== 0);
  const unknown = context.filter((row) => !known.includes(row));
  return [
    ...(known.length > 0 ? ['\n背景指标（不计分）', sheet([...identity, ...countColumns, unitColumn], known)] : []),
    ...(unknown.length > 0
      ? [`本期没有数据的背景指标：${unknown.map((row) => `${row.code} ${nameOf(row)}`).join('、')}`]
      : []),
  ];
}

const totalText = ({ unit }: Explained): string => {
  if (unit.score === null) return missingReasonText(unit.missing_reason ?? '');
  const ranked = unit.class_rank === null ? '' : `（类内第 ${unit.class_rank} 名）`;
  return `${score(unit.score)} 分，第 ${unit.rank} 名${ranked}`;
};

/** Events of the month without a place, and how far this unit could fall. */
function unplacedTexts({ answer: { unplaced }, explained: { unit }, head }: ExplanationFound): string[] {
  if (!unplaced) return [];
  const bound = unplaced.bounds.find(({ region_code }) => region_code === unit.region_code);
  const text = bound && boundText(unit.name, bound);
  return [
    ...shareTexts(head.period, unplaced),
    ...silentTexts([unit], unplaced),
    ...(text ? [`如全部属于本单位且都计为不利，至多：${text}。`] : []),
  ];
}

const withoutNulls = (texts: readonly (string | null)[]): string[] => texts.filter((text) => text !== null);

/** Where a score comes from, in words and tables. */
export function explanationParts(found: ExplanationFound): Part[] {
  const { answer, head, scheme, explained, past, zeroReports } = found;
  const { run, unit, scored, priors, deductions } = explained;
  const population = scored.find((row) => row.population !== null)?.population;
  return [
    `${titleOf(head)}  ${unit.name}：${totalText(explained)}`,
    answer.paragraph,
    ...(answer.stale === undefined ? [] : [stalenessText(answer.stale, head)]),
    ...silenceTexts(explained, zeroReports),
    ...unplacedTexts(found),
    ...withoutNulls([bandText(explained, scheme), intervalText(explained)]),
    `\n统计${population == null ? '（没有常住人口数）' : `（常住人口 ${population} 人）`}`,
    ...pastTexts(past),
    countsTable(explained),
    ...(priors.size > 0 ? ['修正值：案件越少，指标值越向同类单位（同类不足时为全县）的平均靠拢，计分用修正值。'] : []),
    '\n计分',
    pointsTable(explained),
    ...withoutNulls([trendText(scheme)]),
    ...(deductions.length > 0 ? ['\n红线扣分', ...deductions.map(deductionText)] : []),
    sumText(explained),
    ...contextParts(explained),
    `\n方案 ${run.scheme_name} ${run.scheme_hash}  计分批次 ${run.run_id}`,
  ];
}
