import { engineConfig, milliseconds } from '@pingan/runtime';
import { z } from 'zod';

export const config = engineConfig.extend({
  /** Messages per window: large enough for one good insert, small enough to hold several in memory. */
  WINDOW_MESSAGES: z.coerce.number().int().min(1).max(100_000).default(8_000),
  WINDOW_BYTES: z.coerce.number().int().min(65_536).max(67_108_864).default(6_291_456),
  WINDOWS_IN_FLIGHT: z.coerce.number().int().min(1).max(64).default(6),
  WINDOWS_IN_FLIGHT_BYTES: z.coerce.number().int().min(65_536).max(1_073_741_824).default(33_554_432),
  /** A member of the group that is silent for this long has died. The broker has limits of its own, 6 s to 30 min. */
  KAFKA_SESSION_MS: milliseconds({ from: 6_000, to: 1_800_000, usual: 30_000 }),
  TOPIC_PARTITIONS: z.coerce.number().int().min(1).max(1_000).default(4),
  TOPIC_REPLICAS: z.coerce.number().int().min(1).max(10).default(1),
});
