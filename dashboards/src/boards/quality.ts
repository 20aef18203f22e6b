import { cell, dashboard, here, linkTo } from '../dashboard.js';
import { noticesRow } from '../notices.js';
import { better, pale, worse } from '../palette.js';
import { bars, table } from '../panels.js';
import { ruleWords, unitName, zone } from '../queries.js';
import { chosenUnits, clickhouseSource, county, ofMonth, variables } from '../variables.js';

const noIntake = '所选县、月没有入库的记录';
const local = (column: string) => `formatDateTime(${column}, '%Y-%m-%d %H:%i', '${zone}')`;

const freshness = table({
  title: '各类数据最近报送',
  description: '各类数据在所选单位中最近一次发生、登记、入库的时间，与今天相隔几天（北京时间）。',
  noValue: '没有读到：所选单位还没有入库的记录，或指数库暂时连不上',
  width: 12,
  sql: `SELECT stream_name AS \`数据\`, ${local('max(last_occurred_at)')} AS \`最近发生\`,
      ${local('max(last_recorded_at)')} AS \`最近登记\`, ${local('max(last_stored_at)')} AS \`最近入库\`,
      dateDiff('day', max(last_occurred_at), now(), '${zone}') AS \`距今天数\`
    FROM v_freshness(county = ${county}) WHERE ${chosenUnits}
    GROUP BY stream_name, position ORDER BY position LIMIT 10`,
  columns: [
    { name: '数据', kind: 'text', width: 70 },
    { name: '最近发生', kind: 'short', width: 146 },
    { name: '最近登记', kind: 'short', width: 146 },
    { name: '最近入库', kind: 'short', width: 146 },
    { name: '距今天数', kind: 'count', width: 84 },
  ],
});

const perStream = table({
  title: '迟报、更正与重复',
  description:
    '按发生月份。迟报：登记距发生超过七天的版本占比。更正：同一案件的后续版本占版本数之比。重复：内容版本与已收到的相同的消息占比。撤回：被来源撤回过的案件数。数目为近似计数，一个单位一个月内约一万件以下为准确值。',
  noValue: noIntake,
  width: 12,
  sql: `SELECT stream_name AS \`数据\`, sum(cases) AS \`案件\`, 100 * sum(late_versions) / nullIf(sum(versions), 0) AS \`迟报%\`,
      100 * greatest(toInt64(sum(versions)) - toInt64(sum(cases)), 0) / nullIf(sum(versions), 0) AS \`更正%\`,
      100 * greatest(toInt64(sum(messages)) - toInt64(sum(versions)), 0) / nullIf(sum(messages), 0) AS \`重复%\`,
      sum(retracted) AS \`撤回\`
    FROM v_intake(${ofMonth}) WHERE ${chosenUnits} GROUP BY stream_name, position ORDER BY position LIMIT 10`,
  columns: [
    { name: '数据', kind: 'text', width: 70 },
    { name: '案件', kind: 'count', width: 90 },
    { name: '迟报%', kind: 'percent', width: 90 },
    { name: '更正%', kind: 'percent', width: 90 },
    { name: '重复%', kind: 'percent', width: 90 },
    { name: '撤回', kind: 'count', width: 90 },
  ],
});

const delays = bars({
  title: '从发生到登记',
  description: '所选单位当月发生的案件（按收到的版本计），从发生到登记相隔多久。',
  noValue: noIntake,
  width: 10,
  unit: 'none',
  decimals: 0,
  x: '相隔',
  sql: `SELECT transform(delay_days, [1, 3, 7, 30, 65535], ['一天内', '一至三天', '三至七天', '七至三十天', '三十天以上'], '') AS \`相隔\`,
      sum(versions) AS \`版本数\`
    FROM v_delays(${ofMonth}) WHERE ${chosenUnits} GROUP BY delay_days ORDER BY delay_days LIMIT 5`,
  series: [{ name: '版本数', colour: better }],
});

