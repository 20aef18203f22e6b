import { ConfigError, engineConfig, readConfig } from '@pingan/runtime';
import { badRequest } from './failure.js';

/** What the command line itself reads from the environment; where the engines are, `local-engines` knows. */
export function cliConfig() {
  try {
    return readConfig(engineConfig.pick({ CLICKHOUSE_DATABASE: true, LOG_LEVEL: true }), process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw badRequest(error.message);
    throw error;
  }
}
