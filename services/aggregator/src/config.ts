import { engineConfig, jobLock, milliseconds } from '@pingan/runtime';
import { z } from 'zod';

export const config = engineConfig.extend({
  STORE_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(3),
  JOB_LOCK_MS: jobLock,
  /** When log and store are compared each night, by the clock of China; `off` for never. */
  RECONCILE_AT: z
    .string()
    .regex(/^(off|([01]\d|2[0-3]):[0-5]\d)$/, '应为 HH:MM（如 02:30）或 off')
    .default('02:30'),
  /** How often the clock is looked at for that, and how long a failed try waits for the next. */
  RECONCILE_CHECK_MS: milliseconds({ from: 1_000, to: 3_600_000, usual: 60_000 }),
});
