import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noHistory, noRun, notices } from '../notices.js';
import { better, dimensionColours, neutral, pale, worse } from '../palette.js';
import { bandTimeline, bars, limit, series, stat, table } from '../panels.js';
import { bandWord, wrappable } from '../queries.js';
import { clickhouseSource, county, month, ofMonth, region, variables } from '../variables.js';

const own = `region_code = ${region}`;

const standing = stat({
  title: '本月位置',
  description: '所选单位本月的总分（0 至 100）、名次（1 为最好）和等级。',
  noValue: noRun,
  width: 8,
  sql: `SELECT score AS \`总分\`, rank AS \`名次\`, ${bandWord} AS \`等级\`
    FROM v_ranking(${ofMonth}) WHERE ${own} LIMIT 1`,
  fields: [
    { name: '总分', kind: 'score' },
    { name: '名次', kind: 'count' },
    { name: '等级', kind: 'band' },
  ],
});

const standingMore = stat({
  title: '升降与把握',
  description: '总分比上月、去年同月的升降；真实名次有九成可能在其中的区间。区间宽的，名次先后不宜据以奖惩。',
  noValue: noRun,
  width: 7,
  sql: `SELECT score_change AS \`比上月\`, score_change_year AS \`比去年同月\`,
      if(rank_low IS NULL, '', concat(toString(rank_low), '–', toString(rank_high))) AS \`名次区间\`
    FROM v_ranking(${ofMonth}) WHERE ${own} LIMIT 1`,
  fields: [
    { name: '比上月', kind: 'points' },
    { name: '比去年同月', kind: 'points' },
    { name: '名次区间', kind: 'text' },
  ],
});

const story = table({
  title: '本月概况',
  description: '由计分结果生成的一段话；其中每个数字都出自计分结果。',
  noValue: noRun,
  width: 9,
  sql: `SELECT ${wrappable('text')} AS \`概况\` FROM v_stories(${ofMonth}) WHERE ${own} LIMIT 1`,
  columns: [{ name: '概况', kind: 'prose' }],
});

const scores = series({
  title: '总分走势',
  description: '每月总分，及其九成区间的上下限：区间重叠的两个月，升降未必是真的变化。',
  noValue: noHistory,
  width: 12,
  unit: 'none',
  decimals: 2,
  sql: `SELECT period AS time, score AS \`总分\`, score_low AS \`区间下限\`, score_high AS \`区间上限\`
    FROM v_history(county = ${county}) WHERE ${own} AND $__timeFilter(period) ORDER BY time LIMIT 240`,
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
  sql: `SELECT period AS time, -toInt32(rank) AS \`名次\`, -toInt32(rank_low) AS \`区间较好端\`, -toInt32(rank_high) AS \`区间较差端\`
    FROM v_history(county = ${county}) WHERE ${own} AND $__timeFilter(period) ORDER BY time LIMIT 240`,
  series: [
    { name: '名次', colour: better },
    { name: '区间较好端', colour: pale, more: { ...limit, 'custom.fillBelowTo': '区间较差端' } },
    { name: '区间较差端', colour: pale, more: limit },
  ],
});

const unlisted = { 'custom.hideFrom': { viz: false, legend: true, tooltip: true } };

/**
 * From last month's score to this month's, in points from last month's: each bar begins where the one before ended. Grafana
 * stacks series that have a negative value apart from those that have none, so a bar across zero has two pieces.
 */
const waterfall = bars({
  title: '本月升降分解',
  description:
    '以上月总分为 0：每项指标（及红线扣分）使总分升降多少，按升降由大到小，首尾相接；较小的合为“其余各项”。各步之和恰为总分之差，即末行。',
  noValue: '没有上月或本月的得分，无从分解',
  width: 14,
  unit: 'none',
  decimals: 2,
  x: '步骤',
  horizontal: true,
  stacked: true,
  values: false,
  sql: `WITH
      (
        SELECT (if(count() = 2, maxIf(score, period < this), NULL), if(count() = 2, maxIf(score, period = this), NULL))
        FROM (SELECT *, toDateOrZero(concat(${month}, '-01')) AS this FROM v_history(county = ${county}))
        WHERE ${own} AND period IN (this, addMonths(this, -1)) AND score IS NOT NULL
      ) AS ends,
      ends.1 AS before,
      ends.2 AS after,
      steps AS (
        SELECT least(place, 10) AS at, if(at <= 9, any(p.name), '其余各项') AS name, sum(p.points) AS points
        FROM (
          SELECT name, points, row_number() OVER (ORDER BY abs(points) DESC, code) AS place
          FROM v_changes(${ofMonth}) WHERE ${own}) AS p
        GROUP BY at)
    SELECT label AS \`步骤\`, greatest(low, 0) AS \`起点\`, least(high, 0) AS \`起点（零下）\`,
      if(is_whole OR points < 0, 0, greatest(high, 0) - greatest(low, 0)) AS \`上升\`,
      if(is_whole OR points >= 0, 0, greatest(high, 0) - greatest(low, 0)) AS \`下降\`,
      if(is_whole OR points < 0, 0, least(low, 0) - least(high, 0)) AS \`上升（零下）\`,
      if(is_whole OR points >= 0, 0, least(low, 0) - least(high, 0)) AS \`下降（零下）\`,
      if(is_whole, points, 0) AS \`总分之差\`, points AS \`升降\`
    FROM (
      SELECT 0 AS at, concat('上月总分 ', toDecimalString(before, 2)) AS label, 0 AS low, 0 AS high, 0 AS points, true AS is_whole
      FROM (SELECT 1) WHERE before IS NOT NULL
      UNION ALL
      SELECT at, concat(name, ' ', if(points > 0, '+', ''), toDecimalString(points, 2)), least(reached, reached - points),
        greatest(reached, reached - points), points, false
      FROM (SELECT at, name, points, sum(points) OVER (ORDER BY at) AS reached FROM steps)
      UNION ALL
      SELECT 11, concat('本月总分 ', toDecimalString(after, 2)), 0, 0, after - before, true
      FROM (SELECT 1) WHERE after IS NOT NULL)
    ORDER BY at LIMIT 12`,
  series: [
    { name: '起点', colour: 'transparent', more: { ...unlisted, 'custom.fillOpacity': 0 } },
    { name: '起点（零下）', colour: 'transparent', more: { ...unlisted, 'custom.fillOpacity': 0 } },
    { name: '上升', colour: better },
    { name: '下降', colour: worse },
    { name: '上升（零下）', colour: better, more: unlisted },
    { name: '下降（零下）', colour: worse, more: unlisted },
    { name: '总分之差', colour: neutral },
    { name: '升降', colour: neutral, more: { 'custom.hideFrom': { viz: true, legend: true, tooltip: true } } },
  ],
});

