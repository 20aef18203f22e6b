import { noRun } from './notices.js';
import { type PanelPart, table } from './panels.js';
import { bandWord, flowing, zone } from './queries.js';
import { county, month, ofCounty, ofMonth } from './variables.js';

/** Set before a text that stands by itself on a screenshot or a printed page. */
export const demoMark = `if((SELECT max(is_demo) FROM v_counties WHERE county = ${county}), '【示例数据，不反映任何真实情况】', '')`;

/** Points up or down in words: a sentence has no arrows. */
const risen = (column: string) =>
  `multiIf(round(${column}, 2) > 0, concat('升 ', toDecimalString(${column}, 2), ' 分'),
    round(${column}, 2) < 0, concat('降 ', toDecimalString(-${column}, 2), ' 分'), '持平')`;
const quoted = (indicators: string) => `arrayStringConcat(arrayMap(i -> concat('“', i.1, '”'), ${indicators}), '、')`;

const sql = `WITH
    toDateOrZero(concat(${month}, '-01')) AS this,
    (
      SELECT (maxIf(score, period = this), maxIf(score, period = addMonths(this, -1)), maxIf(score, period = addYears(this, -1)))
      FROM v_county_history(${ofCounty})
    ) AS means,
    (
      SELECT groupArray(concat(word, ' ', toString(units), ' 个'))
      FROM (
        SELECT ${bandWord} AS word, if(band_position = 0, 99, band_position) AS place, count() AS units FROM v_ranking(${ofMonth})
        GROUP BY word, place ORDER BY place)
    ) AS bands,
    (
      SELECT (count(), argMin((name, score), (rank, region_code)), argMax((name, score), (rank, region_code)),
        argMax(rank_low IS NOT NULL AND indistinct_low IS NULL, (rank, region_code)), argMax(${bandWord}, (rank, region_code)))
      FROM v_ranking(${ofMonth}) WHERE rank IS NOT NULL
    ) AS ends,
    (
      SELECT groupArray((name, points))
      FROM (SELECT code, any(name) AS name, sum(points) AS points FROM v_changes(${ofMonth}) GROUP BY code)
    ) AS changes,
    arraySlice(arrayReverseSort(c -> c.2, arrayFilter(c -> c.2 > 0, changes)), 1, 2) AS raised,
    arraySlice(arraySort(c -> c.2, arrayFilter(c -> c.2 < 0, changes)), 1, 2) AS lowered
  SELECT concat(${demoMark}, toString(toYear(this)), '年', toString(toMonth(this)), '月，',
    if(this >= toStartOfMonth(now('${zone}')), '当月未结束，数据不全；', ''),
    '全县平均 ', toDecimalString(means.1, 2), ' 分',
    if(means.2 IS NULL, '', concat('，比上月', ${risen('(means.1 - means.2)')})),
    if(means.3 IS NULL, '', concat('，比去年同月', ${risen('(means.1 - means.3)')})),
    '。', arrayStringConcat(bands, '、'), '。',
    if(ends.1 < 2, '', concat('第一名', tupleElement(ends.2, 1), ' ', toDecimalString(tupleElement(ends.2, 2), 2), ' 分；末位',
      tupleElement(ends.3, 1), ' ', toDecimalString(tupleElement(ends.3, 2), 2), ' 分（', ends.5, '），',
      if(ends.4, '与其他单位的差距超出偶然波动。', '与相邻单位的差距可能只是偶然。'))),
    if(empty(raised), '', concat('比上月拉升较多的是', ${quoted('raised')}, if(empty(lowered), '。', '；'))),
    if(empty(lowered), '', concat(if(empty(raised), '比上月', ''), '拉低较多的是', ${quoted('lowered')}, '。'))) AS text
  FROM (SELECT 1) WHERE means.1 IS NOT NULL`;

/** The month in a few sentences, made of figures that stand on the same page. */
export const verdict = (): PanelPart =>
  table({
    title: '本月结论',
    description: '由计分结果生成：全县平均分及升降，各等级单位数，首末位，和拉升、拉低全县的主要指标。',
    noValue: noRun,
    width: 24,
    header: false,
    sql: `SELECT ${flowing('text')} AS \`结论\` FROM (${sql}) LIMIT 1`,
    columns: [{ name: '结论', kind: 'prose' }],
  });
