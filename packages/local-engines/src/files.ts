import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fchownSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

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
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
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

export interface LogLimits {
  /** A log that is longer is put aside. */
  bytes: number;
  /** So many old ones are kept, as `name.1` (the newest), `name.2` … */
  keep: number;
}

export const LOG_LIMITS: LogLimits = { bytes: 10 * 1024 * 1024, keep: 5 };

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function shift(path: string, keep: number): void {
  rmSync(`${path}.${keep}`, { force: true });
  for (let i = keep - 1; i >= 1; i -= 1) {
    if (statSync(`${path}.${i}`, { throwIfNoEntry: false })) renameSync(`${path}.${i}`, `${path}.${i + 1}`);
  }
}

/** Opens a log for appending; one that has grown too long is put aside. */
export function openLog(path: string, limits = LOG_LIMITS): number {
  if (sizeOf(path) > limits.bytes) {
    shift(path, limits.keep);
    renameSync(path, `${path}.1`);
  }
  return openSync(path, 'a');
}

const COPY_BYTES = 1024 * 1024;

/**
 * Puts a log aside that others are writing: it is copied and then emptied, because they hold it open. They append, so they go on at
 * the beginning of the emptied file. What they write between the last read and the emptying is lost: microseconds.
 */
export function rotateLog(path: string, limits = LOG_LIMITS): boolean {
  if (sizeOf(path) <= limits.bytes) return false;
  const copy = `${path}.${process.pid}.tmp`;
  const [from, to] = [openSync(path, 'r+'), openSync(copy, 'w')];
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (;;) {
      const read = readSync(from, buffer, 0, COPY_BYTES, null);
      if (read === 0) break;
      for (let at = 0; at < read; ) at += writeSync(to, buffer, at, read - at);
    }
    ftruncateSync(from, 0);
    shift(path, limits.keep);
    renameSync(copy, `${path}.1`);
    return true;
  } finally {
    closeSync(from);
    closeSync(to);
    rmSync(copy, { force: true });
  }
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
