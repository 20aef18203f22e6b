import type { Installation } from '../installation.js';

/** Something an operator has to do something about. */
export interface Concern {
  /** Stable name for programs, such as `log_shortened`. */
  code: string;
  /** `error`: data may be missing or stand still; `notice`: worth a look. */
  level: 'error' | 'notice';
  /** One Chinese sentence: what is wrong, where, and the command that helps. */
  text: string;
}

export type EngineName = 'kafka' | 'redis' | 'clickhouse';

/** What a finder may ask. An engine that does not answer is not `ok`; nobody waits for it. */
export interface StatusScope extends Installation {
  engines: Record<EngineName, { ok: boolean; detail: string }>;
}

/** Looks at one thing. Engines it needs may be away: then it returns nothing, and `status` says what was not checked. */
export type FindConcerns = (scope: StatusScope) => Promise<Concern[]>;

export const engineLabels: Record<EngineName, string> = { kafka: 'Kafka', redis: 'Redis', clickhouse: 'ClickHouse' };
