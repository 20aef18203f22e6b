import { describe, expect, it } from 'vitest';
import { type Dashboard, dashboards, type Panel } from './index.js';

const panelsOf = ({ panels = [] }: Dashboard) => panels as Panel[];
const variablesOf = ({ templating }: Dashboard) => templating?.list ?? [];
const hasChinese = (text: string | undefined) => /\p{Script=Han}/u.test(text ?? '');

/** Every value under a key, anywhere. */
function valuesOf(node: unknown, key: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [...(name === key ? [value] : []), ...valuesOf(value, key)]);
}

interface Override {
  matcher: { id: string; options?: unknown };
  properties: { id: string; value?: unknown }[];
}
const overridesOf = (panel: Panel) => (panel.fieldConfig?.overrides ?? []) as Override[];
const propertyOf = ({ properties }: Override, id: string) => properties.find((one) => one.id === id)?.value;

const sqlOf = (panel: Panel) =>
  (panel.targets ?? []).flatMap((target) => {
    const { rawSql } = target as { rawSql?: string };
    return rawSql === undefined ? [] : [rawSql];
  });

const uids = dashboards.map(({ uid }) => uid!);
const everyPanel = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ dashboard, panel, at: `${dashboard.uid} ${panel.title}` })),
);

describe('dashboards', () => {
  it('have uids and titles of their own', () => {
    expect(new Set(uids).size).toBe(dashboards.length);
    expect(new Set(dashboards.map(({ title }) => title)).size).toBe(dashboards.length);
    for (const { title, description } of dashboards) expect(hasChinese(title) && hasChinese(description)).toBe(true);
  });

  it.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))(
    '%s: ids differ, nothing overlaps',
    (_, dashboard) => {
      const panels = panelsOf(dashboard);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
      const taken = new Set<string>();
      for (const { gridPos, id } of panels) {
        const { x, y, w, h } = gridPos!;
        expect([id, x + w <= 24, w >= 4, h >= 3]).toEqual([id, true, true, true]);
        for (let column = x; column < x + w; column++) {
          for (let row = y; row < y + h; row++) {
            expect(taken.has(`${column},${row}`), `${dashboard.uid} ${id}`).toBe(false);
            taken.add(`${column},${row}`);
          }
        }
      }
    },
  );

  it('link to each other and to existing variables only', () => {
    for (const dashboard of dashboards) {
      const urls = valuesOf(dashboard, 'url').filter(
        (url): url is string => typeof url === 'string' && url.startsWith('/'),
      );
      expect(urls.length).toBeGreaterThanOrEqual(dashboards.length - 1);
      for (const url of urls) {
        const [path, query = ''] = url.split('?') as [string, string?];
        const target = dashboards.find(({ uid }) => path === `/d/${uid}`);
        expect(target, url).toBeDefined();
        const known = variablesOf(target!).map(({ name }) => name);
        const own = variablesOf(dashboard).map(({ name }) => name);
        for (const [, name] of query.matchAll(/var-(\w+)=/g)) expect(known, url).toContain(name);
        for (const [, name] of query.matchAll(/\$\{(?!__)(\w+)/g)) expect(own, url).toContain(name);
      }
    }
  });

  it('use no variable that they do not have, and quote every one in SQL', () => {
    for (const dashboard of dashboards) {
      const names = variablesOf(dashboard).map(({ name }) => name);
      const sqls = valuesOf(dashboard, 'rawSql') as string[];
      for (const sql of sqls) {
        const used = [...sql.matchAll(/\$\{(\w+)(?::(\w+))?\}|\$(?!__)(\w+)/g)];
        for (const [, name, format, bare] of used) {
          expect(names, sql).toContain(name ?? bare);
          if (name !== undefined) expect(format, sql).toBe('percentencode');
          else expect(sql).toContain(`, $${bare})`);
        }
      }
      for (const uid of valuesOf(dashboard.panels, 'uid')) expect(['${ds}', '${prom}']).toContain(uid);
    }
  });

  it('read views only, with a limit', () => {
    for (const dashboard of dashboards) {
      for (const sql of valuesOf(dashboard, 'rawSql') as string[]) {
        expect(sql, sql).toMatch(/\bLIMIT \d+$/);
        const defined = new Set([...sql.matchAll(/(\w+) AS \(/g)].map(([, name]) => name));
        for (const [, name] of sql.matchAll(/(?:FROM|(?<!ARRAY )JOIN) (\w+)/g)) {
          if (!defined.has(name) && name !== 'numbers') expect(name, sql).toMatch(/^v_/);
        }
      }
    }
  });
});

describe('panels', () => {
  it.each(everyPanel.map(({ at, panel }) => [at, panel] as const))('%s: says what it shows', (_, panel) => {
    const { title, description, fieldConfig } = panel;
    expect(hasChinese(title)).toBe(true);
    expect([...(description ?? '')].length).toBeGreaterThan(10);
    const { unit, decimals, noValue } = fieldConfig!.defaults!;
    expect([typeof unit, typeof decimals, hasChinese(noValue)]).toEqual(['string', 'number', true]);
  });

  it.each(everyPanel.map(({ at, panel }) => [at, panel] as const))(
    '%s: names its columns, each with a unit',
    (_, panel) => {
      for (const override of overridesOf(panel)) {
        expect(override.matcher.id).toBe('byName');
        for (const sql of sqlOf(panel)) expect(sql).toContain(`\`${override.matcher.options}\``);
        if (panel.type === 'table' || panel.type === 'stat') {
          const unit = propertyOf(override, 'unit');
          expect(typeof unit).toBe('string');
          if (unit !== 'string') expect(typeof propertyOf(override, 'decimals')).toBe('number');
        }
      }
    },
  );

  it('never tell a band by its colour alone', () => {
    let bands = 0;
    for (const { panel, at } of everyPanel) {
      const lists = [
        panel.fieldConfig?.defaults?.mappings ?? [],
        ...overridesOf(panel).map((o) => propertyOf(o, 'mappings') ?? []),
      ];
      for (const { type, options } of lists.flat() as {
        type: string;
        options: Record<string, { text?: string; color?: string }>;
      }[]) {
        if (type === 'regex') {
          // A direction: its colour goes with an arrow.
          expect(String(options.pattern), at).toMatch(/^\/\^[↑↓]\/$/);
          continue;
        }
        expect(type, at).toBe('value');
        for (const [word, { text, color }] of Object.entries(options)) {
          if (color === undefined) continue;
          bands += 1;
          expect(text, at).toBe(word);
        }
      }
      // A coloured number stands beside the word, in the same table.
      const coloured = overridesOf(panel).filter((override) => propertyOf(override, 'thresholds') !== undefined);
      if (coloured.length > 0)
        expect(
          overridesOf(panel).map(({ matcher }) => matcher.options),
          at,
        ).toContain('等级');
    }
    expect(bands).toBeGreaterThan(0);
  });
});
