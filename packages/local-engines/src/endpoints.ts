import { accessConfig, type KafkaAccess, kafkaAccess, readConfig, withSecretFiles } from '@pingan/runtime';
import { readJson } from './files.js';
import { homePaths } from './home.js';
import { asProcessRef, isAlive, type ProcessRef } from './processes.js';
import { ENGINE_USER, type Endpoints, type Environment } from './types.js';

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

/** The variables by which services are told where the engines are and how to log in. */
export function endpointsToEnv(endpoints: Endpoints): Record<string, string> {
  return {
    KAFKA_BROKERS: endpoints.kafkaBrokers.join(','),
    ...(endpoints.kafkaPassword === undefined ? {} : ownKafkaLogin(endpoints.kafkaPassword)),
    REDIS_URL: endpoints.redisUrl,
    REDIS_URL_FILE: '',
    CLICKHOUSE_URL: endpoints.clickhouseUrl,
  };
}

/** Overrides what the environment says about a Kafka elsewhere. */
const ownKafkaLogin = (password: string): Record<string, string> => ({
  KAFKA_TLS: 'false',
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_USERNAME: ENGINE_USER,
  KAFKA_PASSWORD: password,
  KAFKA_PASSWORD_FILE: '',
});

/** How to log in to the Kafka of `endpoints`; `env` says it for brokers that are not our own. */
export function kafkaAccessOf(endpoints: Partial<Endpoints>, env: Environment): KafkaAccess {
  const { kafkaPassword } = endpoints;
  const own = kafkaPassword === undefined ? {} : ownKafkaLogin(kafkaPassword);
  return kafkaAccess(readConfig(accessConfig, { ...env, ...own }));
}

/**
 * Where the engines are: environment variables first, then what a running launcher wrote down. Undefined when one of
 * the three is not known.
 */
export function readEndpoints(options: { home: string; env: Environment }): Endpoints | undefined {
  const file = readJson(homePaths(options.home).endpoints) as Partial<EndpointsFile> | undefined;
  const written = isAlive(asProcessRef(file?.launcher)) ? file?.endpoints : undefined;
  const named = endpointsFromEnv(options.env);
  const { kafkaBrokers, redisUrl, clickhouseUrl } = { ...written, ...named };
  if (!kafkaBrokers || !redisUrl || !clickhouseUrl) return undefined;
  const kafkaPassword = named.kafkaBrokers ? undefined : written?.kafkaPassword;
  return { kafkaBrokers, ...(kafkaPassword === undefined ? {} : { kafkaPassword }), redisUrl, clickhouseUrl };
}
