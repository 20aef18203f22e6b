import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noRun, noticesRow } from '../notices.js';
import { better, neutral, pale, worse } from '../palette.js';
import { bars, limit, series, stat, table } from '../panels.js';
import { brief, wrappable } from '../queries.js';
import { chosenUnits, clickhouseSource, indicator, month, ofCounty, ofMonth, variables } from '../variables.js';

const own = `code = ${indicator} AND NOT is_context`;
const noIndicator = '所选月份没有这项指标的数值，或该指标不在本月方案之内';

const about = table({
  title: '指标说明',
  description: '指标目录中的定义、单位和方向。',
  noValue: '指标目录中没有所选的指标',
  width: 14,
  sql: `SELECT concat(code, ' ', name) AS \`指标\`, ${wrappable('definition')} AS \`定义\`, dimension_name AS \`维度\`,
      unit AS \`计量单位\`, multiIf(direction > 0, '越高越好', direction < 0, '越低越好', '只作参考') AS \`方向\`
    FROM v_indicator_names WHERE code = ${indicator} LIMIT 1`,
  columns: [
    { name: '指标', kind: 'prose', width: 130 },
    { name: '定义', kind: 'prose' },
    { name: '维度', kind: 'text', width: 64 },
    { name: '计量单位', kind: 'text', width: 100 },
    { name: '方向', kind: 'text', width: 84 },
  ],
});

const saturation = stat({
  title: '饱和程度',
  description: '得 0 分、得满分、不计分的单位数。满分或零分的单位多，这项指标就分不出高下，应调整分值。',
  noValue: noIndicator,
  width: 10,
  sql: `SELECT countIf(score = 0) AS \`得 0 分\`, countIf(score = 100) AS \`得满分\`, countIf(score IS NULL) AS \`不计分\`,
      count() AS \`单位数\`
    FROM v_indicators(${ofMonth}) WHERE ${own} LIMIT 1`,
  fields: [
    { name: '得 0 分', kind: 'count' },
    { name: '得满分', kind: 'count' },
    { name: '不计分', kind: 'count' },
    { name: '单位数', kind: 'count' },
  ],
});

/** Amount that a value rests on: 10 000 residents and months for a rate, cases for a ratio. */
const exposure = `multiIf(kind = 'rate', population * months / 10000, kind = 'ratio', denominator, NULL)`;
/** Of the value around the county's, when every unit is alike: Poisson for a rate, binomial for a ratio. */
const spread = `if(exposure > 0, multiIf(kind = 'rate', sqrt(centre / exposure),
  kind = 'ratio', sqrt(greatest(centre * (100 - centre), 0) / exposure), NULL), NULL)`;

const funnel = table({
  title: '各单位与控制限',
  description:
    '原始值与修正值；控制限是“各单位本无差别、只有偶然”时的 95% 与 99.8% 范围（率按泊松、比例按二项的正态近似，围绕全县合计值）。限内的差别可能只是偶然；加权率、件数没有控制限。',
  noValue: noIndicator,
  width: 24,
  sql: `WITH funnel AS (
      SELECT *, ${exposure} AS exposure,
        multiIf(kind = 'rate', sum(numerator) OVER () / nullIf(sum(exposure) OVER (), 0),
          kind = 'ratio', 100 * sum(numerator) OVER () / nullIf(sum(denominator) OVER (), 0), NULL) AS centre,
        ${spread} AS spread
      FROM v_indicators(${ofMonth}) WHERE ${own})
    SELECT unit_name AS \`单位名称\`, ${brief('numerator', 2)} AS \`分子\`, ${brief('denominator', 2)} AS \`分母\`, value AS \`原始值\`,
      shrunken_value AS \`修正值\`, if(spread IS NULL, NULL, greatest(centre - 1.96 * spread, 0)) AS \`下限95\`,
      if(kind = 'ratio', least(centre + 1.96 * spread, 100), centre + 1.96 * spread) AS \`上限95\`,
      multiIf(value IS NULL OR spread IS NULL, '无控制限', abs(value - centre) > 3.09 * spread, '超出 99.8% 限',
        abs(value - centre) > 1.96 * spread, '超出 95% 限', '限内') AS \`判断\`,
      score AS \`得分\`, missing_text AS \`数据说明\`, region_code AS \`代码\`
    FROM funnel WHERE ${chosenUnits.replaceAll('unit_code', 'region_code')}
    ORDER BY value DESC NULLS LAST, region_code LIMIT 500`,
  columns: [
    {
      name: '单位名称',
      kind: 'text',
      link: { title: '打开乡镇画像', url: linkTo('township', { ...here, region: cell('代码') }) },
    },
    { name: '分子', kind: 'short', width: 90 },
    { name: '分母', kind: 'short', width: 90 },
    { name: '原始值', kind: 'value', width: 90 },
    { name: '修正值', kind: 'value', width: 90 },
    { name: '下限95', kind: 'value', width: 90 },
    { name: '上限95', kind: 'value', width: 90 },
    { name: '判断', kind: 'text', width: 120 },
    { name: '得分', kind: 'score', width: 76 },
    { name: '数据说明', kind: 'text' },
    { name: '代码', kind: 'hidden' },
  ],
});

