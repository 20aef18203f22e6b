import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
