import { accessConfig, ConfigError, engineConfig, readConfig } from '@pingan/runtime';
import { z } from 'zod';
import { badRequest } from './failure.js';

const config = engineConfig
  .pick({ CLICKHOUSE_DATABASE: true, LOG_LEVEL: true })
  .extend(accessConfig.shape)
  .extend({
    /** As for producers. */
    INBOX_DIR: z.string().min(1).optional(),
  });

/** What the command line itself reads from the environment; where the engines are, `local-engines` knows. */
export function cliConfig() {
  try {
    return readConfig(config, process.env);
  } catch (error) {
    if (error instanceof ConfigError) throw badRequest(error.message);
    throw error;
  }
}
