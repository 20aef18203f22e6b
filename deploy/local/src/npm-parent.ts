import { readFileSync } from 'node:fs';

const CHECK_MS = 1_000;

function statOf(pid: number): { command: string; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    return {
      command: text.slice(text.indexOf('(') + 1, end),
      parent: Number(text.slice(end + 2).split(' ')[1]),
    };
  } catch {
    return undefined;
  }
}

/** The parent, and its parent when the parent is only the shell that npm runs a script with. */
function ancestors(): number[] {
  const shell = statOf(process.ppid);
  return shell && /^(sh|dash|bash)$/.test(shell.command) ? [process.ppid, shell.parent] : [process.ppid];
}

/**
 * Calls back when the npm that ran this script is gone: killed with -9 it cannot pass a signal on, and nothing may be
 * left running. Started in another way (systemd, nohup node) a vanished parent means nothing.
 */
export function onNpmGone(callback: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestors().join();
  const timer = setInterval(() => {
    if (ancestors().join() === before) return;
    clearInterval(timer);
    callback();
  }, CHECK_MS);
  timer.unref();
}
