/**
 * Owns one engine process. The engine ends when this process is told to (SIGTERM) or when whoever started it is gone,
 * which the closed IPC channel tells even after a kill -9.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { writeJson } from './files.js';
import type { KeeperJob, KeeperMessage } from './keeper.js';
import { ownRef, processRef } from './processes.js';

const job = JSON.parse(process.argv[2] ?? '{}') as KeeperJob;
const keeper = ownRef();
let stopping = false;

function tell(message: KeeperMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });
}

writeJson(job.pidFile, { keeper });
// What the engine writes is nobody else's to read.
process.umask(0o077);
const engine = spawn(job.command, job.args, { cwd: job.cwd, stdio: ['ignore', 'inherit', 'inherit'], ...job.runAs });

async function finish(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
  rmSync(job.pidFile, { force: true });
  await tell({ type: 'ended', code, signal });
  process.exit(stopping ? 0 : 1);
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  engine.kill('SIGTERM');
  setTimeout(() => engine.kill('SIGKILL'), job.stopDeadlineMs);
}

engine.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  if (engine.pid === undefined) void finish(null, null);
});
engine.once('exit', (code, signal) => void finish(code, signal));
process.on('SIGTERM', stop);
process.on('disconnect', stop);
// These mean "stop" to the one who started us, and he decides about the order.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

if (engine.pid !== undefined) {
  writeJson(job.pidFile, { keeper, engine: processRef(engine.pid) });
  void tell({ type: 'running', pid: engine.pid });
}
// The channel may have closed while this module was loading, before anybody listened.
if (!process.connected) stop();
