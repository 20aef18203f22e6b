import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { asProcessRef, isAlive, ownRef, type ProcessRef } from './processes.js';

export type LockResult = { held: true; release: () => void } | { held: false; holder: ProcessRef };

/**
 * A lock file that names its holder. One whose holder is dead is taken over, so no crash ever needs a clean-up by hand.
 */
export function tryLock(path: string): LockResult {
  const own = `${JSON.stringify({ ...ownRef(), nonce: randomBytes(8).toString('hex') })}\n`;
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, own);
  try {
    for (;;) {
      // link() fails when the name exists, and what it publishes is complete.
      if (linked(draft, path)) return { held: true, release: () => release(path, own) };
      const found = contentOf(path);
      if (found === undefined) continue;
      const holder = parseHolder(found);
      if (holder && isAlive(holder)) return { held: false, holder };
      removeStale(path, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Runs one at a time across processes; waits for the others. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const lock = tryLock(path);
    if (!lock.held) {
      await sleep(200);
      continue;
    }
    try {
      return await work();
    } finally {
      lock.release();
    }
  }
}

function release(path: string, own: string): void {
  if (contentOf(path) === own) rmSync(path, { force: true });
}

/** Somebody else may have taken the stale lock over in the meantime: what was not seen as stale is put back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (contentOf(aside) !== stale) linked(aside, path);
  rmSync(aside, { force: true });
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(content: string): ProcessRef | undefined {
  try {
    return asProcessRef(JSON.parse(content));
  } catch {
    return undefined;
  }
}
