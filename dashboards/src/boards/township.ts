import { changeBars } from '../changes.js';
import type { Column } from '../columns.js';
import { lineOf, lost } from '../concerns.js';
import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noHistory, noRun, notices } from '../notices.js';
import { better, neutral, pale } from '../palette.js';
import { bandCard, bandTimeline, bars, limit, series, stat, table } from '../panels.js';
import { bandNote, bandSteps, bandWord, brief, moved, span, wrappable } from '../queries.js';
import { clickhouseSource, month, ofCounty, ofMonth, region, variables } from '../variables.js';
import { demoMark } from '../verdict.js';

const own = `region_code = ${region}`;
const toIndicator = { title: '打开指标分析', url: linkTo('indicator', { ...here, indicator: cell('代码') }) };

const band = bandCard({
  title: '本月等级',
  description: '所选单位本月的等级。等级有滞后规则：小幅越界不立即变色，按分数属于另一等级时概况中写明。',
  noValue: noRun,
  width: 4,
  sql: `SELECT ${bandWord} AS \`等级\` FROM v_ranking(${ofMonth}) WHERE ${own} LIMIT 1`,
  field: '等级',
});

const standing = stat({
  title: '本月得分与名次',
  description:
    '总分（0 至 100）、名次（1 为最好），总分比上月、比去年同月升（↑）降（↓）多少，真实名次有九成可能在其中的区间。区间宽的，名次先后不宜据以奖惩。',
  noValue: noRun,
  width: 10,
  sql: `SELECT score AS \`总分\`, rank AS \`名次\`, ${span('rank_low', 'rank_high')} AS \`名次区间\`,
      ${moved('score_change')} AS \`比上月\`, ${moved('score_change_year')} AS \`比去年同月\`
    FROM v_ranking(${ofMonth}) WHERE ${own} LIMIT 1`,
  fields: [
    { name: '总分', kind: 'score' },
    { name: '名次', kind: 'count' },
    { name: '名次区间', kind: 'text' },
    { name: '比上月', kind: 'change' },
    { name: '比去年同月', kind: 'change' },
  ],
});

const story = table({
  title: '本月概况',
  description: '由计分结果生成的一段话；其中每个数字都出自计分结果。',
  noValue: noRun,
  width: 10,
  header: false,
  sql: `WITH
      ${bandSteps(ofMonth)},
      (SELECT max(${bandNote}) FROM v_ranking(${ofMonth}) WHERE ${own}) AS note
    SELECT ${wrappable(`concat(${demoMark}, text, if(note = '', '', concat(note, '。')))`)} AS \`概况\`
    FROM v_stories(${ofMonth}) WHERE ${own} LIMIT 1`,
  columns: [{ name: '概况', kind: 'prose' }],
});

const losses = table({
  title: '失分最多的指标',
  description:
    '离满分最远的十项：失分为该项满分（权重）与贡献之差，先从这里整改。条线按数据来源，分工以县里为准。点指标看分析。',
  noValue: noRun,
  width: 11,
  sql: `SELECT name AS \`指标\`, score AS \`得分\`, ${lost} AS \`失分\`, ${lineOf('dimension_name')} AS \`条线\`, code AS \`代码\`
    FROM v_indicators(${ofMonth}) WHERE ${own} AND NOT is_context AND score IS NOT NULL AND ${lost} > 0
    ORDER BY \`失分\` DESC, code LIMIT 10`,
  columns: [
    { name: '指标', kind: 'text', link: toIndicator, minWidth: 150 },
    { name: '得分', kind: 'score', width: 70 },
    { name: '失分', kind: 'points', width: 70 },
    { name: '条线', kind: 'text', width: 130 },
    { name: '代码', kind: 'hidden' },
  ],
});

const scores = series({
  title: '总分走势',
  description: '每月总分，及其九成区间的上下限：区间重叠的两个月，升降未必是真的变化。虚线为默认方案的等级线。',
  noValue: noHistory,
  isScore: true,
  width: 12,
  unit: 'none',
  decimals: 2,
  sql: `SELECT period AS time, score AS \`总分\`, score_low AS \`区间下限\`, score_high AS \`区间上限\`
    FROM v_history(${ofCounty}) WHERE ${own} AND $__timeFilter(period) ORDER BY time LIMIT 240`,
  series: [
    { name: '总分', colour: better },
    { name: '区间下限', colour: pale, more: limit },
    { name: '区间上限', colour: pale, more: { ...limit, 'custom.fillBelowTo': '区间下限' } },
  ],
});

/** A graph has no axis that runs down, so places are drawn below zero and written without the sign. */
const places = [
  {
    type: 'value',
    options: Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`${-1 - at}`, { text: `${at + 1}`, index: at }]),
    ),
  },
];

const ranks = series({
  title: '名次走势',
  description: '每月名次及其九成区间，1 为最好，在上方。第六十名以后的刻度以负数表示。',
  noValue: noHistory,
  width: 12,
  unit: 'none',
  decimals: 0,
  max: -1,
  axisWidth: 48,
  mappings: places,
  sql: `SELECT period AS time, -toInt32(rank) AS \`名次\`, -toInt32(rank_low) AS \`最好名次\`, -toInt32(rank_high) AS \`最差名次\`
    FROM v_history(${ofCounty}) WHERE ${own} AND $__timeFilter(period) ORDER BY time LIMIT 240`,
  series: [
    { name: '名次', colour: better },
    { name: '最好名次', colour: pale, more: { ...limit, 'custom.fillBelowTo': '最差名次' } },
    { name: '最差名次', colour: pale, more: limit },
  ],
});

