import { engineConfig, jobLock, milliseconds } from '@pingan/runtime';
import { z } from 'zod';

export const config = engineConfig.omit({ KAFKA_BROKERS: true }).extend({
  JOB_LOCK_MS: jobLock,
  /** How often every county is looked at: a month that has ended wants a score, and Redis may have lost a job. */
  SWEEP_MS: milliseconds({ from: 1_000, to: 3_600_000, usual: 60_000 }),
  /** Runs that others have taken the place of stay for so many days; the last ten of a month, and kept ones, for good. */
  RUN_KEEP_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
});