const perUnit = table({
  title: '各单位报送',
  description:
    '各单位当月各类数据的案件数、迟报占比（发生七天以后登记）和最近登记时间。某类数据一条也没有的单位为 0，请核实是否漏报。',
  noValue: noIntake,
  width: 14,
  sql: `SELECT any(unit_name) AS \`单位\`, sumIf(cases, stream = 'police') AS \`警情\`, sumIf(cases, stream = 'petition') AS \`民情\`,
      sumIf(cases, stream = 'mediation') AS \`社情\`, sumIf(cases, stream = 'opinion') AS \`舆情\`,
      100 * sum(late_versions) / nullIf(sum(versions), 0) AS \`迟报%\`, if(sum(versions) = 0, '', ${local('max(last_recorded_at)')}) AS \`最近登记\`,
      unit_code AS \`代码\`
    FROM (
      SELECT unit_code, unit_name, stream, cases, late_versions, versions, last_recorded_at FROM v_intake(${ofMonth})
      UNION ALL
      SELECT region_code, name, '', 0, 0, 0, toDateTime64('1970-01-01 00:00:00', 3, 'UTC') FROM v_ranking(${ofMonth}))
    WHERE ${chosenUnits}
    GROUP BY unit_code ORDER BY unit_code LIMIT 500`,
  columns: [
    {
      name: '单位',
      kind: 'text',
      link: { title: '打开乡镇画像', url: linkTo('township', { ...here, region: cell('代码') }) },
    },
    { name: '警情', kind: 'count', width: 64 },
    { name: '民情', kind: 'count', width: 64 },
    { name: '社情', kind: 'count', width: 64 },
    { name: '舆情', kind: 'count', width: 64 },
    { name: '迟报%', kind: 'percent', width: 76 },
    { name: '最近登记', kind: 'short', width: 140 },
    { name: '代码', kind: 'hidden' },
  ],
});

const rejects = table({
  title: '退回的消息（死信）',
  description:
    '因不合规则而未入库的消息，按原因和违反的规则；逐条查看与重放用 pingan dead-letter。含本县，及看不出属于哪个县的。',
  noValue: '没有读到退回的消息：没有，或指数库暂时连不上',
  width: 12,
  sql: `SELECT reason_text AS \`原因\`, ${ruleWords('rule')} AS \`规则\`, count() AS \`件数\`, countIf(is_mended) AS \`已重放\`, ${local('max(failed_at)')} AS \`最近一次\`
    FROM v_rejects WHERE county IN (${county}, '') GROUP BY reason_text, rule ORDER BY count() DESC, reason_text, rule LIMIT 100`,
  columns: [
    { name: '原因', kind: 'text' },
    { name: '规则', kind: 'text' },
    { name: '件数', kind: 'count', width: 64 },
    { name: '已重放', kind: 'count', width: 70 },
    { name: '最近一次', kind: 'short', width: 140 },
  ],
});

const implausible = table({
  title: '可疑的数值',
  description:
    '超出指标目录所列合理范围的值，以及三十件以上而恰为百分之百的比例：多半是录入或口径问题，请核实后再通报。',
  noValue: '没有读到可疑的数值：没有，或本月没有计分，或指数库暂时连不上',
  width: 12,
  sql: `SELECT ${unitName('unit_name')} AS \`单位\`, code AS \`代码\`, name AS \`指标\`, value AS \`指标值\`, denominator AS \`分母\`,
      finding AS \`发现\`
    FROM v_indicators(${ofMonth}) WHERE finding != '' AND ${chosenUnits.replaceAll('unit_code', 'region_code')}
    ORDER BY finding DESC, code, unit_name LIMIT 300`,
  columns: [
    { name: '单位', kind: 'prose', width: 114 },
    { name: '代码', kind: 'text', width: 50 },
    {
      name: '指标',
      kind: 'text',
      link: { title: '打开指标分析', url: linkTo('indicator', { ...here, indicator: cell('代码') }) },
    },
    { name: '指标值', kind: 'value', width: 76 },
    { name: '分母', kind: 'count', width: 56 },
    { name: '发现', kind: 'text', width: 174 },
  ],
});

const corrected = bars({
  title: '案件、更正与重复',
  description: '各类数据当月的案件数、更正次数（后续版本）和重复消息数。',
  noValue: noIntake,
  width: 24,
  unit: 'none',
  decimals: 0,
  x: '数据',
  sql: `SELECT stream_name AS \`数据\`, sum(cases) AS \`案件\`,
      greatest(toInt64(sum(versions)) - toInt64(sum(cases)), 0) AS \`更正\`,
      greatest(toInt64(sum(messages)) - toInt64(sum(versions)), 0) AS \`重复\`
    FROM v_intake(${ofMonth}) WHERE ${chosenUnits} GROUP BY stream_name, position ORDER BY position LIMIT 10`,
  series: [
    { name: '案件', colour: pale },
    { name: '更正', colour: better },
    { name: '重复', colour: worse },
  ],
});

export const quality = dashboard({
  place: 'quality',
  description: '分析员：数据来得齐不齐、及时不及时、更正和退回多不多、数值可信不可信。',
  variables: [clickhouseSource(), ...variables('county', 'month', 'unit')],
  time: { from: 'now-25M/M', picker: false },
  rows: [
    { height: 7, panels: [freshness, perStream] },
    { height: 11, panels: [delays, perUnit] },
    { height: 9, panels: [rejects, implausible] },
    { height: 7, panels: [corrected] },
    noticesRow(),
  ],
});
