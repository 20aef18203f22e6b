import { engineConfig, jobLock } from '@pingan/runtime';
import { z } from 'zod';

export const config = engineConfig.extend({
  STORE_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(3),
  JOB_LOCK_MS: jobLock,
});
