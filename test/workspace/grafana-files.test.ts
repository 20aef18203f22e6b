import { readFileSync } from 'node:fs';
import { officeAlerts } from '@pingan/dashboards';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const text = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');
const provisioned = (path: string) => text(`grafana/provisioning/${path}`);

// As Grafana documents its provisioning files; a key that is not known there is an error here.
const strict = z.strictObject;
const duration = z.string().regex(/^\d+[smhd]$/);
const variable = z.string().regex(/^\$[A-Z_]+$/);
const uid = z.string().regex(/^[\w-]{1,40}$/);
const name = z.string().min(1);

const clickhouse = strict({
  name,
  uid,
  type: z.literal('grafana-clickhouse-datasource'),
  access: z.literal('proxy'),
  isDefault: z.boolean().optional(),
  editable: z.literal(false),
  jsonData: strict({
    host: variable,
    port: z.literal(9000),
    protocol: z.literal('native'),
    secure: variable,
    username: name,
    defaultDatabase: variable,
    dialTimeout: z.int(),
    queryTimeout: z.int().max(55),
    validateSql: z.boolean(),
  }),
  secureJsonData: strict({ password: variable }),
});
const prometheus = strict({
  name,
  uid,
  type: z.literal('prometheus'),
  access: z.literal('proxy'),
  url: variable,
  editable: z.literal(false),
  jsonData: strict({ timeInterval: duration }),
});
const datasources = strict({
  apiVersion: z.literal(1),
  prune: z.literal(true),
  datasources: z.array(z.discriminatedUnion('type', [clickhouse, prometheus])),
});
const dashboards = strict({
  apiVersion: z.literal(1),
  providers: z.array(
    strict({
      name,
      folder: name,
      folderUid: uid,
      type: z.literal('file'),
      disableDeletion: z.boolean(),
      allowUiUpdates: z.literal(false),
      updateIntervalSeconds: z.int(),
      options: strict({ path: z.string().startsWith('/') }),
    }),
  ),
});
const range = strict({ from: z.int().min(0), to: z.int().min(0) });
const query = strict({
  refId: z.literal('A'),
  relativeTimeRange: range,
  datasourceUid: uid,
  model: strict({
    refId: z.literal('A'),
    editorType: z.literal('sql'),
    queryType: z.literal('table'),
    format: z.literal(1),
    rawSql: name,
    pluginVersion: z.string(),
  }),
});
const threshold = strict({
  refId: z.literal('B'),
  relativeTimeRange: range,
  datasourceUid: z.literal('__expr__'),
  model: strict({
    refId: z.literal('B'),
    type: z.literal('threshold'),
    expression: z.literal('A'),
    conditions: z.tuple([strict({ evaluator: strict({ type: z.literal('gt'), params: z.tuple([z.literal(0)]) }) })]),
  }),
});
const rules = strict({
  apiVersion: z.literal(1),
  groups: z.array(
    strict({
      orgId: z.literal(1),
      name,
      folder: name,
      interval: duration,
      rules: z.array(
        strict({
          uid,
          title: z.string().max(190),
          condition: z.literal('B'),
          for: duration,
          noDataState: z.literal('OK'),
          execErrState: z.literal('Error'),
          isPaused: z.literal(false),
          labels: z.record(z.string(), z.string()),
          annotations: z.record(z.string(), z.string()),
          data: z.tuple([query, threshold]),
        }),
      ),
    }),
  ),
});
const matcher = z.tuple([name, z.enum(['=', '!=', '=~', '!~']), name]);
const contacts = strict({
  apiVersion: z.literal(1),
  contactPoints: z.array(
    strict({
      orgId: z.literal(1),
      name,
      receivers: z.array(strict({ uid, type: z.literal('webhook'), settings: strict({ url: variable }) })),
    }),
  ),
  policies: z.array(
    strict({
      orgId: z.literal(1),
      receiver: name,
      group_by: z.array(name),
      group_wait: duration,
      group_interval: duration,
      repeat_interval: duration,
      routes: z.array(strict({ receiver: name, object_matchers: z.array(matcher) })),
    }),
  ),
});

