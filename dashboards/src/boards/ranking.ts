import type { Column } from '../columns.js';
import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noRun, noticesRow } from '../notices.js';
import { better, dimensionColours, worse } from '../palette.js';
import { bars, stat, table } from '../panels.js';
import { bandWord, unitName } from '../queries.js';
import { clickhouseSource, county, month, ofMonth, variables } from '../variables.js';

/** Wide enough for the seven characters of a line of `unitName`. */
const toTownship = (name: string, codeColumn: string): Column => ({
  name,
  kind: 'prose',
  width: 114,
  link: { title: '打开乡镇画像', url: linkTo('township', { ...here, region: cell(codeColumn) }) },
});

const standing = stat({
  title: '全县平均分',
  description: '各单位总分的算术平均（0 至 100，越高越好），及其与上月、去年同月之差。缺少对比月份时为“—”。',
  noValue: noRun,
  width: 4,
  inRows: true,
  sql: `SELECT maxIf(score, period = this) AS \`全县平均分\`,
      maxIf(score, period = this) - maxIf(score, period = addMonths(this, -1)) AS \`比上月\`,
      maxIf(score, period = this) - maxIf(score, period = addYears(this, -1)) AS \`比去年同月\`
    FROM (SELECT period, score, toDateOrZero(concat(${month}, '-01')) AS this FROM v_county_history(county = ${county}))
    HAVING countIf(period = this) > 0 LIMIT 1`,
  fields: [
    { name: '全县平均分', kind: 'score' },
    { name: '比上月', kind: 'points' },
    { name: '比去年同月', kind: 'points' },
  ],
});

const bandCounts = table({
  title: '各等级单位数',
  description: '按本月方案的等级，从优到劣；没有得分的单位列在最后。',
  noValue: noRun,
  width: 4,
  sql: `SELECT name AS \`等级\`, units AS \`单位数\`
    FROM (
      SELECT if(b.name = '', '不计分', b.name) AS name, if(b.position = 0, 99, b.position) AS place, h.units AS units,
        sum(h.units) OVER () AS all_units
      FROM (
        SELECT band, count() AS units FROM v_history(county = ${county})
        WHERE period = toDateOrZero(concat(${month}, '-01')) GROUP BY band) AS h
      FULL JOIN (SELECT * FROM v_bands(${ofMonth})) AS b ON b.band = h.band)
    WHERE all_units > 0 ORDER BY place LIMIT 20`,
  columns: [
    { name: '等级', kind: 'band', width: 84 },
    { name: '单位数', kind: 'count', width: 62 },
  ],
});

const concerns = table({
  title: '需要关注的单位',
  description:
    '处于最低等级的（及已连续几个月，含本月）、有红线扣分的、总分下降超过九成区间宽度的、本月不计分的单位，和先做什么。名次区间宽的，先核实再下结论。',
  noValue: '本月没有需要特别关注的单位，或没有计分结果',
  width: 8,
  sql: `SELECT ${unitName('name')} AS \`单位\`, arrayStringConcat(arrayFilter(t -> t != '', [
        if(is_worst_band, concat(band_name, '连续 ', toString(ifNull(band_months, 1)), ' 个月：研判、约谈'), ''),
        if(deducted > 0, concat('红线扣 ', toDecimalString(deducted, 2), ' 分：核查事件'), ''),
        if(ifNull(score_change < score_low - score_high, false), '总分明显下降：看画像查主因', ''),
        if(missing_text = '', '', concat('不计分（', missing_text, '）：补数据'))]), '；') AS \`事由和先做什么\`,
      region_code AS \`代码\`
    FROM v_ranking(${ofMonth}) WHERE \`事由和先做什么\` != ''
    ORDER BY is_worst_band DESC, band_months DESC, score, region_code LIMIT 100`,
  columns: [toTownship('单位', '代码'), { name: '事由和先做什么', kind: 'prose' }, { name: '代码', kind: 'hidden' }],
});

/** "3–9", "3" or nothing. */
const span = (low: string, high: string) =>
  `if(${low} IS NULL, '', if(${low} = ${high}, toString(${low}), concat(toString(${low}), '–', toString(${high}))))`;

const rankingTable = table({
  title: '排名',
  description:
    '名次区间：考虑到案件数少，真实名次有九成可能在其中。不可区分：与这些名次的单位相比先后分不出，不宜据此奖惩。名次升降：比上月，↑为上升。点单位名看画像。',
  noValue: noRun,
  width: 24,
  sql: `SELECT rank AS \`名次\`, ${unitName('name')} AS \`单位\`, score AS \`总分\`, ${bandWord} AS \`等级\`, police AS \`警情\`,
      petition AS \`民情\`, mediation AS \`社情\`, opinion AS \`舆情\`, deducted AS \`扣分\`,
      multiIf(places_gained IS NULL, '', places_gained > 0, concat('↑', toString(places_gained)),
        places_gained < 0, concat('↓', toString(-places_gained)), '平') AS \`名次升降\`,
      score_change AS \`比上月\`, ${span('rank_low', 'rank_high')} AS \`名次区间\`,
      ${span('indistinct_low', 'indistinct_high')} AS \`不可区分\`, missing_text AS \`数据说明\`, region_code AS \`代码\`
    FROM v_ranking(${ofMonth}) ORDER BY rank ASC NULLS LAST, region_code LIMIT 500`,
  columns: [
    { name: '名次', kind: 'count', width: 52 },
    toTownship('单位', '代码'),
    { name: '总分', kind: 'score', width: 66 },
    { name: '等级', kind: 'band', width: 78 },
    { name: '警情', kind: 'score', width: 66 },
    { name: '民情', kind: 'score', width: 66 },
    { name: '社情', kind: 'score', width: 66 },
    { name: '舆情', kind: 'score', width: 66 },
    { name: '扣分', kind: 'points', width: 62 },
    { name: '名次升降', kind: 'short', width: 80 },
    { name: '比上月', kind: 'points', width: 70 },
    { name: '名次区间', kind: 'short', width: 80 },
    { name: '不可区分', kind: 'short', width: 80 },
    { name: '数据说明', kind: 'prose' },
    { name: '代码', kind: 'hidden' },
  ],
});

