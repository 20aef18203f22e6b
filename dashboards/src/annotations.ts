import type { AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import { neutral, worse } from './palette.js';
import { clickhouse, tableQuery } from './queries.js';
import { ofCounty } from './variables.js';

/** The plugin reads the columns `time` and `text`. */
const annotation = (name: string, iconColor: string, sql: string): AnnotationQuery => ({
  name,
  enable: true,
  hide: false,
  iconColor,
  datasource: clickhouse,
  target: tableQuery(sql).build() as unknown as NonNullable<AnnotationQuery['target']>,
});

const streams = `transform(toString(dimension), ['police', 'petition', 'mediation', 'opinion', 'creation'],
  ['警情', '民情', '社情', '舆情', '平安创建'], toString(dimension))`;

/** Months that do not compare with the one before: another scheme, or a stream without data. */
export const annotations: AnnotationQuery[] = [
  annotation(
    '方案变更',
    neutral,
    `SELECT period AS time, concat('起用方案「', scheme_name, '」') AS text
      FROM (
        SELECT period, scheme_name, scheme_hash, lagInFrame(scheme_hash, 1, scheme_hash) OVER (
          ORDER BY period ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS hash_before
        FROM v_months(${ofCounty}))
      WHERE scheme_hash != hash_before AND $__timeFilter(period) ORDER BY time LIMIT 60`,
  ),
  annotation(
    '缺数据',
    worse,
    `SELECT period AS time, concat('全县没有', arrayStringConcat(groupArray(name), '、'), '得分') AS text
      FROM (
        SELECT period, ${streams} AS name, count(score) AS scored
        FROM v_dimension_history(${ofCounty}) GROUP BY period, name)
      WHERE scored = 0 AND $__timeFilter(period) GROUP BY time ORDER BY time LIMIT 60`,
  ),
];
