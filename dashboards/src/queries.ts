import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { boundedRuleTexts, ruleTexts } from '@pingan/contracts';

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

/**
 * A Chinese text for a cell that wraps. Grafana reckons the height of a row by breaking at spaces, of which Chinese has none:
 * there is one after each mark, and a new line after each sentence.
 */
export const wrappable = (column: string): string =>
  `replaceRegexpAll(replaceRegexpAll(${column}, '([,;:，；：、）」])(\\\\p{Han})', '\\\\1 \\\\2'), '。(.)', '。\\n\\\\1')`;

/** The name of a unit for a narrow cell that wraps: seven characters a line, Latin names at their own spaces. */
export const unitName = (column: string): string =>
  `trimRight(replaceRegexpAll(${column}, '(\\\\p{Han}{7})', '\\\\1 '))`;

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
