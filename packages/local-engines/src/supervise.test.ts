import { closeSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog, rotateLog } from './files.js';
import { processRef } from './processes.js';
import { type ProcessExit, superviseProcess } from './supervise.js';

const modulePath = fileURLToPath(new URL('../fixtures/service.mjs', import.meta.url));
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pingan-supervise-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function started(mode: string, onExit?: (exit: ProcessExit) => void) {
  let ready = () => {};
  const message = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const logFile = join(dir, 'service.log');
  const args = [mode];
  const service = superviseProcess({
    name: mode,
    modulePath,
    args,
    logFile,
    onMessage: ready,
    ...(onExit && { onExit }),
  });
  await message;
  return service;
}

test('a process that obeys is stopped by SIGTERM', async () => {
  const service = await started('obedient');
  const exit = { name: 'obedient', code: 7, signal: null, expected: true };
  expect(await service.stop(5000)).toEqual(exit);
  expect(await service.stop(5000)).toEqual(exit);
  expect(processRef(service.pid)).toBeUndefined();
});

test('a process that does not is killed after the deadline', async () => {
  const service = await started('stubborn');
  expect(await service.stop(200)).toEqual({ name: 'stubborn', code: null, signal: 'SIGKILL', expected: true });
});

test('an end nobody asked for is told', async () => {
  const exits: ProcessExit[] = [];
  const service = await started('obedient', (exit) => exits.push(exit));
  process.kill(service.pid, 'SIGKILL');
  await service.exited;
  expect(exits).toEqual([{ name: 'obedient', code: null, signal: 'SIGKILL', expected: false }]);
});

test('a log that grows too long is put aside while the process writes on, and the oldest ones go', async () => {
  const logFile = join(dir, 'talker.log');
  const lines = 3_000;
  await new Promise<void>((resolve) => {
    const talker = superviseProcess({
      name: 'talker',
      modulePath: fileURLToPath(new URL('../fixtures/talker.mjs', import.meta.url)),
      args: [String(lines)],
      logFile,
      // 12 bytes a line.
      logLimits: { bytes: 2_000, keep: 3, everyMs: 20 },
      onMessage: () => void talker.stop(5_000).then(() => resolve()),
    });
  });
  const files = readdirSync(dir).sort();
  expect(files).toEqual(['talker.log', 'talker.log.1', 'talker.log.2', 'talker.log.3']);
  const text = ['.3', '.2', '.1', ''].map((end) => readFileSync(`${logFile}${end}`, 'utf8')).join('');
  const numbers = text
    .trimEnd()
    .split('\n')
    .map((line) => Number(/^line (\d{6})$/.exec(line)?.[1]));
  // In order, whole lines, the newest of them last.
  expect(numbers.at(-1)).toBe(lines);
  expect(numbers.every((number, i) => i === 0 || number > numbers[i - 1]!)).toBe(true);
  expect(numbers.length).toBeLessThan(lines);
});

test('neither a start nor a full log removes what was written before', () => {
  const path = join(dir, 'a.log');
  const limits = { bytes: 4, keep: 2 };
  writeFileSync(path, 'first cause\n');
  closeSync(openLog(path, limits));
  expect(statSync(path).size).toBe(0);
  writeFileSync(path, 'second\n');
  expect(rotateLog(path, limits)).toBe(true);
  expect(rotateLog(path, limits)).toBe(false);
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('second\n');
  expect(readFileSync(`${path}.2`, 'utf8')).toBe('first cause\n');
});
