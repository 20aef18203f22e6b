import { fork } from 'node:child_process';
import { closeSync } from 'node:fs';
import { LOG_LIMITS, type LogLimits, openLog, rotateLog } from './files.js';
import { sendSignal } from './processes.js';
import type { Environment } from './types.js';

export interface ProcessExit {
  name: string;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** False when the process ended without having been told to. */
  expected: boolean;
}

export interface SuperviseOptions {
  name: string;
  /** A compiled JavaScript module; it runs under the same Node. */
  modulePath: string;
  args?: string[];
  env?: Environment;
  /** Receives standard output and error, appended. It is put aside when it grows too long, also while the process runs. */
  logFile: string;
  logLimits?: LogLimits & { everyMs: number };
  onExit?: (exit: ProcessExit) => void;
  onMessage?: (message: unknown) => void;
}

export interface SupervisedProcess {
  name: string;
  pid: number;
  /** SIGTERM, and after the deadline SIGKILL to everything the process has started. Calling it twice is harmless. */
  stop(deadlineMs: number): Promise<ProcessExit>;
  /** SIGKILL for a process that hangs; its exit counts as one that nobody asked for. */
  kill(): void;
  exited: Promise<ProcessExit>;
}

/** How often the length of a log is looked at. */
const LOG_CHECK_MS = 60_000;

/** Watches a log until it is told to stop. Without space for a copy the log grows on: the next look tries again. */
function watchLog(path: string, { everyMs, ...limits }: LogLimits & { everyMs: number }): () => void {
  const look = (): void => {
    try {
      rotateLog(path, limits);
    } catch {
      // Said by whoever finds the disk full.
    }
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}

/**
 * Starts a process that does not outlive this one. The process must end itself on the `disconnect` event of its IPC
 * channel, which fires even when this process is killed with -9. It gets a session of its own, so that Ctrl-C in the
 * terminal reaches only this process, which then stops the others in the right order.
 */
export function superviseProcess(options: SuperviseOptions): SupervisedProcess {
  const logLimits = options.logLimits ?? { ...LOG_LIMITS, everyMs: LOG_CHECK_MS };
  const log = openLog(options.logFile, logLimits);
  const child = fork(options.modulePath, options.args ?? [], {
    detached: true,
    env: { ...(options.env ?? process.env) },
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const unwatch = watchLog(options.logFile, logLimits);
  const pid = child.pid ?? 0;
  let stopping = false;

  const exited = new Promise<ProcessExit>((resolve) => {
    let settled = false;
    const settle = (code: number | null, signal: NodeJS.Signals | null) => {
      if (settled) return;
      settled = true;
      unwatch();
      // Whatever it started belongs to its group and has nobody left to stop it.
      if (pid > 0) sendSignal(-pid, 'SIGKILL');
      const exit = { name: options.name, code, signal, expected: stopping };
      resolve(exit);
      options.onExit?.(exit);
    };
    child.once('exit', settle);
    child.on('error', () => {
      if (pid === 0) settle(null, null);
    });
  });
  if (options.onMessage) child.on('message', options.onMessage);

  const stop = async (deadlineMs: number) => {
    stopping = true;
    if (pid > 0 && child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const timer = setTimeout(() => {
      if (pid > 0) sendSignal(-pid, 'SIGKILL');
    }, deadlineMs);
    try {
      return await exited;
    } finally {
      clearTimeout(timer);
    }
  };
  const kill = () => void child.kill('SIGKILL');
  return { name: options.name, pid, stop, kill, exited };
}
