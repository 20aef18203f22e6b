import type { Owner } from './files.js';
import type { EngineName } from './types.js';

/** How one engine is run; everything the life cycle needs to know about it. */
export interface EngineSpec {
  engine: EngineName;
  command: string;
  args: string[];
  cwd: string;
  /** Variables of this engine alone. Secrets may stand here: unlike arguments, others cannot see them. */
  env?: Record<string, string>;
  /** The user the engine runs as; ours when absent. */
  runAs?: Owner | undefined;
  startTimeoutMs: number;
  /** Time from SIGTERM to SIGKILL. */
  stopDeadlineMs: number;
  /** Rejects while the engine with this pid does not serve yet; may take as long as a busy machine needs to answer. */
  ready(pid: number): Promise<void>;
}

export const STOP_DEADLINES_MS: Readonly<Record<EngineName, number>> = {
  kafka: 10_000,
  redis: 5_000,
  clickhouse: 5_000,
};
