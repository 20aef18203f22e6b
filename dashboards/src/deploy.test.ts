import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { places } from './dashboard.js';
import { dashboards, fileOf } from './index.js';

const root = new URL('../../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');
const yaml = <T>(path: string) => parse(text(`deploy/grafana/provisioning/${path}`)) as T;

interface Provider {
  folderUid: string;
  allowUiUpdates: boolean;
  options: { path: string };
}

const installed = '/etc/pingan/dashboards/';

it('each folder of dashboards is provisioned once, read-only', () => {
  const { providers } = yaml<{ providers: Provider[] }>('dashboards/pingan.yaml');
  const audiences = [...new Set(Object.values(places).map(({ audience }) => audience))];
  expect(providers.map(({ options }) => options.path)).toEqual(audiences.map((audience) => installed + audience));
  expect(providers.map(({ folderUid }) => folderUid)).toEqual(audiences.map((audience) => `pingan-${audience}`));
  for (const { allowUiUpdates } of providers) expect(allowUiUpdates).toBe(false);
  expect(readdirSync(new URL('dashboards/json/', root)).sort()).toEqual([...audiences].sort());
});

it('the home page is the first dashboard', () => {
  const path = /^default_home_dashboard_path = (.*)$/m.exec(text('deploy/grafana/grafana.ini'))![1]!;
  expect(path).toBe(installed + fileOf(dashboards[0]!).name);
  expect(existsSync(new URL(`dashboards/json/${path.slice(installed.length)}`, root))).toBe(true);
});

it('data sources are of the types the dashboards ask for, and hold no secret', () => {
  const { datasources } = yaml<{ datasources: { type: string; secureJsonData?: Record<string, string> }[] }>(
    'datasources/pingan.yaml',
  );
  const wanted = dashboards.flatMap(({ templating }) =>
    (templating?.list ?? []).filter(({ type }) => type === 'datasource').map(({ query }) => query),
  );
  expect(datasources.map(({ type }) => type).sort()).toEqual([...new Set(wanted)].sort());
  for (const { secureJsonData = {} } of datasources) {
    for (const value of Object.values(secureJsonData)) expect(value).toMatch(/^\$[A-Z_]+$/);
  }
});

it('what the reading user is granted, tables named v_…, are all the views and no table', () => {
  const migrations = readdirSync(new URL('packages/store/migrations/', root)).map((name) =>
    text(`packages/store/migrations/${name}`),
  );
  const made = migrations.flatMap((sql) =>
    [...sql.matchAll(/^CREATE (?:OR REPLACE )?(VIEW|TABLE|MATERIALIZED VIEW) (?:IF NOT EXISTS )?(\w+)/gm)].map(
      ([, kind, name]) => ({ kind, name }),
    ),
  );
  expect(made.length).toBeGreaterThan(40);
  // Read by other views and by the store; which run of a month is shown is nothing a reader asks by itself.
  const inner = new Set(['shown_runs']);
  for (const { kind, name } of made.filter(({ name }) => !inner.has(name!))) {
    expect(name!.startsWith('v_'), name).toBe(kind === 'VIEW');
  }
  const users = text('deploy/clickhouse/users.d/pingan.xml');
  expect([...users.matchAll(/<query>(.*)<\/query>/g)].map(([, grant]) => grant)).toEqual([
    'GRANT SELECT ON pingan.v_*',
  ]);
});
