import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const rooms = ['packages', 'services']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}/src`))
  .concat('dashboards/src', 'deploy/local/src')
  .filter((folder) => existsSync(join(root, folder)));

/** Files of a room, types included, by the files of the same room they import. */
function importsIn(room: string): Map<string, string[]> {
  const names = readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Map(
    names.map((name) => {
      const path = join(room, name);
      const targets = [...readFileSync(join(root, path), 'utf8').matchAll(/from '(\.[^']*)\.js'/g)];
      return [path, targets.map(([, target]) => `${join(path, '..', target!)}.ts`)];
    }),
  );
}

/** The first circle that is met, as the files on the way round. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const target of imports.get(file) ?? []) {
      const circle = visit(target, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

it('finds a circle where there is one', () => {
  const imports = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', ['d', 'elsewhere']],
    ['d', ['b']],
  ]);
  expect(circleIn(imports)).toEqual(['b', 'c', 'd', 'b']);
  imports.set('d', []);
  expect(circleIn(imports)).toBeUndefined();
});

it.each(rooms)('no file of %s imports itself by way of others', (room) => {
  expect(circleIn(importsIn(room))).toBeUndefined();
});
