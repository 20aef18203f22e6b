import { z } from 'zod';
import { countyCode, month } from './primitives.js';

/** BullMQ queues and the payload of each. Window names and county codes serve as job ids. */
export const queueNames = { store: 'store', components: 'components', score: 'score' } as const;
export type QueueName = (typeof queueNames)[keyof typeof queueNames];

/**
 * One window of raw messages of one partition. The messages lie beside the job in Redis, under `windowBytesKey`, as
 * bytes: inside the job's JSON they would cost as much again as everything else that is done with them.
 */
export const storeJob = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  /** Positions, so that no two logs have a window of one name. */
  first: z.string().regex(/^\d+$/),
  last: z.string().regex(/^\d+$/),
  /** Set when messages are stored again at their old offsets: ClickHouse would drop a block whose token it has seen. */
  again: z
    .string()
    .regex(/^[0-9a-z]{1,32}$/)
    .optional(),
});
export type StoreJob = z.infer<typeof storeJob>;

/** Recompute the dirty months of one county. */
export const componentsJob = z.object({ county: countyCode });
export type ComponentsJob = z.infer<typeof componentsJob>;

/**
 * Score these months of one county; without months every complete month touched since its last run. With `newest` the last
 * of them is wanted at once, the others may wait while events keep coming.
 */
export const scoreJob = z.object({
  county: countyCode,
  months: z.array(month).max(1200).optional(),
  newest: z.literal(true).optional(),
});
export type ScoreJob = z.infer<typeof scoreJob>;

/** `pingan.police-3-0-4999`: topic, partition, first and last position. Job id and insert token alike. */
export function windowName(window: StoreJob): string {
  const { topic, partition, first, last, again } = window;
  return `${topic}-${partition}-${first}-${last}${again === undefined ? '' : `-again-${again}`}`;
}

/** Where the packed messages of a window wait for its job. The number is that of the form they are packed in. */
export function windowBytesKey(name: string): string {
  return `pingan:window:${name}:2`;
}
