export const ENGINE_NAMES = ['kafka', 'redis', 'clickhouse'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];

export const ENGINE_LABELS: Readonly<Record<EngineName, string>> = {
  kafka: 'Kafka',
  redis: 'Redis',
  clickhouse: 'ClickHouse',
};

/** Environment variable that names an engine somebody else runs; such an engine is used, not started. */
export const ENGINE_VARIABLES: Readonly<Record<EngineName, string>> = {
  kafka: 'KAFKA_BROKERS',
  redis: 'REDIS_URL',
  clickhouse: 'CLICKHOUSE_URL',
};

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Endpoints {
  kafkaBrokers: string[];
  redisUrl: string;
  clickhouseUrl: string;
}

export interface EngineStep {
  phase: 'recover' | 'install' | 'download' | 'start' | 'ready' | 'external' | 'stop' | 'stopped';
  engine?: EngineName;
  /** Chinese, one line. */
  message: string;
  elapsedMs?: number;
}

export type StepLog = (step: EngineStep) => void;

export interface EngineExit {
  engine: EngineName;
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Last lines of the engine's log. */
  logTail: string;
}
