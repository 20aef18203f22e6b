import type { EngineName } from './types.js';

export type EngineErrorCode =
  | 'already-running'
  | 'home-not-writable'
  | 'port-unavailable'
  | 'prerequisite-missing'
  | 'download-failed'
  | 'start-timeout'
  | 'engine-exited'
  | 'unreachable';

export interface EngineErrorOptions {
  code: EngineErrorCode;
  /** The engine concerned, or 'home' when it is the data directory as a whole. */
  engine: EngineName | 'home';
  /** What went wrong, in Chinese, for the person at the terminal. */
  message: string;
  /** What that person can do about it. */
  hint: string;
  /** Process that already owns the data directory (only with 'already-running'). */
  pid?: number;
  cause?: unknown;
}

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly engine: EngineName | 'home';
  readonly hint: string;
  readonly pid: number | undefined;

  constructor(options: EngineErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'EngineError';
    this.code = options.code;
    this.engine = options.engine;
    this.hint = options.hint;
    this.pid = options.pid;
  }
}
