import { fileURLToPath } from 'node:url';
import { UTF8_LOCALE } from './commands.js';
import type { Owner } from './files.js';
import { asProcessRef, type ProcessRef } from './processes.js';
import type { Environment } from './types.js';

/** What one keeper process is told to do; passed as JSON in its only argument. */
export interface KeeperJob {
  command: string;
  args: string[];
  cwd: string;
  /** The user the engine runs as; the keeper's own when absent. */
  runAs?: Owner | undefined;
  pidFile: string;
  /** Time from SIGTERM to SIGKILL for the engine. */
  stopDeadlineMs: number;
}

export type KeeperMessage =
  | { type: 'running'; pid: number }
  | { type: 'ended'; code: number | null; signal: string | null };

export interface PidFile {
  keeper: ProcessRef | undefined;
  engine: ProcessRef | undefined;
}

// Compiled or run from the sources by a test, a process is always started from the compiled file.
export const keeperModule = fileURLToPath(new URL('../dist/keeper-main.js', import.meta.url));
export const clickhouseModule = fileURLToPath(new URL('../dist/clickhouse-main.js', import.meta.url));

/** Value of the HTTP header without which ClickHouse answers nothing; the engine and its process read it from the environment. */
export const AUTHORIZATION_VARIABLE = 'PINGAN_CLICKHOUSE_AUTHORIZATION';

export function keeperEnvironment(env: Environment): Environment {
  return { ...env, ...UTF8_LOCALE, NODE_OPTIONS: undefined };
}

export function asPidFile(value: unknown): PidFile {
  const { keeper, engine } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { keeper: asProcessRef(keeper), engine: asProcessRef(engine) };
}

export function asKeeperMessage(value: unknown): KeeperMessage | undefined {
  const type = (value as { type?: unknown } | null)?.type;
  return type === 'running' || type === 'ended' ? (value as KeeperMessage) : undefined;
}
