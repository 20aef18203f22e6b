import { existsSync, rmSync } from 'node:fs';
import { homePaths } from './home.js';
import { tryLock } from './lock.js';
import { stopOrphans } from './orphans.js';
import { alreadyRunning } from './start.js';
import { ENGINE_NAMES } from './types.js';

/** Deletes the engines' data, logs and chosen ports. Throws EngineError 'already-running' while something uses them. */
export async function resetEngines(options: { home: string }): Promise<void> {
  const { home } = options;
  if (!existsSync(home)) return;
  const paths = homePaths(home);
  const lock = tryLock(paths.lock);
  if (!lock.held) throw alreadyRunning(home, lock.holder.pid);
  try {
    await stopOrphans({ home, log: () => {} });
    const own = [...ENGINE_NAMES.map(paths.data), paths.logs, paths.run, paths.endpoints, paths.ports, paths.secrets];
    for (const path of own) rmSync(path, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}