const shrinkage = bars({
  title: '原始值与修正值',
  description: '件数少的单位，数值向同类平均修正得多；计分用修正值。',
  noValue: noIndicator,
  width: 14,
  unit: 'none',
  decimals: 3,
  x: '单位名称',
  sql: `SELECT unit_name AS \`单位名称\`, value AS \`原始值\`, shrunken_value AS \`修正值\`
    FROM v_indicators(${ofMonth})
    WHERE ${own} AND value IS NOT NULL AND ${chosenUnits.replaceAll('unit_code', 'region_code')}
    ORDER BY value DESC, region_code LIMIT 60`,
  series: [
    { name: '原始值', colour: pale },
    { name: '修正值', colour: better },
  ],
});

const distribution = bars({
  title: '得分分布',
  description: '本月各单位这项指标得分的分布，每十分一档（100 分并入末档）。',
  noValue: noIndicator,
  width: 10,
  unit: 'none',
  decimals: 0,
  x: '得分档',
  sql: `SELECT concat(toString(number * 10), '–', toString(number * 10 + 10)) AS \`得分档\`, n AS \`单位数\`
    FROM (
      SELECT arrayJoin(range(10)) AS number, countIf(step = number) AS n
      FROM (
        SELECT groupArray(toUInt8(least(floor(assumeNotNull(score) / 10), 9))) AS steps
        FROM v_indicators(${ofMonth}) WHERE ${own} AND score IS NOT NULL)
      ARRAY JOIN steps AS step
      GROUP BY number)
    ORDER BY number LIMIT 10`,
  series: [{ name: '单位数', colour: better }],
});

const control = series({
  title: '全县控制图（所选月份及以前二十四个月）',
  description:
    '全县合计值、其平均，和平均 ±2.66 × 平均移动极差的控制限（单值–移动极差图）。统计期为数月时相邻月份有重叠，限会偏窄，越限只作提示。只对率和比例计算。',
  noValue: '没有可合计的历史数值，或所选时间范围未包括这些月份',
  width: 24,
  unit: 'none',
  decimals: 3,
  sql: `WITH months AS (
      SELECT h.period AS time, if(any(n.kind) = 'ratio', 100 * sum(numerator) / nullIf(sum(denominator), 0),
          10000 * sum(numerator) / nullIf(sum(population * months), 0)) AS value
      FROM v_indicator_history(${ofCounty}, code = ${indicator}, month = ${month}) AS h
      CROSS JOIN (SELECT kind FROM v_indicator_names WHERE code = ${indicator}) AS n
      WHERE n.kind IN ('rate', 'ratio') AND h.numerator IS NOT NULL
      GROUP BY time),
    steps AS (
      SELECT time, value, abs(value - lagInFrame(toNullable(value), 1, NULL) OVER (ORDER BY time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)) AS step
      FROM months WHERE value IS NOT NULL)
    SELECT time, value AS \`全县值\`, avg(value) OVER () AS \`平均\`,
      if(avg(step) OVER () IS NULL, NULL, greatest(avg(value) OVER () - 2.66 * avg(step) OVER (), 0)) AS \`控制下限\`,
      avg(value) OVER () + 2.66 * avg(step) OVER () AS \`控制上限\`
    FROM steps ORDER BY time LIMIT 25`,
  series: [
    { name: '全县值', colour: better },
    { name: '平均', colour: neutral, more: limit },
    { name: '控制下限', colour: worse, more: limit },
    { name: '控制上限', colour: worse, more: limit },
  ],
});

const influence = table({
  title: '各指标对排名的影响',
  description:
    '影响份额：该项贡献与扣分前总分的协方差 ÷ 扣分前总分的方差，各项之和为 100%；负值表示与总分反向。权重大而影响小的，多半已饱和。',
  noValue: noRun,
  width: 24,
  sql: `SELECT any(name) AS \`指标\`, avg(weight) * 100 AS \`平均权重%\`,
      if(varPop(total) > 0, 100 * covarPop(contribution, total) / varPop(total), NULL) AS \`影响份额%\`,
      stddevPop(contribution) AS \`贡献的标准差\`, countIf(score = 0) AS \`得 0 分\`, countIf(score = 100) AS \`得满分\`,
      code AS \`代码\`
    FROM (
      SELECT *, sum(contribution) OVER (PARTITION BY region_code) AS total FROM v_indicators(${ofMonth})
      WHERE NOT is_context AND region_code IN (
        SELECT region_code FROM v_history(${ofCounty})
        WHERE period = toDateOrZero(concat(${month}, '-01')) AND score IS NOT NULL))
    GROUP BY code ORDER BY \`影响份额%\` DESC NULLS LAST, code LIMIT 100`,
  columns: [
    {
      name: '指标',
      kind: 'text',
      link: { title: '看这项指标', url: linkTo('indicator', { ...here, indicator: cell('代码') }) },
    },
    { name: '平均权重%', kind: 'points', width: 110 },
    { name: '影响份额%', kind: 'points', width: 110 },
    { name: '贡献的标准差', kind: 'points', width: 120 },
    { name: '得 0 分', kind: 'count', width: 84 },
    { name: '得满分', kind: 'count', width: 84 },
    { name: '代码', kind: 'text', width: 70 },
  ],
});

export const indicatorBoard = dashboard({
  place: 'indicator',
  description: '分析员：一项指标在各单位间差别多少、是否只是偶然、分得出高下没有、对排名有多大影响。',
  variables: [clickhouseSource(), ...variables('county', 'month', 'indicator', 'unit')],
  time: { from: 'now-25M/M', picker: true },
  annotations: true,
  rows: [
    { height: 6, panels: [about, saturation] },
    { height: 11, panels: [funnel] },
    { height: 9, panels: [shrinkage, distribution] },
    { height: 9, panels: [control] },
    { height: 11, panels: [influence] },
    noticesRow(),
  ],
});
