import { changeBars } from '../changes.js';
import type { Column } from '../columns.js';
import { concerns } from '../concerns.js';
import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noRun, notices } from '../notices.js';
import { stat, table } from '../panels.js';
import { bandNote, bandSteps, bandWord, moved, span, unitName, wrappable } from '../queries.js';
import { clickhouseSource, month, ofCounty, ofMonth, variables } from '../variables.js';
import { verdict } from '../verdict.js';

const thisMonth = `toDateOrZero(concat(${month}, '-01'))`;

/** Wide enough for the seven characters of a line of `unitName`. */
const toTownship = (name: string, codeColumn: string): Column => ({
  name,
  kind: 'prose',
  minWidth: 114,
  link: { title: '打开乡镇画像', url: linkTo('township', { ...here, region: cell(codeColumn) }) },
});

const standing = stat({
  title: '全县得分',
  description:
    '各单位总分的算术平均（0 至 100，越高越好），及其比上月、比去年同月升（↑）降（↓）多少。缺少对比月份时为“—”。',
  noValue: noRun,
  width: 4,
  inRows: true,
  sql: `SELECT now AS \`平均分\`, ${moved('(now - before)')} AS \`比上月\`, ${moved('(now - year_before)')} AS \`比去年同月\`
    FROM (
      SELECT maxIf(score, period = this) AS now, maxIf(score, period = addMonths(this, -1)) AS before,
        maxIf(score, period = addYears(this, -1)) AS year_before
      FROM (SELECT period, score, ${thisMonth} AS this FROM v_county_history(${ofCounty}))
      HAVING countIf(period = this) > 0)
    LIMIT 1`,
  fields: [
    { name: '平均分', kind: 'score' },
    { name: '比上月', kind: 'change' },
    { name: '比去年同月', kind: 'change' },
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
        SELECT band, count() AS units FROM v_history(${ofCounty})
        WHERE period = ${thisMonth} GROUP BY band) AS h
      FULL JOIN (SELECT * FROM v_bands(${ofMonth})) AS b ON b.band = h.band)
    WHERE all_units > 0 ORDER BY place LIMIT 20`,
  columns: [
    { name: '等级', kind: 'band', width: 90 },
    { name: '单位数', kind: 'count', minWidth: 62 },
  ],
});

const rankingTable = table({
  title: '排名',
  description:
    '名次区间：考虑到案件数少，真实名次有九成可能在其中。不可区分：与这些名次的单位相比先后分不出，不宜据此奖惩。↑为比上月上升，↓为下降。点单位名看画像。',
  noValue: noRun,
  width: 24,
  sql: `WITH ${bandSteps(ofMonth)}
    SELECT rank AS \`名次\`, multiIf(places_gained IS NULL, '', places_gained > 0, concat('↑ ', toString(places_gained)),
        places_gained < 0, concat('↓ ', toString(-places_gained)), '持平') AS \`名次升降\`,
      ${unitName('name')} AS \`单位\`, score AS \`总分\`, ${bandWord} AS \`等级\`, ${moved('score_change')} AS \`比上月\`,
      police AS \`警情\`, petition AS \`民情\`, mediation AS \`社情\`, opinion AS \`舆情\`, nullIf(deducted, 0) AS \`扣分\`,
      ${span('rank_low', 'rank_high')} AS \`名次区间\`, ${span('indistinct_low', 'indistinct_high')} AS \`不可区分\`,
      if(missing_text = '', ${wrappable(bandNote)}, missing_text) AS \`数据说明\`, region_code AS \`代码\`
    FROM v_ranking(${ofMonth}) ORDER BY rank ASC NULLS LAST, region_code LIMIT 500`,
  columns: [
    { name: '名次', kind: 'count', width: 52 },
    { name: '名次升降', kind: 'change', width: 72 },
    toTownship('单位', '代码'),
    { name: '总分', kind: 'scoreBar', minWidth: 96 },
    { name: '等级', kind: 'band', width: 78 },
    { name: '比上月', kind: 'change', width: 78 },
    { name: '警情', kind: 'score', width: 62 },
    { name: '民情', kind: 'score', width: 62 },
    { name: '社情', kind: 'score', width: 62 },
    { name: '舆情', kind: 'score', width: 62 },
    { name: '扣分', kind: 'points', width: 54 },
    { name: '名次区间', kind: 'short', width: 72 },
    { name: '不可区分', kind: 'short', width: 72 },
    { name: '数据说明', kind: 'prose', minWidth: 150 },
    { name: '代码', kind: 'hidden' },
  ],
});

/** Units with a score in both months: only these can be said to have moved. */
const scoredTwice = `(
  SELECT count() FROM (
    SELECT region_code FROM v_history(${ofCounty})
    WHERE period IN (${thisMonth}, addMonths(${thisMonth}, -1)) AND score IS NOT NULL
    GROUP BY region_code HAVING count() = 2))`;

