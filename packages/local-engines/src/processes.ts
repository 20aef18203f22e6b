import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process, told apart from a later one that got the same number. */
export interface ProcessRef {
  pid: number;
  /** When it started, in the operating system's own words. */
  mark: string;
}

/** Undefined when there is no such process; a zombie counts as gone. */
export function processRef(pid: number): ProcessRef | undefined {
  const mark = process.platform === 'linux' ? linuxMark(pid) : psMark(pid);
  return mark ? { pid, mark } : undefined;
}

export function ownRef(): ProcessRef {
  return processRef(process.pid) ?? { pid: process.pid, mark: 'unknown' };
}

export function isAlive(ref: ProcessRef | undefined): boolean {
  return ref !== undefined && processRef(ref.pid)?.mark === ref.mark;
}

export function asProcessRef(value: unknown): ProcessRef | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, mark } = value as Partial<ProcessRef>;
  return typeof pid === 'number' && typeof mark === 'string' ? { pid, mark } : undefined;
}

/** True when the process is gone within the time given. */
export async function waitForExit(ref: ProcessRef, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(ref)) {
    if (Date.now() >= deadline) return false;
    await sleep(50);
  }
  return true;
}

/** A negative pid means the process group. Sending to one that is gone is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function linuxMark(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets; the fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function psMark(pid: number): string | undefined {
  try {
    const out = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state, ...started] = out.split(/\s+/);
    return state?.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}
