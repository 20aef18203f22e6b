import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tryLock, withLock } from './lock.js';
import { isAlive, ownRef, processRef } from './processes.js';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pingan-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a lock has one holder and names it', () => {
  const path = join(dir, 'lock');
  const first = tryLock(path);
  expect(first.held).toBe(true);
  expect(tryLock(path)).toMatchObject({ held: false, holder: { pid: process.pid } });
  if (first.held) first.release();
  expect(tryLock(path).held).toBe(true);
  expect(readdirSync(dir)).toEqual(['lock']);
});

test('a lock of a dead process is taken over', async () => {
  const path = join(dir, 'lock');
  const child = fork(new URL('../fixtures/service.mjs', import.meta.url), ['obedient']);
  await once(child, 'message');
  const ref = processRef(child.pid ?? 0);
  expect(isAlive(ref)).toBe(true);
  writeFileSync(path, JSON.stringify(ref));
  expect(tryLock(path)).toMatchObject({ held: false, holder: { pid: child.pid } });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(ref)).toBe(false);
  expect(tryLock(path).held).toBe(true);
});

test('a process that got the number of a dead one is not taken for it', () => {
  const path = join(dir, 'lock');
  writeFileSync(path, JSON.stringify({ ...ownRef(), mark: 'another start' }));
  expect(tryLock(path).held).toBe(true);
});

test('an unreadable lock does not stop anybody', () => {
  const path = join(dir, 'lock');
  writeFileSync(path, '{"pid":');
  expect(tryLock(path).held).toBe(true);
});

test('a late release does not remove the lock of the next holder', () => {
  const path = join(dir, 'lock');
  const first = tryLock(path);
  rmSync(path);
  expect(tryLock(path).held).toBe(true);
  if (first.held) first.release();
  expect(tryLock(path).held).toBe(false);
});

test('withLock runs one at a time and frees the lock after a failure', async () => {
  const path = join(dir, 'lock');
  const order: string[] = [];
  const work = (name: string) =>
    withLock(path, async () => {
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} out`);
    });
  await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await Promise.all([work('a'), work('b')]);
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
});
