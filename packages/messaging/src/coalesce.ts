import type { Queue } from 'bullmq';

/**
 * Adds a job of which one waiting copy per key is enough. One that is already running does not swallow the new one: it
 * runs once more afterwards, because what it read may be older than what asks now.
 */
export async function addCoalesced<T>(queue: Queue<T>, key: string, payload: T, delayMs: number): Promise<void> {
  // BullMQ's own types cannot see that the payload and the job name fit a queue whose type is generic here.
  await (queue as Queue).add('run', payload, {
    delay: delayMs,
    deduplication: { id: key, keepLastIfActive: true },
  });
}
