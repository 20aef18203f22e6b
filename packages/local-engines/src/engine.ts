import type { EngineName } from './types.js';

/** How one engine is run; everything the life cycle needs to know about it. */
export interface EngineSpec {
  engine: EngineName;
  command: string;
  args: string[];
  cwd: string;
  startTimeoutMs: number;
  /** Time from SIGTERM to SIGKILL. */
  stopDeadlineMs: number;
  /** Rejects while the engine with this pid does not serve yet; must not hang. */
  ready(pid: number): Promise<void>;
}

export const STOP_DEADLINES_MS: Readonly<Record<EngineName, number>> = {
  kafka: 10_000,
  redis: 5_000,
  clickhouse: 5_000,
};
