import { rmSync } from 'node:fs';
import { STOP_DEADLINES_MS } from './engine.js';
import { readJson } from './files.js';
import { homePaths } from './home.js';
import { asPidFile } from './keeper.js';
import { isAlive, type ProcessRef, sendSignal, waitForExit } from './processes.js';
import { ENGINE_LABELS, ENGINE_NAMES, type EngineName, type StepLog } from './types.js';

const KEEPER_GRACE_MS = 3000;

/** Ends engines that an earlier start left on this home, or waits for those that are ending. */
export async function stopOrphans(options: { home: string; log: StepLog }): Promise<void> {
  await Promise.all(ENGINE_NAMES.map((engine) => stopOrphan({ ...options, engine })));
}

async function stopOrphan(options: { home: string; engine: EngineName; log: StepLog }): Promise<void> {
  const path = homePaths(options.home).pids(options.engine);
  const { keeper, engine } = asPidFile(readJson(path));
  const deadline = STOP_DEADLINES_MS[options.engine];
  if (isAlive(keeper) || isAlive(engine)) {
    options.log({
      phase: 'recover',
      engine: options.engine,
      message: `发现上次遗留的 ${ENGINE_LABELS[options.engine]} 进程（${(engine ?? keeper)?.pid}），正在停止`,
    });
  }
  await end(keeper, deadline + KEEPER_GRACE_MS);
  await end(engine, deadline);
  rmSync(path, { force: true });
}

async function end(ref: ProcessRef | undefined, deadlineMs: number): Promise<void> {
  if (!ref || !isAlive(ref)) return;
  sendSignal(ref.pid, 'SIGTERM');
  if (await waitForExit(ref, deadlineMs)) return;
  sendSignal(ref.pid, 'SIGKILL');
  await waitForExit(ref, KEEPER_GRACE_MS);
}
