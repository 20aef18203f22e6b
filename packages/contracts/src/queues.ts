import { z } from 'zod';
import { countyCode, month } from './primitives.js';

/** BullMQ queues and the payload of each. Window names and county codes serve as job ids. */
export const queueNames = { store: 'store', components: 'components', score: 'score' } as const;
export type QueueName = (typeof queueNames)[keyof typeof queueNames];

/** One window of raw messages of one partition. `packed` is base64 of `packMessages`. */
export const storeJob = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  first: z.string().regex(/^\d+$/),
  last: z.string().regex(/^\d+$/),
  packed: z.string(),
});
export type StoreJob = z.infer<typeof storeJob>;

/** Recompute the dirty months of one county. */
export const componentsJob = z.object({ county: countyCode });
export type ComponentsJob = z.infer<typeof componentsJob>;

/** Score these months of one county; without months every complete month touched since its last run. */
export const scoreJob = z.object({ county: countyCode, months: z.array(month).max(1200).optional() });
export type ScoreJob = z.infer<typeof scoreJob>;

/** `pingan.police-3-0-4999`: topic, partition, first and last offset. Job id and insert token alike. */
export function windowName(window: { topic: string; partition: number; first: string; last: string }): string {
  return `${window.topic}-${window.partition}-${window.first}-${window.last}`;
}