const reasons = changeBars({
  title: '全县平均分为何变动',
  description: '各指标（及红线扣分）使全县平均分比上月变动多少。',
  width: 11,
  score: '全县平均分',
  parts: `SELECT code, any(name) AS name, sum(points) / greatest(${scoredTwice}, 1) AS points
    FROM v_changes(${ofMonth}) GROUP BY code`,
  ends: `SELECT (maxIf(score, period = addMonths(${thisMonth}, -1)), maxIf(score, period = ${thisMonth}))
    FROM v_county_history(${ofCounty})`,
});

const movers = table({
  title: '升降较大的单位',
  description: '总分比上月升降最大的十个单位，以及主要由哪项指标带来。',
  noValue: '没有上月的计分结果，无从比较',
  width: 13,
  sql: `SELECT ${unitName('r.unit')} AS \`单位\`, ${moved('r.moved')} AS \`比上月\`, r.place_before AS \`上月名次\`, r.place AS \`名次\`,
      c.main AS \`主要原因\`, ${moved('c.main_points')} AS \`该项升降\`, r.region_code AS \`代码\`
    FROM (
      SELECT region_code, any(name) AS unit, maxIf(score, period = this) - maxIf(score, period < this) AS moved,
        maxIf(rank, period < this) AS place_before, maxIf(rank, period = this) AS place
      FROM (SELECT *, ${thisMonth} AS this FROM v_history(${ofCounty}))
      WHERE period IN (this, addMonths(this, -1)) AND score IS NOT NULL
      GROUP BY region_code HAVING count() = 2) AS r
    INNER JOIN (
      SELECT region_code, argMax(name, points * sign(total)) AS main, argMax(points, points * sign(total)) AS main_points
      FROM (SELECT *, sum(points) OVER (PARTITION BY region_code) AS total FROM v_changes(${ofMonth}))
      GROUP BY region_code) AS c ON c.region_code = r.region_code
    ORDER BY abs(r.moved) DESC, r.region_code LIMIT 10`,
  columns: [
    toTownship('单位', '代码'),
    { name: '比上月', kind: 'change', width: 78 },
    { name: '上月名次', kind: 'count', width: 72 },
    { name: '名次', kind: 'count', width: 52 },
    { name: '主要原因', kind: 'text', minWidth: 140 },
    { name: '该项升降', kind: 'change', width: 72 },
    { name: '代码', kind: 'hidden' },
  ],
});

const streamMeans = table({
  title: '四情得分',
  description: '全县各单位四情得分的平均，比上月、比去年同月的升降，及得分最低的单位。逐月走势见县域态势。',
  noValue: noRun,
  width: 10,
  sql: `WITH (SELECT (groupArray(region_code), groupArray(name)) FROM v_ranking(${ofMonth})) AS names
    SELECT transform(dimension, ['police', 'petition', 'mediation', 'opinion', 'creation'], ['警情', '民情', '社情', '舆情', '平安创建'], dimension) AS \`数据\`,
      now AS \`全县平均\`, ${moved('(now - before)')} AS \`比上月\`, ${moved('(now - year_before)')} AS \`比去年同月\`,
      concat(transform(lowest.2, names.1, names.2, lowest.2), ' ', toDecimalString(lowest.1, 2)) AS \`最低单位\`
    FROM (
      SELECT toString(dimension) AS dimension, avgOrNullIf(score, period = this) AS now,
        avgOrNullIf(score, period = addMonths(this, -1)) AS before, avgOrNullIf(score, period = addYears(this, -1)) AS year_before,
        minIf((assumeNotNull(score), toString(region_code)), period = this AND score IS NOT NULL) AS lowest
      FROM (SELECT *, ${thisMonth} AS this FROM v_dimension_history(${ofCounty}))
      GROUP BY dimension)
    WHERE now IS NOT NULL
    ORDER BY indexOf(['police', 'petition', 'mediation', 'opinion', 'creation'], dimension) LIMIT 5`,
  columns: [
    { name: '数据', kind: 'text', width: 52 },
    { name: '全县平均', kind: 'score', width: 72 },
    { name: '比上月', kind: 'change', width: 72 },
    { name: '比去年同月', kind: 'change', width: 88 },
    { name: '最低单位', kind: 'text', minWidth: 120 },
  ],
});

export const ranking = dashboard({
  place: 'ranking',
  description: '领导首页：本月各单位的得分、名次和等级，全县升降的原因，需要关注的单位。',
  variables: [clickhouseSource(), ...variables('county', 'month')],
  time: { from: 'now-13M/M', picker: false },
  rows: [
    { height: 4, panels: [verdict()] },
    { height: 5, panels: [standing, concerns()] },
    { height: 13, panels: [rankingTable] },
    { height: 12, panels: [reasons, movers] },
    { height: 9, panels: [streamMeans, bandCounts, notices(10)] },
  ],
});
