import type { Dashboard, Panel, VariableModel } from '@pingan/dashboards';
import { clickhouseFetch } from './clickhouse-http.js';

/** Value of a variable: one, several, or all (a single `$__all`). */
export type Values = Readonly<Record<string, string | readonly string[]>>;

export interface Span {
  /** Seconds since 1970. */
  from: number;
  to: number;
}

/** A panel's or variable's SQL, and where it stands. */
export interface PlacedSql {
  dashboard: string;
  name: string;
  sql: string;
  panel?: Panel;
  variable?: VariableModel;
  /** Its name begins with @. */
  isAnnotation?: boolean;
}

const ALL = '$__all';

export const panelsOf = ({ panels = [] }: Dashboard): Panel[] => panels.filter((p): p is Panel => p.type !== 'row');
export const variablesOf = ({ templating }: Dashboard): VariableModel[] => templating?.list ?? [];

export function sqlOf(dashboard: Dashboard): PlacedSql[] {
  const uid = dashboard.uid!;
  const own = panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).flatMap((target) => {
      const { rawSql } = target as { rawSql?: string };
      return rawSql === undefined ? [] : [{ dashboard: uid, name: panel.title!, sql: rawSql, panel }];
    }),
  );
  const pickers = variablesOf(dashboard).flatMap((variable) => {
    const { rawSql } = (variable.query ?? {}) as { rawSql?: string };
    return rawSql === undefined ? [] : [{ dashboard: uid, name: `$${variable.name}`, sql: rawSql, variable }];
  });
  const marks = (dashboard.annotations?.list ?? []).flatMap(({ name, target }) => {
    const { rawSql } = (target ?? {}) as { rawSql?: string };
    return rawSql === undefined ? [] : [{ dashboard: uid, name: `@${name}`, sql: rawSql, isAnnotation: true }];
  });
  return [...pickers, ...own, ...marks];
}

/** Grafana's format `percentencode`; several values stand in braces. */
const encoded = (value: string | readonly string[]): string =>
  encodeURIComponent(typeof value === 'string' ? value : `{${value.join(',')}}`).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const isAll = (value: string | readonly string[] | undefined) =>
  value === undefined || value.length === 0 || [value].flat()[0] === ALL;

/** `$__conditionalAll(condition, $variable)`: 1=1 where the variable is All. Brackets are counted, quotes are not seen. */
function conditionalAll(sql: string, values: Values): string {
  const name = '$__conditionalAll';
  let text = sql;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name)) {
    let depth = 0;
    let end = at + name.length;
    do {
      if (text[end] === '(') depth++;
      if (text[end] === ')') depth--;
      end++;
    } while (depth > 0 && end < text.length);
    const inner = text.slice(at + name.length + 1, end - 1);
    const comma = inner.lastIndexOf(',');
    const variable = inner
      .slice(comma + 1)
      .trim()
      .replace(/^\$\{?(\w+)\}?$/, '$1');
    text = text.slice(0, at) + (isAll(values[variable]) ? '1=1' : inner.slice(0, comma)) + text.slice(end);
  }
  return text;
}

/**
 * The statement that grafana-clickhouse-datasource 4.20 sends: conditionals first, then the variables, then the macros.
 * @throws when a variable or macro is left over: the plugin would send it as it is.
 */
export function expand(sql: string, values: Values, span: Span): string {
  const replaced = conditionalAll(sql, values).replace(/\$\{(\w+):percentencode\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encoded(value);
  });
  const text = replaced.replace(
    /\$__timeFilter\((\w+)\)/g,
    (_, column: string) => `${column} >= toDateTime(${span.from}) AND ${column} <= toDateTime(${span.to})`,
  );
  const unquoted = text.replace(/'(?:[^'\\]|\\.)*'/gs, "''");
  const left = /\$\{?\w+/.exec(unquoted);
  if (left) throw new Error(`${left[0]} is not replaced in: ${sql}`);
  return text;
}

export interface Answer {
  columns: { name: string; type: string }[];
  rows: Record<string, unknown>[];
  text: string;
}

export interface Access {
  username?: string;
  password?: string;
}

/** Numbers as numbers, as the plugin has them. */
export const jsonSettings = {
  output_format_json_quote_64bit_integers: '0',
  output_format_json_quote_denormals: '1',
} as const;

/** Runs a statement, by a login where there is one. @throws with the engine's message. */
export async function ask(
  url: string,
  database: string,
  query: string,
  { username, password = '', settings = jsonSettings }: Access & { settings?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const address = new URL(url);
  if (username !== undefined) {
    address.username = encodeURIComponent(username);
    address.password = encodeURIComponent(password);
  }
  const response = await clickhouseFetch(address.href, { database, ...settings }, { body: `${query}\nFORMAT JSON` });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const { meta, data } = JSON.parse(text) as { meta: Answer['columns']; data: Answer['rows'] };
  return { columns: meta, rows: data, text };
}
