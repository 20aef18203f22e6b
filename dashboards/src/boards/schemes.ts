import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noticesRow } from '../notices.js';
import { better, neutral } from '../palette.js';
import { series, stat, table } from '../panels.js';
import { clickhouseSource, county, month, ofCounty, ofMonth, scheme, variables } from '../variables.js';

const pairs = `v_scheme_pairs(${ofCounty}, scheme = ${scheme})`;
const thisMonth = `toDateOrZero(concat(${month}, '-01'))`;
const noPair = '没有可对比的方案：本月只按一个方案算过。未采用的方案可用 pingan scheme what-if 试算';

const used = table({
  title: '用过的方案',
  description:
    '本县各月曾按哪些方案计分。只有一个方案时无从对比；想看另一个方案会怎样，用 pingan scheme what-if 试算。',
  noValue: '本县还没有计分结果',
  width: 12,
  sql: `SELECT concat(argMax(scheme_name, period), ' ', scheme_hash) AS \`方案\`, formatDateTime(min(period), '%Y-%m') AS \`首月\`,
      formatDateTime(max(period), '%Y-%m') AS \`末月\`, count() AS \`月数\`,
      multiIf(scheme_hash IN (SELECT scheme_hash FROM v_months(${ofCounty}) WHERE month = ${month}), '所选月份在用',
        scheme_hash = ${scheme}, '对比方案', '可作对比') AS \`说明\`
    FROM v_scheme_runs(county = ${county}) GROUP BY scheme_hash ORDER BY max(period) DESC, scheme_hash LIMIT 100`,
  columns: [
    { name: '方案', kind: 'text', minWidth: 200 },
    { name: '首月', kind: 'short', width: 84 },
    { name: '末月', kind: 'short', width: 84 },
    { name: '月数', kind: 'count', width: 60 },
    { name: '说明', kind: 'text', width: 110 },
  ],
});

const summary = stat({
  title: '本月差别',
  description:
    '同一个月按两个方案：名次相关系数（斯皮尔曼，1 为完全一致）、名次变动的单位数、等级变动的单位数、得分平均相差。',
  noValue: noPair,
  width: 12,
  sql: `SELECT ifNotFinite(corr(toFloat64(rank), toFloat64(other_rank)), NULL) AS \`名次相关\`,
      countIf(rank != other_rank) AS \`名次变动\`, countIf(band != other_band) AS \`等级变动\`,
      avg(abs(score - other_score)) AS \`得分平均相差\`
    FROM ${pairs} WHERE period = ${thisMonth} AND rank IS NOT NULL AND other_rank IS NOT NULL HAVING count() > 0 LIMIT 1`,
  fields: [
    { name: '名次相关', kind: 'value' },
    { name: '名次变动', kind: 'count' },
    { name: '等级变动', kind: 'count' },
    { name: '得分平均相差', kind: 'points' },
  ],
});

const moves = table({
  title: '谁升谁降',
  description: '各单位在本月方案与对比方案下的名次、总分、等级；名次之差为正，表示对比方案下名次较前。',
  noValue: noPair,
  width: 14,
  sql: `SELECT p.name AS \`单位\`, rank AS \`名次\`, other_rank AS \`对比名次\`, toInt32(rank) - toInt32(other_rank) AS \`名次之差\`,
      score AS \`总分\`, other_score AS \`对比总分\`, if(b.name = '', if(p.band = '', '不计分', p.band), b.name) AS \`等级\`,
      if(o.name = '', if(p.other_band = '', '不计分', p.other_band), o.name) AS \`对比等级\`, region_code AS \`代码\`
    FROM (SELECT * FROM ${pairs} WHERE period = ${thisMonth}) AS p
    LEFT JOIN (SELECT band, name FROM v_bands(${ofMonth})) AS b ON b.band = p.band
    LEFT JOIN (SELECT band, name FROM v_bands(${ofMonth})) AS o ON o.band = p.other_band
    ORDER BY abs(\`名次之差\`) DESC NULLS LAST, rank, region_code LIMIT 500`,
  columns: [
    {
      name: '单位',
      kind: 'text',
      link: { title: '打开乡镇画像', url: linkTo('township', { ...here, region: cell('代码') }) },
    },
    { name: '名次', kind: 'count', width: 64 },
    { name: '对比名次', kind: 'count', width: 84 },
    { name: '名次之差', kind: 'count', width: 84 },
    { name: '总分', kind: 'score', width: 76 },
    { name: '对比总分', kind: 'score', width: 84 },
    { name: '等级', kind: 'band', width: 90 },
    { name: '对比等级', kind: 'band', width: 90 },
    { name: '代码', kind: 'hidden' },
  ],
});

const perMonth = series({
  title: '逐月名次相关',
  description: '两个方案都算过的各月，名次的相关系数。',
  noValue: '所选时间范围内没有两个方案都算过的月份',
  width: 10,
  unit: 'none',
  decimals: 3,
  sql: `SELECT period AS time, ifNotFinite(corr(toFloat64(rank), toFloat64(other_rank)), NULL) AS \`名次相关\`
    FROM ${pairs} WHERE $__timeFilter(period) AND rank IS NOT NULL AND other_rank IS NOT NULL
    GROUP BY time ORDER BY time LIMIT 240`,
  series: [{ name: '名次相关', colour: better }],
});

const bandMoves = series({
  title: '逐月等级变动的单位数',
  description: '两个方案都算过的各月，等级不同的单位数。',
  noValue: '所选时间范围内没有两个方案都算过的月份',
  width: 24,
  unit: 'none',
  decimals: 0,
  sql: `SELECT period AS time, countIf(band != other_band) AS \`等级变动\`, countIf(rank != other_rank) AS \`名次变动\`
    FROM ${pairs} WHERE $__timeFilter(period) GROUP BY time ORDER BY time LIMIT 240`,
  series: [
    { name: '等级变动', colour: better },
    { name: '名次变动', colour: neutral },
  ],
});

export const schemes = dashboard({
  place: 'schemes',
  description: '分析员：在用方案与另一个算过的方案相比，谁升谁降，等级变了多少，逐月是否稳定。',
  variables: [clickhouseSource(), ...variables('county', 'month', 'scheme')],
  time: { from: 'now-25M/M', picker: true },
  rows: [
    { height: 5, panels: [used, summary] },
    { height: 12, panels: [moves, perMonth] },
    { height: 8, panels: [bandMoves] },
    noticesRow(),
  ],
});
