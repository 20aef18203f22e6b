import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeClosedDirectory, writeFileAtomic } from './files.js';
import { closeHome, homePaths, prepareHome } from './home.js';
import { homeSecrets } from './secrets.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pingan-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o7777;

test('a new home is closed, and one that was open is closed at the next start', () => {
  const made = join(home, 'new');
  prepareHome(made);
  expect(modeOf(made)).toBe(0o700);
  chmodSync(home, 0o755);
  expect(closeHome(home, undefined)).toBeUndefined();
  expect(modeOf(home)).toBe(0o700);
});

test('a directory that everybody shares is left as it is, and said', () => {
  chmodSync(home, 0o1777);
  expect(closeHome(home, undefined)).toContain(`数据目录 ${home} 对本机其他用户开放`);
  expect(modeOf(home)).toBe(0o1777);
});

test.runIf(process.getuid?.() === 0)(
  "the engines' user passes through the home and owns what is in its directory",
  () => {
    const user = { uid: 65_534, gid: 65_533 };
    expect(closeHome(home, user)).toBeUndefined();
    expect([modeOf(home), statSync(home).uid, statSync(home).gid]).toEqual([0o710, 0, user.gid]);
    const data = homePaths(home).data('redis');
    mkdirSync(join(data, 'deep'), { recursive: true });
    writeFileSync(join(data, 'deep/file'), '');
    const outside = join(home, 'outside');
    writeFileSync(outside, '');
    symlinkSync(outside, join(data, 'link'));
    makeClosedDirectory(data, user);
    const owned = [data, join(data, 'deep'), join(data, 'deep/file')].map((path) => statSync(path).uid);
    expect(owned).toEqual([user.uid, user.uid, user.uid]);
    expect(modeOf(data)).toBe(0o700);
    expect(statSync(outside).uid).toBe(0);
  },
);

test('a file with a login replaces a link that somebody has put in its place', () => {
  const [target, path] = [join(home, 'target'), join(home, 'config')];
  writeFileSync(target, 'before');
  symlinkSync(target, path);
  writeFileAtomic(path, 'secret');
  expect(statSync(target).size).toBe('before'.length);
  expect(modeOf(path)).toBe(0o600);
});

test('passwords are made once, differ, and are for the owner alone', () => {
  const first = homeSecrets(home);
  expect(homeSecrets(home)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(3);
  for (const secret of Object.values(first)) expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(modeOf(homePaths(home).secrets)).toBe(0o600);
});
