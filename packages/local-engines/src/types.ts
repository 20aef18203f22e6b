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

/** The one user of engines that we start ourselves. */
export const ENGINE_USER = 'pingan';

export interface Endpoints {
  kafkaBrokers: string[];
  /** Password of `ENGINE_USER` on our own Kafka, by SASL PLAIN; absent when the environment names the brokers. */
  kafkaPassword?: string;
  /** Both carry a login when the engine is our own: they are secrets. */
  redisUrl: string;
  clickhouseUrl: string;
}

export interface EngineStep {
  phase: 'notice' | 'recover' | 'install' | 'download' | 'start' | 'ready' | 'external' | 'stop' | 'stopped';
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