const streams = bars({
  title: '四情与全县平均',
  description: '所选单位本月各维度得分，与全县各单位平均对照。',
  noValue: noRun,
  width: 10,
  unit: 'none',
  decimals: 2,
  x: '维度',
  min: 0,
  max: 100,
  sql: `SELECT dimension_name AS \`维度\`, maxIf(score, ${own}) AS \`本单位\`, avg(score) AS \`全县平均\`
    FROM v_dimensions(${ofMonth}) GROUP BY dimension_name, position
    HAVING countIf(${own}) > 0 ORDER BY position LIMIT 10`,
  series: [
    { name: '本单位', colour: dimensionColours.police },
    { name: '全县平均', colour: neutral },
  ],
});

const bandHistory = bandTimeline({
  title: '等级变化',
  description: '每月的等级（色与字）。等级有滞后规则：小幅越界不立即变色。',
  noValue: noHistory,
  width: 24,
  sql: `SELECT period AS time, if(b.name = '', '不计分', b.name) AS \`等级\`
    FROM (SELECT period, band FROM v_history(county = ${county}) WHERE ${own} AND $__timeFilter(period)) AS h
    LEFT JOIN (SELECT * FROM v_bands(${ofMonth})) AS b ON b.band = h.band
    ORDER BY time LIMIT 240`,
});

const indicators = table({
  title: '各项指标',
  description:
    '分子、分母与指标值按统计期计；收缩值为考虑件数少之后用于计分的值；贡献为该项给总分的分数，各项贡献之和减去红线扣分即总分。不计分的项写明原因。',
  noValue: noRun,
  width: 24,
  sql: `SELECT code AS \`代码\`, name AS \`指标\`, score AS \`得分\`, weight * 100 AS \`权重%\`, contribution AS \`贡献\`,
      numerator AS \`分子\`, denominator AS \`分母\`, value AS \`指标值\`, unit AS \`单位\`, shrunken_value AS \`收缩值\`,
      dimension_name AS \`维度\`, missing_text AS \`数据说明\`
    FROM v_indicators(${ofMonth}) WHERE ${own} ORDER BY is_context, position LIMIT 200`,
  columns: [
    { name: '代码', kind: 'text', width: 52 },
    {
      name: '指标',
      kind: 'text',
      link: { title: '打开指标分析', url: linkTo('indicator', { ...here, indicator: cell('代码') }) },
      width: 170,
    },
    { name: '得分', kind: 'score', width: 70 },
    { name: '权重%', kind: 'points', width: 70 },
    { name: '贡献', kind: 'points', width: 66 },
    { name: '分子', kind: 'points', width: 90 },
    { name: '分母', kind: 'points', width: 90 },
    { name: '指标值', kind: 'value', width: 90 },
    { name: '单位', kind: 'text', width: 100 },
    { name: '收缩值', kind: 'value', width: 90 },
    { name: '维度', kind: 'text', width: 64 },
    { name: '数据说明', kind: 'prose' },
  ],
});

const deductions = table({
  title: '红线扣分',
  description: '本月统计期内的红线事项及扣分；敏感时期加倍，合计有上限。',
  noValue: '没有红线扣分',
  width: 12,
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
  time: { from: 'now-25M/M', picker: true },
  rows: [
    { height: 6, panels: [standing, standingMore, story] },
    { height: 9, panels: [scores, ranks] },
    { height: 10, panels: [waterfall, streams] },
    { height: 4, panels: [bandHistory] },
    { height: 16, panels: [indicators] },
    { height: 9, panels: [deductions, notices(12)] },
  ],
});
