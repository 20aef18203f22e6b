import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

it('pnpm is pinned by its hash, in the version that package.json names', () => {
  const lock = JSON.parse(read('deploy/local/pnpm/package-lock.json')) as {
    packages: Record<string, { version?: string; integrity?: string }>;
  };
  const { '': _, ...installed } = lock.packages;
  expect(Object.keys(installed)).toEqual(['node_modules/pnpm']);
  const { version, integrity } = installed['node_modules/pnpm']!;
  expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
  // Corepack reads this one, in hexadecimal.
  const hex = Buffer.from(integrity!.slice('sha512-'.length), 'base64').toString('hex');
  expect((JSON.parse(read('package.json')) as { packageManager: string }).packageManager).toBe(
    `pnpm@${version}+sha512.${hex}`,
  );
});

it.each(['pnpm-lock.yaml', 'test/preview/web/pnpm-lock.yaml'])('every package of %s is pinned by its hash', (path) => {
  const { packages } = parse(read(path)) as { packages: Record<string, { resolution: { integrity?: string } }> };
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  const loose = Object.entries(packages).filter(([, { resolution }]) => !resolution.integrity?.startsWith('sha512-'));
  expect(loose.map(([name]) => name)).toEqual([]);
});

it.each(['pnpm-workspace.yaml', 'test/preview/web/pnpm-workspace.yaml'])('no package runs a script: %s', (path) => {
  const settings = parse(read(path)) as Record<string, unknown>;
  for (const allowing of ['onlyBuiltDependencies', 'dangerouslyAllowAllBuilds', 'allowBuilds']) {
    expect(settings[allowing], allowing).toBeUndefined();
  }
});
