import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noHistory, noRun, noticesRow } from '../notices.js';
import { better, dimensionColours, neutral } from '../palette.js';
import { bars, pointMap, series, table } from '../panels.js';
import { bandWord, moved } from '../queries.js';
import { clickhouseSource, county, month, ofCounty, ofMonth, variables } from '../variables.js';
import { verdict } from '../verdict.js';

const thisMonth = `toDateOrZero(concat(${month}, '-01'))`;
const title = { title: '打开乡镇画像', url: linkTo('township', { ...here, region: cell('代码') }) };

const trend = series({
  title: '全县平均分走势',
  description:
    '每月各单位总分的算术平均，及最高、最低单位的得分。虚线为默认方案的等级线；竖线标出方案变更和缺数据的月份。',
  noValue: noHistory,
  width: 10,
  isScore: true,
  unit: 'none',
  decimals: 2,
  sql: `SELECT period AS time, score AS \`全县平均分\`, lowest AS \`最低\`, highest AS \`最高\`
    FROM v_county_history(${ofCounty}) WHERE $__timeFilter(period) ORDER BY time LIMIT 240`,
  series: [
    { name: '全县平均分', colour: better },
    { name: '最低', colour: neutral, more: { 'custom.lineWidth': 1 } },
    { name: '最高', colour: neutral, more: { 'custom.lineWidth': 1 } },
  ],
});

const yearOnYear = bars({
  title: '今年与去年同期',
  description:
    '各月全县平均分与去年同月对照。春节在一月或二月，两月单独比会错位，所以一、二月合并为平均后比较（国家统计局对一、二月数据的惯例）。',
  noValue: noRun,
  width: 12,
  unit: 'none',
  decimals: 2,
  x: '月份',
  min: 0,
  max: 100,
  sql: `SELECT if(toMonth(period) <= 2, '1–2月', concat(toString(toMonth(period)), '月')) AS \`月份\`,
      avgOrNullIf(score, toYear(period) = toYear(${thisMonth}) - 1) AS \`去年\`,
      avgOrNullIf(score, toYear(period) = toYear(${thisMonth})) AS \`今年\`
    FROM v_county_history(${ofCounty})
    WHERE period <= ${thisMonth} AND toYear(period) >= toYear(${thisMonth}) - 1
    GROUP BY \`月份\` ORDER BY min(toMonth(period)) LIMIT 12`,
  series: [
    { name: '去年', colour: neutral },
    { name: '今年', colour: better },
  ],
});

const heat = table({
  title: '各单位四情得分',
  description: '各单位本月名次、总分和四情得分；四情的底色按默认方案的等级分数线，格内是分数。点单位名看画像。',
  noValue: noRun,
  width: 14,
  sql: `SELECT rank AS \`名次\`, name AS \`单位\`, score AS \`总分\`, ${bandWord} AS \`等级\`, ${moved('score_change')} AS \`比上月\`, police AS \`警情\`, petition AS \`民情\`, mediation AS \`社情\`,
      opinion AS \`舆情\`, region_code AS \`代码\`
    FROM v_ranking(${ofMonth}) ORDER BY rank ASC NULLS LAST, region_code LIMIT 500`,
  columns: [
    { name: '名次', kind: 'count', width: 52 },
    { name: '单位', kind: 'text', link: title, minWidth: 110 },
    { name: '总分', kind: 'score', width: 70 },
    { name: '等级', kind: 'band', width: 82 },
    { name: '比上月', kind: 'change', width: 82 },
    { name: '警情', kind: 'scoreHeat', width: 72 },
    { name: '民情', kind: 'scoreHeat', width: 72 },
    { name: '社情', kind: 'scoreHeat', width: 72 },
    { name: '舆情', kind: 'scoreHeat', width: 72 },
    { name: '代码', kind: 'hidden' },
  ],
});

const map = pointMap({
  title: '各单位位置与等级（示意，无底图）',
  description:
    '每个单位一个点，颜色为本月等级，字为单位名和等级。没有边界和底图，不需要互联网。位置取自区域表的经纬度（WGS-84）；示例县的位置是编造的。',
  noValue: '没有可上图的单位：没有计分结果，或区域表没有经纬度，见“数据说明”',
  width: 12,
  lat: '纬度',
  lon: '经度',
  band: '等级',
  label: '标注',
  sql: `SELECT r.name AS \`单位\`, ${bandWord} AS \`等级\`, r.score AS \`总分\`, p.lat AS \`纬度\`, p.lon AS \`经度\`,
      concat(r.name, ' ', ${bandWord}) AS \`标注\`, if(p.is_made_up, '编造（示例）', '区域表') AS \`位置来源\`
    FROM v_ranking(${ofMonth}) AS r INNER JOIN v_positions(county = ${county}) AS p ON p.region_code = r.region_code
    ORDER BY r.rank ASC NULLS LAST, r.region_code LIMIT 500`,
  more: [
    { name: '单位', kind: 'text' },
    { name: '总分', kind: 'score' },
    { name: '位置来源', kind: 'text' },
  ],
});

/** Said among the notices: units that take part and are not on the map, and positions that are made up. */
const mapNotices = `SELECT toUInt8(7) AS position, '不在图上' AS kind,
      concat(arrayStringConcat(groupArray(name), '、'), '没有经纬度，在区域表中填写 lat、lon 两列（WGS-84 度数）后重新登记即可。') AS text
    FROM (
      SELECT name FROM v_ranking(${ofMonth}) WHERE region_code NOT IN (SELECT region_code FROM v_positions(county = ${county}))
      ORDER BY region_code)
    HAVING count() > 0
    UNION ALL
    SELECT toUInt8(7) AS position, '图上位置' AS kind, '各单位在图上的位置是编造的（示例）。' AS text
    FROM v_positions(county = ${county}) HAVING countIf(is_made_up) > 0`;

