import type { z } from 'zod';
import { ConfigError, printableConfig, readConfig, serviceConfig } from './config.js';
import { Health } from './health.js';
import { createLogger, type Logger } from './log.js';

export interface RunningService {
  /** Stops intake, finishes what was begun, closes clients. */
  stop: () => Promise<void>;
}

export interface ServiceOptions<T extends z.ZodObject> {
  name: string;
  config: T;
  start: (context: {
    config: z.infer<T>;
    log: Logger;
    /** Where the service says what it works at and what it needs, and keeps its metrics. */
    health: Health;
    /** Aborted when the process is told to stop; ends every wait for an engine. */
    signal: AbortSignal;
    /** Ends the process with status 1; the log replays what it had not finished. */
    crash: (error: unknown) => void;
  }) => Promise<RunningService>;
}

/** A stop that takes longer is cut off: the log replays what was unfinished. */
const STOP_DEADLINE_MS = 20_000;

/** A launcher that was killed takes the engines with it: there is nobody left to finish anything with. */
const ORPHAN_DEADLINE_MS = 3_000;

/**
 * Life of one process: configuration, start, clean stop on SIGTERM, SIGINT or when the launcher that forked it is gone.
 * Unexpected errors end the process with status 1.
 */
export async function runService<T extends z.ZodObject>(options: ServiceOptions<T>): Promise<void> {
  let config: z.infer<T>;
  let own: z.infer<typeof serviceConfig>;
  try {
    config = readConfig(options.config, process.env);
    own = readConfig(serviceConfig, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${options.name} ${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  const log = createLogger(options.name, own.LOG_LEVEL);
  const abort = new AbortController();
  let health: Health | undefined;
  let running: RunningService | undefined;
  let stopping = false;

  const stop = async (reason: string, deadlineMs = STOP_DEADLINE_MS): Promise<void> => {
    if (stopping) return;
    stopping = true;
    health?.stop();
    log.info({ reason }, '正在停止');
    abort.abort();
    setTimeout(() => {
      log.error('停止超时，强制退出');
      process.exit(1);
    }, deadlineMs).unref();
    try {
      await running?.stop();
    } catch (error) {
      log.error({ err: error }, '停止时出错');
    }
    log.info('已停止');
    process.exit(0);
  };
  const crash = (error: unknown): void => {
    log.error({ err: error }, '意外错误，进程退出');
    process.exit(1);
  };

  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => {
    // Under a launcher Ctrl-C reaches the whole group; the launcher decides the order of stopping.
    if (!process.connected) void stop('SIGINT');
  });
  process.on('disconnect', () => void stop('disconnect', ORPHAN_DEADLINE_MS));
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  // The channel may have closed while modules were loading, before anybody listened.
  if (process.connected === false) {
    await stop('disconnect', ORPHAN_DEADLINE_MS);
    return;
  }

  log.info({ config: printableConfig({ ...config, ...own }) }, '启动');
  try {
    health = await Health.listen({
      service: options.name,
      host: own.HEALTH_HOST,
      port: own.HEALTH_PORT,
      stuckMs: own.WATCHDOG_SECONDS * 1000,
      log,
      onStuck: () => process.exit(1),
    });
    // A launcher asks there whether this process still answers at all.
    process.send?.({ type: 'health', url: health.url });
    running = await options.start({ config, log, health, signal: abort.signal, crash });
  } catch (error) {
    if (stopping) return;
    crash(error);
    return;
  }
  if (stopping) {
    await running.stop();
    return;
  }
  health.ready();
  log.info('就绪');
}