const steps = changeBars({
  title: '本月升降分解',
  description: '各项指标（及红线扣分）使本单位总分比上月变动多少。',
  width: 13,
  score: '总分',
  parts: `SELECT code, name, points FROM v_changes(${ofMonth}) WHERE ${own}`,
  ends: `SELECT (maxIf(score, period < this), maxIf(score, period = this))
    FROM (SELECT *, toDateOrZero(concat(${month}, '-01')) AS this FROM v_history(${ofCounty}))
    WHERE ${own} AND period IN (this, addMonths(this, -1))`,
});

const streams = bars({
  title: '四情与全县平均',
  description: '所选单位本月各维度得分，与全县各单位平均对照。',
  noValue: noRun,
  width: 9,
  unit: 'none',
  decimals: 2,
  x: '维度',
  min: 0,
  max: 100,
  sql: `SELECT dimension_name AS \`维度\`, maxIf(score, ${own}) AS \`本单位\`, avg(score) AS \`全县平均\`
    FROM v_dimensions(${ofMonth}) GROUP BY dimension_name, position
    HAVING countIf(${own}) > 0 ORDER BY position LIMIT 10`,
  series: [
    { name: '本单位', colour: better },
    { name: '全县平均', colour: neutral },
  ],
});

const bandHistory = bandTimeline({
  title: '等级变化',
  description: '每月的等级（色与字）。等级有滞后规则：小幅越界不立即变色。',
  noValue: noHistory,
  width: 15,
  sql: `SELECT period AS time, if(b.name = '', '不计分', b.name) AS \`等级\`
    FROM (SELECT period, band FROM v_history(${ofCounty}) WHERE ${own} AND $__timeFilter(period)) AS h
    LEFT JOIN (SELECT * FROM v_bands(${ofMonth})) AS b ON b.band = h.band
    ORDER BY time LIMIT 240`,
});

const columns: readonly Column[] = [
  { name: '代码', kind: 'text', width: 52 },
  { name: '指标', kind: 'text', link: toIndicator, minWidth: 170 },
  { name: '得分', kind: 'score', width: 70 },
  { name: '权重%', kind: 'points', width: 70 },
  { name: '贡献', kind: 'points', width: 66 },
  { name: '分子', kind: 'short', width: 86 },
  { name: '分母', kind: 'short', width: 86 },
  { name: '指标值', kind: 'short', width: 86 },
  { name: '修正值', kind: 'short', width: 86 },
  { name: '计量单位', kind: 'text', width: 104 },
  { name: '维度', kind: 'text', width: 64 },
  { name: '数据说明', kind: 'prose', minWidth: 150 },
];
const figures = `code AS \`代码\`, name AS \`指标\`, score AS \`得分\`, weight * 100 AS \`权重%\`, contribution AS \`贡献\`,
  ${brief('numerator', 2)} AS \`分子\`, ${brief('denominator', 2)} AS \`分母\`, ${brief('value', 3)} AS \`指标值\`,
  ${brief('shrunken_value', 3)} AS \`修正值\`, unit AS \`计量单位\`, dimension_name AS \`维度\`, missing_text AS \`数据说明\``;

const indicators = table({
  title: '各项指标',
  description:
    '分子、分母与指标值按统计期计；修正值为考虑件数少之后用于计分的值；贡献为该项给总分的分数，各项贡献之和减去红线扣分即总分。不计分的项列在最后，并写明原因。',
  noValue: noRun,
  width: 24,
  sql: `SELECT ${figures}
    FROM v_indicators(${ofMonth}) WHERE ${own} AND NOT is_context ORDER BY weight = 0, position LIMIT 200`,
  columns,
});

const context = table({
  title: '参考指标（不计分）',
  description: '本月方案不计分的指标，只供了解情况。',
  noValue: '没有读到：本月没有参考指标，或指数库暂时连不上',
  width: 24,
  sql: `SELECT code AS \`代码\`, name AS \`指标\`, ${brief('numerator', 2)} AS \`分子\`, ${brief('denominator', 2)} AS \`分母\`,
      ${brief('value', 3)} AS \`指标值\`, unit AS \`计量单位\`, dimension_name AS \`维度\`
    FROM v_indicators(${ofMonth}) WHERE ${own} AND is_context ORDER BY position LIMIT 200`,
  columns: columns.filter(({ name }) => /^(代码|指标|分子|分母|指标值|计量单位|维度)$/.test(name)),
});

const deductions = table({
  title: '红线扣分',
  description: '本月统计期内的红线事项及扣分；敏感时期加倍，合计有上限。',
  noValue: '没有读到红线扣分：没有，或指数库暂时连不上',
  width: 9,
  sql: `SELECT toString(date) AS \`日期\`, name AS \`事项\`, deaths AS \`死亡人数\`, if(doubled, '是', '否') AS \`加倍\`,
      applied AS \`扣分\`
    FROM v_deductions(${ofMonth}) WHERE ${own} ORDER BY date DESC, name LIMIT 100`,
  columns: [
    { name: '日期', kind: 'short', width: 110 },
    { name: '事项', kind: 'text' },
    { name: '死亡人数', kind: 'count', width: 84 },
    { name: '加倍', kind: 'text', width: 60 },
    { name: '扣分', kind: 'points', width: 76 },
  ],
});

export const township = dashboard({
  place: 'township',
  description: '一个单位的画像：得分和名次的走势，本月为何升降，每项指标的来龙去脉。',
  variables: [clickhouseSource(), ...variables('county', 'month', 'region')],
  time: { from: 'now-13M/M', picker: true },
  annotations: true,
  rows: [
    { height: 6, panels: [band, standing, story] },
    { height: 12, panels: [steps, losses] },
    { height: 9, panels: [scores, ranks] },
    { height: 5, panels: [bandHistory, deductions] },
    { height: 8, panels: [streams, notices(15)] },
    { height: 39, panels: [indicators] },
    { height: 10, panels: [context] },
  ],
});
