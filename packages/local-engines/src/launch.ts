import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineSpec } from './engine.js';
import { EngineError } from './errors.js';
import { tailOf } from './files.js';
import { homePaths } from './home.js';
import { asKeeperMessage, type KeeperJob, keeperEnvironment, keeperModule } from './keeper.js';
import { superviseProcess } from './supervise.js';
import { ENGINE_LABELS, ENGINE_VARIABLES, type EngineExit, type Environment } from './types.js';

export interface RunningEngine {
  pid: number;
  stop(): Promise<void>;
}

export interface LaunchOptions {
  spec: EngineSpec;
  home: string;
  env: Environment;
  /** Called once if the engine ends without having been told to, after it was ready. */
  onExit: (exit: EngineExit) => void;
  /** Gives up waiting; what was started is stopped. */
  signal: AbortSignal;
}

const POLL_MS = 100;
const KEEPER_GRACE_MS = 2000;

/** Starts one engine under a keeper and waits until it serves; when it does not, nothing of it is left. */
export async function launchEngine(options: LaunchOptions): Promise<RunningEngine> {
  const { spec, home } = options;
  const paths = homePaths(home);
  const logFile = paths.log(spec.engine);
  const job: KeeperJob = {
    command: spec.command,
    args: spec.args,
    cwd: spec.cwd,
    runAs: spec.runAs,
    pidFile: paths.pids(spec.engine),
    stopDeadlineMs: spec.stopDeadlineMs,
  };
  const state: { pid?: number; ended?: EngineExit; ready: boolean } = { ready: false };
  // Of an engine that has ended, and by one who does not want to wait any more, no answer is waited for.
  const over = new AbortController();
  const isOver = new Promise<Error>((resolve) => {
    AbortSignal.any([over.signal, options.signal]).addEventListener('abort', () => resolve(new Error('ended')));
  });

  const process = superviseProcess({
    name: spec.engine,
    modulePath: keeperModule,
    args: [JSON.stringify(job)],
    env: keeperEnvironment({ ...options.env, ...spec.env }),
    logFile,
    onMessage: (value) => {
      const message = asKeeperMessage(value);
      if (message?.type === 'running') state.pid = message.pid;
      if (message?.type === 'ended') {
        const signal = message.signal as NodeJS.Signals | null;
        state.ended = { engine: spec.engine, code: message.code, signal, logTail: tailOf(logFile) };
        over.abort();
      }
    },
    onExit: (exit) => {
      state.ended ??= { engine: spec.engine, code: exit.code, signal: exit.signal, logTail: tailOf(logFile) };
      over.abort();
      if (state.ready && !exit.expected) options.onExit(state.ended);
    },
  });
  const stop = async () => {
    await process.stop(spec.stopDeadlineMs + KEEPER_GRACE_MS);
  };

  const deadline = Date.now() + spec.startTimeoutMs;
  let reason: unknown;
  while (Date.now() < deadline && !state.ended && !options.signal.aborted) {
    const { pid } = state;
    if (pid !== undefined) {
      reason = await Promise.race([spec.ready(pid).catch((error: unknown) => error), isOver]);
      if (reason === undefined && !state.ended) {
        state.ready = true;
        return { pid, stop };
      }
    }
    await sleep(POLL_MS);
  }
  // What ends from here on was stopped by us.
  const { ended } = state;
  await stop();
  options.signal.throwIfAborted();
  throw startFailure({ spec, ended, logFile, reason });
}

interface Failure {
  spec: EngineSpec;
  ended: EngineExit | undefined;
  logFile: string;
  reason: unknown;
}

function startFailure({ spec, ended, logFile, reason }: Failure): EngineError {
  const label = ENGINE_LABELS[spec.engine];
  const tail = ended?.logTail ?? tailOf(logFile);
  const portTaken = ended !== undefined && /address already in use|bind.*failed/i.test(tail);
  const what = portTaken
    ? `${label} 无法监听端口（已被占用）`
    : ended
      ? `${label} 启动后立即退出（退出码 ${ended.code ?? '无'}，信号 ${ended.signal ?? '无'}）`
      : `${label} 在 ${spec.startTimeoutMs / 1000} 秒内没有就绪`;
  return new EngineError({
    code: portTaken ? 'port-unavailable' : ended ? 'engine-exited' : 'start-timeout',
    engine: spec.engine,
    message: tail ? `${what}。日志末尾：\n${tail}` : `${what}。`,
    hint: `完整日志：${logFile}。也可以用环境变量 ${ENGINE_VARIABLES[spec.engine]} 指向已有的 ${label}。`,
    cause: reason,
  });
}
