import { withSecretFiles } from '@pingan/runtime';
import { readJson } from './files.js';
import { homePaths } from './home.js';
import { asProcessRef, isAlive, type ProcessRef } from './processes.js';
import type { Endpoints, Environment } from './types.js';

/** Content of endpoints.json. */
export interface EndpointsFile {
  endpoints: Endpoints;
  /** The process that called startEngines; when it is gone, the engines are too or are about to be. */
  launcher: ProcessRef;
  /** Process ids of the engines it started. */
  pids: Record<string, number>;
  startedAt: string;
}

export function endpointsFromEnv(environment: Environment): Partial<Endpoints> {
  const env = withSecretFiles(environment);
  const brokers = (env.KAFKA_BROKERS ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  return {
    ...(brokers.length > 0 ? { kafkaBrokers: brokers } : {}),
    ...(env.REDIS_URL ? { redisUrl: env.REDIS_URL } : {}),
    ...(env.CLICKHOUSE_URL ? { clickhouseUrl: env.CLICKHOUSE_URL } : {}),
  };
}

/** The variables by which services are told where the engines are. */
export function endpointsToEnv(endpoints: Endpoints): Record<string, string> {
  return {
    KAFKA_BROKERS: endpoints.kafkaBrokers.join(','),
    REDIS_URL: endpoints.redisUrl,
    CLICKHOUSE_URL: endpoints.clickhouseUrl,
  };
}

/**
 * Where the engines are: environment variables first, then what a running launcher wrote down. Undefined when one of
 * the three is not known.
 */
export function readEndpoints(options: { home: string; env: Environment }): Endpoints | undefined {
  const file = readJson(homePaths(options.home).endpoints) as Partial<EndpointsFile> | undefined;
  const written = isAlive(asProcessRef(file?.launcher)) ? file?.endpoints : undefined;
  const found = { ...written, ...endpointsFromEnv(options.env) };
  const { kafkaBrokers, redisUrl, clickhouseUrl } = found;
  return kafkaBrokers && redisUrl && clickhouseUrl ? { kafkaBrokers, redisUrl, clickhouseUrl } : undefined;
}
