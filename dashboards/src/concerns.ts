import { cell, here, linkTo } from './dashboard.js';
import { noRun } from './notices.js';
import { type PanelPart, table } from './panels.js';
import { bandWord, unitName, wrappable } from './queries.js';
import { ofMonth } from './variables.js';

/** Points that an indicator leaves short of its full marks. */
export const lost = 'weight * 100 - contribution';

/** The line of offices that a stream's data come from. A county may divide the work otherwise. */
export const lineOf = (dimension: string): string =>
  `transform(${dimension}, ['警情', '民情', '社情', '舆情'], ['公安', '信访', '政法综治、司法', '网信'], '平安办')`;

/** What stands behind a concern and what is done first, in pairs; empty where the condition does not hold. */
const findings: ReadonlyArray<readonly [condition: string, reason: string, first: string]> = [
  [
    'is_worst_band',
    "concat('列“', band_name, '”等级', if(ifNull(band_months, 1) > 1, concat('，已连续 ', toString(band_months), ' 个月'), ''))",
    "'按通报程序研判、提请约谈'",
  ],
  [
    'is_next_worst',
    "concat('列“', band_name, '”等级', if(ifNull(band_months, 1) > 1, concat('，已连续 ', toString(band_months), ' 个月'), ''))",
    "'督促整改主要失分项'",
  ],
  ['stands_apart', "'末位，与其他单位的差距超出偶然波动'", "'督促整改主要失分项'"],
  ['deducted > 0', "concat('红线扣 ', toDecimalString(deducted, 2), ' 分')", "'核实红线事项'"],
  [
    'ifNull(score_change < score_low - score_high, false)',
    "concat('总分比上月降 ', toDecimalString(-score_change, 2), ' 分')",
    "'看画像查主因'",
  ],
  ["missing_text != ''", "concat('不计分（', missing_text, '）')", "'补报数据'"],
];

const listed = (texts: readonly string[]) =>
  `arrayStringConcat(arrayDistinct(arrayFilter(t -> t != '', [${texts.join(', ')}])), '；')`;

export const concerns = (): PanelPart =>
  table({
    title: '需要关注的单位',
    description:
      '列入条件：处于最低或次低等级（并写明已连续几个月，含本月）；末位且与其他单位分得开；有红线扣分；总分下降超过九成区间的宽度；本月不计分。主要失分是离满分最远的两项指标。条线按数据来源，分工以县里为准；整改时限由督办通知规定。名次区间宽的，先核实再下结论。',
    noValue: noRun,
    width: 20,
    sql: `WITH
        (SELECT count() FROM v_bands(${ofMonth})) AS band_count,
        (SELECT countIf(rank IS NOT NULL) FROM v_ranking(${ofMonth})) AS scored,
        units AS (
          SELECT *, band_count > 2 AND band_position = band_count - 1 AS is_next_worst,
            scored > 2 AND ifNull(rank = scored, false) AND rank_low IS NOT NULL AND indistinct_low IS NULL AS stands_apart,
            ${listed(findings.map(([condition, reason]) => `if(${condition}, ifNull(${reason}, ''), '')`))} AS reasons,
            ${listed(findings.map(([condition, , first]) => `if(${condition}, ${first}, '')`))} AS first_steps
          FROM v_ranking(${ofMonth})),
        losses AS (
          SELECT region_code, arraySlice(arrayReverseSort(l -> l.1, groupArray((${lost}, name, ${lineOf('dimension_name')}))), 1, 2) AS largest
          FROM v_indicators(${ofMonth}) WHERE NOT is_context AND score IS NOT NULL AND ${lost} > 0 GROUP BY region_code)
      SELECT name AS \`单位\`, band AS \`等级\`, reason AS \`事由\`, first AS \`先做什么\`, loss AS \`主要失分\`, line AS \`条线\`, code AS \`代码\`
      FROM (
        SELECT 0 AS place, ${unitName('u.name')} AS name, ${bandWord} AS band, ${wrappable('u.reasons')} AS reason, ${wrappable('u.first_steps')} AS first,
          arrayStringConcat(arrayMap(l -> concat(l.2, ' ', toDecimalString(l.1, 2), ' 分'), l.largest), '、 ') AS loss,
          arrayStringConcat(arrayDistinct(arrayMap(l -> l.3, l.largest)), '、 ') AS line, u.region_code AS code,
          row_number() OVER (ORDER BY u.is_worst_band DESC, u.is_next_worst DESC, u.score, u.region_code) AS position
        FROM units AS u LEFT JOIN losses AS l ON l.region_code = u.region_code
        WHERE u.reasons != ''
        UNION ALL
        SELECT 1, '—', '', '本月没有需要特别关注的单位', '', '', '', '', 1
        FROM (SELECT count() AS all_units, countIf(reasons != '') AS listed FROM units) WHERE all_units > 0 AND listed = 0)
      ORDER BY place, position LIMIT 100`,
    columns: [
      {
        name: '单位',
        kind: 'prose',
        width: 118,
        link: { title: '打开乡镇画像', url: linkTo('township', { ...here, region: cell('代码') }) },
      },
      { name: '等级', kind: 'band', width: 78 },
      { name: '事由', kind: 'prose', minWidth: 200 },
      { name: '先做什么', kind: 'prose', minWidth: 150 },
      { name: '主要失分', kind: 'prose', minWidth: 200 },
      { name: '条线', kind: 'prose', width: 110 },
      { name: '代码', kind: 'hidden' },
    ],
  });
