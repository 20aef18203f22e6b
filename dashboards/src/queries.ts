import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { boundedRuleTexts, ruleTexts } from '@pingan/contracts';

/** Of the days and times on all boards. */
export const zone = 'Asia/Shanghai';

/** Data sources are variables, so that an office may call its own as it likes. */
export const clickhouse = { type: 'grafana-clickhouse-datasource', uid: '${ds}' } as const;
export const prometheus = { type: 'prometheus', uid: '${prom}' } as const;

/** Text without the indentation that the source code gives it. */
export const tidy = (sql: string): string =>
  sql
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

/** The band of a row of `v_ranking`; a unit without a score has none. */
export const bandWord = "if(band_name = '', '不计分', band_name)";

/** For WITH: limits and names of a month's bands, highest first, which `bandNote` asks for. */
export const bandSteps = (ofMonth: string): string =>
  `(SELECT groupArray((min_score, name)) FROM (SELECT min_score, name FROM v_bands(${ofMonth}) ORDER BY min_score DESC)) AS band_steps`;

const bandOfScore = 'arrayFirst(step -> ifNull(score, -1) >= step.1, band_steps).2';

/** Said of a row of `v_ranking` whose score lies on the other side of a limit than its band: the scheme delays a change. */
export const bandNote = `if(band_name = '' OR ${bandOfScore} IN ('', band_name), '',
  concat('按分数属“', ${bandOfScore}, '”，未达变色条件，仍列“', band_name, '”'))`;

/**
 * A Chinese text for a cell that wraps. Grafana reckons the height of a row by breaking at spaces, of which Chinese has none:
 * there is one after each mark, and a new line after each sentence.
 */
export const wrappable = (column: string): string =>
  `replaceRegexpAll(replaceRegexpAll(${column}, '([,;:，；：、）」])([“\\\\p{Han}])', '\\\\1 \\\\2'), '。(.)', '。\\n\\\\1')`;

/** The same in one paragraph, for a page where lines are dear. */
export const flowing = (column: string): string =>
  `replaceRegexpAll(${column}, '([，；：、。】」])([“\\\\p{Han}\\\\d])', '\\\\1 \\\\2')`;

/** The name of a unit for a narrow cell that wraps: seven characters a line, Latin names at their own spaces. */
export const unitName = (column: string): string =>
  `trimRight(replaceRegexpAll(${column}, '(\\\\p{Han}{7})', '\\\\1 '))`;

/** "↑ 4.18", "↓ 0.20", "持平", or nothing: a change says its direction without a colour. */
export const moved = (column: string): string =>
  `multiIf(isNull(${column}), '', round(${column}, 2) > 0, concat('↑ ', toDecimalString(${column}, 2)),
    round(${column}, 2) < 0, concat('↓ ', toDecimalString(-${column}, 2)), '持平')`;

/** A figure with no more decimals than it needs: counts stand beside rates in one column. */
export const brief = (column: string, decimals: number): string =>
  `if(isNull(${column}), '', replaceRegexpOne(toDecimalString(${column}, ${decimals}), '\\\\.?0+$', ''))`;

/** "3–9", "3" or nothing. */
export const span = (low: string, high: string): string =>
  `if(${low} IS NULL, '', if(${low} = ${high}, toString(${low}), concat(toString(${low}), '–', toString(${high}))))`;

const list = (texts: readonly string[]) => `[${texts.map((text) => `'${text}'`).join(', ')}]`;

/** A rule in Chinese; one without a text as it is, so that nothing is hidden. */
export const ruleWords = (rule: string): string => {
  const known = `transform(${rule}, ${list(Object.keys(ruleTexts))}, ${list(Object.values(ruleTexts))}, ${rule})`;
  const bounded = Object.entries(boundedRuleTexts).map(
    ([beginning, text]) =>
      `startsWith(${rule}, '${beginning}'), concat('${text}', substring(${rule}, ${beginning.length + 1}))`,
  );
  return `multiIf(${[...bounded, known].join(', ')})`;
};

/** A query as the ClickHouse plugin stores it; the SDK has no type for it. */
export interface SqlQuery extends Dataquery {
  refId: string;
  datasource: typeof clickhouse;
  editorType: 'sql';
  rawSql: string;
  /** 0 time series (first column the time), 1 table. */
  format: 0 | 1;
  queryType: 'timeseries' | 'table';
  pluginVersion: string;
}

function sqlQuery(sql: string, queryType: SqlQuery['queryType']): Builder<Dataquery> {
  const query: SqlQuery = {
    refId: 'A',
    datasource: clickhouse,
    editorType: 'sql',
    rawSql: tidy(sql),
    format: queryType === 'table' ? 1 : 0,
    queryType,
    pluginVersion: '4.20.0',
    _implementsDataqueryVariant: () => undefined,
  };
  return { build: () => query };
}

export const tableQuery = (sql: string) => sqlQuery(sql, 'table');
export const seriesQuery = (sql: string) => sqlQuery(sql, 'timeseries');

export const promQuery = (refId: string, expr: string, legend: string): Builder<Dataquery> =>
  new DataqueryBuilder().refId(refId).expr(expr).legendFormat(legend).datasource(prometheus).range();
