import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fchownSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** A user of this machine. */
export interface Owner {
  uid: number;
  gid: number;
}

/**
 * Readers see the old content or the new, never a part; only the owner may read it, because addresses and configurations
 * carry logins. The draft has a name nobody can guess and must not exist: the directory may belong to an engine's user.
 */
export function writeFileAtomic(path: string, content: string, owner?: Owner): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const fd = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(fd, content);
    if (owner) fchownSync(fd, owner.uid, owner.gid);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
}

/** A directory closed to others. With an owner, everything in it is given to that user when it had another one. */
export function makeClosedDirectory(path: string, owner?: Owner): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  if (!owner || statSync(path).uid === owner.uid) return;
  // Root can use everything; that the directory is its own says that the content must be given away next time.
  if (owner.uid === 0) chownSync(path, owner.uid, owner.gid);
  // The system's chown is quick with many files. The directory may be a link to another disk; links inside are not followed.
  else execFileSync('chown', ['-R', '-P', '-h', `${owner.uid}:${owner.gid}`, realpathSync(path)]);
}

export function writeJson(path: string, value: unknown): void {
  writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Undefined when the file is missing or is not JSON. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Opens a log for appending; one that has grown too long starts anew. */
export function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) rmSync(path);
  return openSync(path, 'a');
}

export function tailOf(path: string, lines = 15): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const size = statSync(path).size;
      const length = Math.min(size, 16 * 1024);
      const buffer = Buffer.alloc(length);
      readSync(fd, buffer, 0, length, size - length);
      return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
