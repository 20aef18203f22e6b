import { readFileSync } from 'node:fs';
import { type Dashboard, dashboards, fileOf, jsonFolder } from '@pingan/dashboards';
import { type Access, ask, expand, jsonSettings, panelsOf, sqlOf, variablesOf } from '../harness/grafana.js';
import type { MetricSeries, Question, Table } from './question.js';

/** The files an office installs, in the order of the links. */
export function committedDashboards(): Dashboard[] {
  return dashboards.map((one) => JSON.parse(readFileSync(new URL(fileOf(one).name, jsonFolder), 'utf8')) as Dashboard);
}

export class BadQuestion extends Error {}

const isValue = (value: unknown) =>
  typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));

/** @throws BadQuestion */
export function questionOf(body: string): Question {
  let got: Partial<Question>;
  try {
    got = JSON.parse(body) as Partial<Question>;
  } catch {
    throw new BadQuestion('不是 JSON');
  }
  const isSound =
    typeof got?.dashboard === 'string' &&
    (typeof got.panel === 'number') !== (typeof got.variable === 'string') &&
    typeof got.values === 'object' &&
    got.values !== null &&
    Object.values(got.values).every(isValue) &&
    Number.isFinite(got.from) &&
    Number.isFinite(got.to);
  if (!isSound) throw new BadQuestion('缺少看板、面板、变量值或时间范围');
  return { ...got, from: Math.floor(got.from!), to: Math.floor(got.to!) } as Question;
}

function dashboardOf(uid: string): Dashboard {
  const found = committedDashboards().find((one) => one.uid === uid);
  if (!found) throw new BadQuestion(`没有看板 ${uid}`);
  return found;
}

/** Limits of a reading user in an office (`deploy/clickhouse/users.d`), asked of the engine with each query. */
export const readerSettings = { readonly: '2', max_execution_time: '10', max_result_rows: '100000' };

export interface Source extends Access {
  url: string;
  database: string;
}

/** Runs the query of a panel or variable as the plugin would. @throws BadQuestion, or with the engine's message. */
export async function answer(source: Source, question: Question): Promise<Table> {
  const { dashboard, panel, variable, values, from, to } = question;
  const own = dashboardOf(dashboard);
  const placed = sqlOf(own).find((one) =>
    panel === undefined ? one.variable !== undefined && one.variable.name === variable : one.panel?.id === panel,
  );
  if (!placed) throw new BadQuestion(`看板 ${dashboard} 没有面板或变量 ${panel ?? variable}`);
  const names = new Set(variablesOf(own).map(({ name }) => name));
  const known = Object.fromEntries([...names].map((name) => [name, values[name] ?? '']));
  const { columns, rows } = await ask(source.url, source.database, expand(placed.sql, known, { from, to }), {
    ...source,
    settings: { ...jsonSettings, ...readerSettings },
  });
  return { columns, rows: rows.map((row) => columns.map(({ name }) => row[name])) };
}

interface PromAnswer {
  data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
}

/** Grafana's own default; it reads a rate over at least four scrapes. */
const SCRAPE_SECONDS = 15;
const MAX_POINTS = 300;

const nameOf = (legend: string, labels: Record<string, string>) =>
  legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '').trim();

/** Series of a panel of Prometheus. @throws BadQuestion, or with Prometheus' message. */
export async function metrics(url: string, { dashboard, panel, from, to }: Question): Promise<MetricSeries[]> {
  const found = panelsOf(dashboardOf(dashboard)).find(({ id }) => id === panel);
  if (!found) throw new BadQuestion(`看板 ${dashboard} 没有面板 ${panel}`);
  const step = Math.max(SCRAPE_SECONDS, Math.ceil((to - from) / MAX_POINTS));
  const targets = (found.targets ?? []) as { expr?: string; legendFormat?: string }[];
  const lists = await Promise.all(
    targets.map(async ({ expr = '', legendFormat = '' }) => {
      const query = expr.replaceAll('$__rate_interval', `${Math.max(step + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS)}s`);
      const span = { query, start: String(from), end: String(to), step: String(step) };
      const response = await fetch(new URL('api/v1/query_range', url.endsWith('/') ? url : `${url}/`), {
        method: 'POST',
        body: new URLSearchParams(span),
      });
      if (!response.ok) throw new Error(await response.text());
      const { data } = (await response.json()) as PromAnswer;
      return data.result.map(({ metric, values }) => ({
        name: nameOf(legendFormat, metric),
        points: values.map(([at, value]): [number, number] => [at * 1000, Number(value)]),
      }));
    }),
  );
  return lists.flat();
}
