import { badRequest } from '@pingan/contracts';
import { endpointsToEnv, readEndpoints, resolveHome } from '@pingan/local-engines';
import { accessConfig, ConfigError, engineConfig, readConfig } from '@pingan/runtime';
import { z } from 'zod';

const config = engineConfig
  .pick({ CLICKHOUSE_DATABASE: true, LOG_LEVEL: true })
  .extend(accessConfig.shape)
  .extend({
    /** As for producers. */
    INBOX_DIR: z.string().min(1).optional(),
  });

/** What the command line reads from the environment. The login to a Kafka that `npm start` runs is known to its launcher. */
export function cliConfig() {
  try {
    const { env } = process;
    const endpoints = readEndpoints({ home: resolveHome(env), env });
    return readConfig(config, endpoints ? { ...env, ...endpointsToEnv(endpoints) } : env);
  } catch (error) {
    if (error instanceof ConfigError) throw badRequest(error.message);
    throw error;
  }
}