const files = {
  'datasources/pingan.yaml': datasources,
  'dashboards/pingan.yaml': dashboards,
  'alerting/pingan.yaml': rules,
  'alerting/contacts.yaml': contacts,
};

it.each(Object.entries(files))('%s has the shape Grafana documents', (path, schema) => {
  const result = schema.safeParse(parse(provisioned(path)));
  expect(result.error?.issues ?? []).toEqual([]);
});

describe('alert rules', () => {
  const { groups } = rules.parse(parse(provisioned('alerting/pingan.yaml')));
  const all = groups.flatMap((group) => group.rules);

  it('ask a data source that there is, and lie in a folder that there is', () => {
    const sources = datasources.parse(parse(provisioned('datasources/pingan.yaml'))).datasources;
    const { providers } = dashboards.parse(parse(provisioned('dashboards/pingan.yaml')));
    for (const { data } of all) expect(sources.map((source) => source.uid)).toContain(data[0].datasourceUid);
    for (const { folder } of groups) expect(providers.map((provider) => provider.folder)).toContain(folder);
    expect(all.map((rule) => rule.uid)).toEqual(officeAlerts.map((alert) => alert.uid));
  });

  it('hold no $, which would be taken for a variable, and name only labels their query gives', () => {
    for (const { title, labels, annotations, data } of all) {
      const words = [title, ...Object.values(labels), ...Object.values(annotations)].join('\n');
      expect(words).not.toContain('$');
      for (const [, label] of words.matchAll(/\.Labels\.(\w+)/g))
        expect(data[0].model.rawSql, title).toMatch(new RegExp(` AS ${label}\\b`));
      expect(data[0].model.rawSql).not.toContain('$');
      expect(data[0].model.rawSql).toMatch(/ AS value\s/);
    }
  });

  it('are sent to 平安办, and what fails to the operators', () => {
    const { contactPoints, policies } = contacts.parse(parse(provisioned('alerting/contacts.yaml')));
    const known = contactPoints.map((point) => point.name);
    const [policy] = policies;
    for (const { receiver } of [policy!, ...policy!.routes]) expect(known).toContain(receiver);
    const receiverOf = (labels: Record<string, string>) =>
      policy!.routes.find(({ object_matchers }) =>
        object_matchers.every(([label, operator, value]) => operator === '=' && labels[label] === value),
      )?.receiver ?? policy!.receiver;
    for (const { labels } of all) {
      expect(receiverOf({ ...labels, alertname: 'x' })).toBe('平安办');
      expect(receiverOf({ ...labels, alertname: 'DatasourceError' })).toBe('运维');
    }
  });

  it.each(officeAlerts)('$uid has a paragraph in the runbook that begins with a command', ({ uid: own, runbook }) => {
    expect(text('runbook.md')).toContain(`<a id="${own}"></a>\n\n    ${runbook.command}\n`);
  });
});

it('every variable of the provisioning files is given to Grafana by its container', () => {
  const used = Object.keys(files).flatMap((path) =>
    [...provisioned(path).matchAll(/(?:: |\{)\$([A-Z_]+)/g)].map(([, variableName]) => variableName!),
  );
  const grafana = (
    parse(text('compose.yaml'), { merge: true }) as {
      services: { grafana: { environment: Record<string, string> } };
    }
  ).services.grafana.environment;
  const exported = /^export (.*)$/m.exec(text('grafana/start'))![1]!.split(' ');
  expect(used.length).toBeGreaterThan(6);
  for (const variableName of used) expect([...Object.keys(grafana), ...exported]).toContain(variableName);
});

it('nobody gets in without signing in', () => {
  const ini = text('grafana/grafana.ini');
  expect(ini).toMatch(/^\[auth\.anonymous\]\nenabled = false$/m);
  expect(ini).toMatch(/^allow_sign_up = false$/m);
});