const reasons = bars({
  title: '全县平均分为何变动',
  description: '各指标（及红线扣分）对全县平均分比上月变动的贡献，绝对值最大的八项；正为拉升，负为拉低。',
  noValue: '没有上月的计分结果，无从比较',
  width: 8,
  unit: 'none',
  decimals: 2,
  x: '指标',
  horizontal: true,
  stacked: true,
  sql: `SELECT name AS \`指标\`, if(points > 0, points, 0) AS \`拉升\`, if(points < 0, points, 0) AS \`拉低\`
    FROM (
      SELECT name, total / length(arrayDistinct(arrayFlatten(groupArray(units) OVER ()))) AS points
      FROM (
        SELECT code, any(name) AS name, sum(points) AS total, groupUniqArray(region_code) AS units
        FROM v_changes(${ofMonth}) GROUP BY code)
      ORDER BY abs(points) DESC, code LIMIT 8)
    ORDER BY points DESC, name LIMIT 8`,
  series: [
    { name: '拉升', colour: better },
    { name: '拉低', colour: worse },
  ],
});

const movers = table({
  title: '升降较大的单位',
  description: '总分比上月升降最大的十个单位，以及主要由哪项指标带来。',
  noValue: '没有上月的计分结果，无从比较',
  width: 13,
  sql: `SELECT ${unitName('r.unit')} AS \`单位\`, r.moved AS \`比上月\`, r.place_before AS \`上月名次\`, r.place AS \`名次\`,
      c.main AS \`主要原因\`, c.main_points AS \`该项升降\`, r.region_code AS \`代码\`
    FROM (
      SELECT region_code, any(name) AS unit, maxIf(score, period = this) - maxIf(score, period < this) AS moved,
        maxIf(rank, period < this) AS place_before, maxIf(rank, period = this) AS place
      FROM (SELECT *, toDateOrZero(concat(${month}, '-01')) AS this FROM v_history(county = ${county}))
      WHERE period IN (this, addMonths(this, -1)) AND score IS NOT NULL
      GROUP BY region_code HAVING count() = 2) AS r
    INNER JOIN (
      SELECT region_code, argMax(name, points * sign(total)) AS main, argMax(points, points * sign(total)) AS main_points
      FROM (SELECT *, sum(points) OVER (PARTITION BY region_code) AS total FROM v_changes(${ofMonth}))
      GROUP BY region_code) AS c ON c.region_code = r.region_code
    ORDER BY abs(r.moved) DESC, r.region_code LIMIT 10`,
  columns: [
    toTownship('单位', '代码'),
    { name: '比上月', kind: 'points', width: 70 },
    { name: '上月名次', kind: 'count', width: 80 },
    { name: '名次', kind: 'count', width: 52 },
    { name: '主要原因', kind: 'text' },
    { name: '该项升降', kind: 'points', width: 80 },
    { name: '代码', kind: 'hidden' },
  ],
});

const streamMeans = bars({
  title: '四情得分',
  description: '全县各单位四情得分的平均，近十三个月（有计分的月份）。每月四柱的次序与图例相同，黑白打印也可分辨。',
  noValue: noRun,
  width: 11,
  unit: 'none',
  decimals: 2,
  x: '月份',
  min: 0,
  max: 100,
  sql: `SELECT formatDateTime(period, '%Y-%m') AS \`月份\`, avgIf(score, dimension = 'police') AS \`警情\`,
      avgIf(score, dimension = 'petition') AS \`民情\`, avgIf(score, dimension = 'mediation') AS \`社情\`,
      avgIf(score, dimension = 'opinion') AS \`舆情\`
    FROM v_dimension_history(county = ${county})
    WHERE period <= toDateOrZero(concat(${month}, '-01')) AND period > addMonths(toDateOrZero(concat(${month}, '-01')), -13)
    GROUP BY period HAVING count(score) > 0 ORDER BY period LIMIT 13`,
  series: [
    { name: '警情', colour: dimensionColours.police },
    { name: '民情', colour: dimensionColours.petition },
    { name: '社情', colour: dimensionColours.mediation },
    { name: '舆情', colour: dimensionColours.opinion },
  ],
});

export const ranking = dashboard({
  place: 'ranking',
  description: '领导首页：本月各单位站在哪里、为何变动、谁要做什么。',
  variables: [clickhouseSource(), ...variables('county', 'month')],
  time: { from: 'now-25M/M', picker: false },
  rows: [
    { height: 8, panels: [standing, bandCounts, reasons, concerns] },
    { height: 12, panels: [rankingTable] },
    { height: 10, panels: [movers, streamMeans] },
    noticesRow(),
  ],
});
