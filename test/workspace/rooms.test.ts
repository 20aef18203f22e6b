import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (folder: string) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

const foldersOf = (parent: string) =>
  readdirSync(join(root, parent))
    .filter((name) => existsSync(join(root, parent, name, 'package.json')))
    .map((name) => `${parent}/${name}`);

const packages = [...foldersOf('packages'), 'dashboards'];
const services = foldersOf('services');

/** Who may import whom among our own packages. A room that is not named here may not exist. */
const allowed: Record<string, string[]> = {
  contracts: [],
  composite: [],
  scoring: ['composite'],
  'local-engines': ['messaging', 'runtime'],
  regions: ['contracts'],
  indicators: ['contracts'],
  runtime: [],
  privacy: ['contracts'],
  'demo-county': ['contracts', 'regions'],
  messaging: ['contracts', 'runtime'],
  store: ['contracts', 'regions', 'indicators'],
  intake: ['contracts', 'messaging', 'privacy', 'regions', 'store'],
  reconcile: ['contracts', 'intake', 'messaging', 'store'],
  appraisal: ['composite', 'contracts', 'regions', 'indicators', 'scoring', 'store'],
  queries: ['appraisal', 'contracts', 'indicators', 'regions', 'scoring', 'store'],
  presentation: ['contracts', 'indicators', 'queries'],
  operations: [
    ...['contracts', 'indicators', 'intake', 'messaging', 'queries', 'regions', 'runtime', 'sources', 'store'],
  ],
  dashboards: ['contracts', 'indicators'],
  sources: ['contracts', 'privacy', 'regions', 'messaging', 'runtime', 'store', 'demo-county'],
};

/** A room imports rooms of lower floors only: nothing goes round in a circle. */
const floors: Record<string, number> = {
  ...{ contracts: 1, runtime: 1, composite: 1 },
  ...{ scoring: 2, indicators: 2, regions: 2, privacy: 2 },
  ...{ store: 3, messaging: 3, 'demo-county': 3, dashboards: 3 },
  ...{ appraisal: 4, sources: 4, intake: 4, 'local-engines': 4 },
  ...{ queries: 5, reconcile: 5 },
  ...{ presentation: 6, operations: 6 },
};

/** Third-party code that may only be reached through one room. */
const keptBehind: Record<string, string[]> = {
  kafkajs: ['packages/messaging', 'test'],
  bullmq: ['packages/messaging'],
  ioredis: ['packages/messaging', 'packages/local-engines', 'test'],
  '@clickhouse/client': ['packages/store', 'packages/local-engines', 'test'],
  chdb: ['packages/local-engines'],
  '@grafana/grafana-foundation-sdk': ['dashboards'],
  'prom-client': ['packages/runtime'],
};

function ownImports(folder: string): string[] {
  return Object.keys(manifest(folder).dependencies ?? {})
    .filter((name) => name.startsWith('@pingan/'))
    .map((name) => name.slice('@pingan/'.length));
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'dist' || name === 'node_modules' || name === 'testdata') return [];
    if (statSync(path).isDirectory()) return sourceFiles(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

describe('rooms', () => {
  it.each(packages)('%s imports only what it may', (folder) => {
    const name = manifest(folder).name.slice('@pingan/'.length);
    expect(Object.keys(allowed)).toContain(name);
    expect(allowed[name]).toEqual(expect.arrayContaining(ownImports(folder)));
  });

  it.each(packages)('%s imports lower floors only', (folder) => {
    const floorOf = (name: string) => floors[name] ?? Number.NaN;
    const own = floorOf(manifest(folder).name.slice('@pingan/'.length));
    for (const name of ownImports(folder)) expect(floorOf(name), name).toBeLessThan(own);
  });

  it('no package imports a service', () => {
    const names = services.map((folder) => manifest(folder).name.slice('@pingan/'.length));
    for (const folder of packages) expect(ownImports(folder).filter((name) => names.includes(name))).toEqual([]);
  });

  it('no service imports another', () => {
    const names = services.map((folder) => manifest(folder).name.slice('@pingan/'.length));
    for (const folder of services) expect(ownImports(folder).filter((name) => names.includes(name))).toEqual([]);
  });

  it('contracts depends on zod alone', () => {
    expect(Object.keys(manifest('packages/contracts').dependencies ?? {})).toEqual(['zod']);
  });

  it.each(Object.entries(keptBehind))('%s is reached through its own room only', (library, rooms) => {
    const users = [...packages, ...services, 'deploy/local', 'test'].filter(
      (folder) => manifest(folder).dependencies?.[library] !== undefined,
    );
    expect(rooms).toEqual(expect.arrayContaining(users));
  });

  it('TypeScript project references follow the declared dependencies', () => {
    for (const folder of [...packages, ...services]) {
      const config = JSON.parse(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8')) as {
        references?: { path: string }[];
      };
      const referenced = (config.references ?? []).map(({ path }) => path.split('/').at(-1)).sort();
      expect(referenced, folder).toEqual(ownImports(folder).sort());
    }
  });

  it('only rooms that read configuration look at the environment', () => {
    const readers = ['packages/runtime/', 'packages/local-engines/', 'services/cli/', 'deploy/local/', 'test/'];
    const offenders = [...packages, ...services]
      .flatMap((folder) => sourceFiles(join(root, folder, 'src')))
      .map((path) => path.slice(root.length))
      .filter((path) => !readers.some((prefix) => path.startsWith(prefix)))
      .filter((path) => readFileSync(join(root, path), 'utf8').includes('process.env'));
    expect(offenders).toEqual([]);
  });

  it('every folder has a README of at most a page', () => {
    for (const folder of [...packages, ...services]) {
      const file = join(root, folder, 'README.md');
      expect(existsSync(file), file).toBe(true);
      expect(readFileSync(file, 'utf8').split('\n').length, file).toBeLessThanOrEqual(100);
    }
  });
});

describe('dependencies', () => {
  it('every version stands once, in the catalog', () => {
    for (const folder of [...packages, ...services, 'deploy/local', 'test', '.']) {
      const { dependencies = {}, devDependencies = {} } = manifest(folder);
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        expect(version, `${folder}: ${name}`).toBe(name.startsWith('@pingan/') ? 'workspace:*' : 'catalog:');
      }
    }
  });

  it.each(['pnpm-lock.yaml', 'test/preview/web/pnpm-lock.yaml'])('%s names no registry', (name) => {
    const lockfile = readFileSync(join(root, name), 'utf8');
    expect(lockfile).not.toMatch(/https?:\/\//);
    expect(lockfile).not.toContain('tarball:');
  });

  it("what the preview of the dashboards needs is pinned and in nobody else's installation", () => {
    const { dependencies = {} } = manifest('test/preview/web');
    for (const [name, version] of Object.entries(dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
    for (const name of ['@grafana/ui', '@grafana/scenes', 'react', 'playwright-core'])
      expect(lockfile).not.toContain(`${name}@`);
  });
});
