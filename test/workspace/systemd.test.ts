import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const folder = new URL('deploy/systemd/', root);
const units = readdirSync(folder);
const services = units.filter((name) => name.endsWith('.service'));

/** Values of a setting, in order. */
function valuesOf(unit: string, setting: string): string[] {
  const lines = readFileSync(new URL(unit, folder), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(`${setting}=`)).map((line) => line.slice(setting.length + 1));
}

it.each(services)('%s starts a program of this workspace, closed in and as a user without rights', (unit) => {
  const [command = ''] = valuesOf(unit, 'ExecStart');
  const [node, script = ''] = command.split(' ');
  expect(node).toBe('/usr/bin/node');
  // What is built stands where its source says.
  expect(existsSync(new URL(script.replace('/dist/', '/src/').replace(/main\.js$/, 'main.ts'), root)), script).toBe(
    true,
  );
  expect(valuesOf(unit, 'User')).toEqual(['pingan']);
  for (const setting of ['NoNewPrivileges', 'ProtectHome', 'PrivateTmp'])
    expect(valuesOf(unit, setting)).toEqual(['true']);
  expect(valuesOf(unit, 'ProtectSystem')).toEqual(['strict']);
  expect(valuesOf(unit, 'CapabilityBoundingSet')).toEqual(['']);
});

it('all run on one home, in the zone of China and under a locale that knows Chinese', () => {
  const [first, ...rest] = services.map((unit) => valuesOf(unit, 'Environment'));
  expect(first![0]).toMatch(/PINGAN_HOME=\S+ .*LC_ALL=C\.UTF-8 TZ=Asia\/Shanghai/);
  for (const one of rest) expect(one).toEqual(first);
});

const hasVerify = existsSync('/usr/bin/systemd-analyze') && existsSync('/usr/bin/node');

it.skipIf(!hasVerify).each(units)('systemd finds nothing wrong with %s', (unit) => {
  const path = fileURLToPath(new URL(unit, folder));
  expect(execFileSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
});