/** Percentages on fewer than ten are noise that looks like news. */
const percent = (base: string) =>
  `if(${base} < 10, '', multiIf(n0 > ${base}, '↑ ', n0 < ${base}, '↓ ', '持平') || if(n0 = ${base}, '', toDecimalString(abs(100 * (n0 - ${base}) / ${base}), 1)))`;

const types = table({
  title: '各类记录和案件的件数',
  description:
    '“警情案件”各行是警情中按类别分的案件。各类记录和案件按发生月份的件数。基数不足 10 件时不计百分比。件数反映态势，不是考核指标。',
  noValue: '没有读到：本月没有入库的记录，或指数库暂时连不上',
  width: 24,
  sql: `SELECT if(kind = '案件类别', concat('警情案件·', name), name) AS \`类别\`, n0 AS \`本月\`, n1 AS \`上月\`, n2 AS \`前月\`, n12 AS \`去年同月\`,
      ${percent('n1')} AS \`比上月%\`, ${percent('n12')} AS \`比去年%\`
    FROM (
      SELECT kind, name, min(position) AS position, sumIf(cases, period = ${thisMonth}) AS n0,
        sumIf(cases, period = addMonths(${thisMonth}, -1)) AS n1, sumIf(cases, period = addMonths(${thisMonth}, -2)) AS n2,
        sumIf(cases, period = addMonths(${thisMonth}, -12)) AS n12
      FROM v_types(county = ${county}) WHERE period BETWEEN addMonths(${thisMonth}, -12) AND ${thisMonth}
      GROUP BY kind, name)
    WHERE n0 + n1 + n2 + n12 > 0
    ORDER BY kind DESC, position LIMIT 100`,
  columns: [
    { name: '类别', kind: 'text', minWidth: 150 },
    { name: '本月', kind: 'count', width: 56 },
    { name: '上月', kind: 'count', width: 56 },
    { name: '前月', kind: 'count', width: 56 },
    { name: '去年同月', kind: 'count', width: 78 },
    { name: '比上月%', kind: 'short', width: 84 },
    { name: '比去年%', kind: 'short', width: 84 },
  ],
});

const streams = series({
  title: '四情走势',
  description: '全县各单位四情得分的平均。虚线为默认方案的等级线。',
  noValue: noHistory,
  isScore: true,
  width: 12,
  unit: 'none',
  decimals: 2,
  sql: `SELECT period AS time, avgIf(score, dimension = 'police') AS \`警情\`, avgIf(score, dimension = 'petition') AS \`民情\`,
      avgIf(score, dimension = 'mediation') AS \`社情\`, avgIf(score, dimension = 'opinion') AS \`舆情\`
    FROM v_dimension_history(${ofCounty}) WHERE $__timeFilter(period) GROUP BY time ORDER BY time LIMIT 240`,
  series: [
    { name: '警情', colour: dimensionColours.police },
    { name: '民情', colour: dimensionColours.petition },
    { name: '社情', colour: dimensionColours.mediation },
    { name: '舆情', colour: dimensionColours.opinion },
  ],
});

const quarter = table({
  title: '本季至今与本年至今',
  description:
    '本季度、本年从首月到所选月份各月总分的平均及其名次（并列同名次）；季度未满时不是季度排名，季度排名用 pingan quarter。月份不全的单位不排名。',
  noValue: noRun,
  width: 12,
  sql: `WITH
      averages AS (
        SELECT region_code, argMax(name, period) AS name,
          if(countIf(score IS NOT NULL AND in_quarter) = max(quarter_months), avgOrNullIf(score, in_quarter), NULL) AS quarter,
          if(count(score) = max(year_months), avg(score), NULL) AS year, count(score) AS months
        FROM (
          SELECT *, toStartOfQuarter(period) = toStartOfQuarter(${thisMonth}) AS in_quarter,
            uniqExactIf(period, in_quarter) OVER () AS quarter_months, uniqExact(period) OVER () AS year_months
          FROM v_history(${ofCounty})
          WHERE period <= ${thisMonth} AND toYear(period) = toYear(${thisMonth}))
        GROUP BY region_code)
    SELECT name AS \`单位\`, quarter AS \`本季至今\`,
      if(quarter IS NULL, NULL, rank() OVER (ORDER BY quarter DESC NULLS LAST)) AS \`本季名次\`,
      year AS \`本年至今\`, if(year IS NULL, NULL, rank() OVER (ORDER BY year DESC NULLS LAST)) AS \`本年名次\`,
      months AS \`计分月数\`
    FROM averages ORDER BY \`本季名次\` ASC NULLS LAST, region_code LIMIT 500`,
  columns: [
    { name: '单位', kind: 'text' },
    { name: '本季至今', kind: 'score', width: 90 },
    { name: '本季名次', kind: 'count', width: 90 },
    { name: '本年至今', kind: 'score', width: 90 },
    { name: '本年名次', kind: 'count', width: 90 },
    { name: '计分月数', kind: 'count', width: 90 },
  ],
});

export const countyBoard = dashboard({
  place: 'county',
  description: '全县的走势、同期对照、四情与单位的交叉、各类记录的消长、季度与年度。',
  variables: [clickhouseSource(), ...variables('county', 'month')],
  time: { from: 'now-13M/M', picker: true },
  annotations: true,
  rows: [
    { height: 4, panels: [verdict()] },
    { height: 11, panels: [heat, trend] },
    { height: 9, panels: [yearOnYear, streams] },
    { height: 11, panels: [map, quarter] },
    { height: 24, panels: [types] },
    noticesRow(mapNotices),
  ],
});
