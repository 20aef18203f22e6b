import { setTimeout as sleep } from 'node:timers/promises';
import { type StoreJob, windowBytesKey, windowName } from '@pingan/contracts';
import type { Logger } from '@pingan/runtime';
import { type Queue, type QueueEvents, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import type { MessageWindow } from './windows.js';

/** How long a window may be silent before Redis is asked what became of its job. */
const RECHECK_MS = 5_000;

/** Bytes nobody fetched are forgotten: whoever still waits for their window puts them there again. */
const BYTES_TTL_MS = 6 * 3_600_000;

interface Prepared {
  name: string;
  payload: StoreJob;
  bytes: Buffer;
}

/**
 * Hands windows to the `store` queue and waits until each is done.
 *
 * Redis may lose everything at any moment, so a job that is not there any more counts as unknown and is added again:
 * storing a window twice is harmless (same insert token, same rows).
 */
export class WindowStorer {
  private readonly waiting = new Map<string, () => void>();
  private down = false;

  constructor(
    private readonly options: {
      redis: Redis;
      queue: Queue<StoreJob>;
      events: QueueEvents;
      log: Logger;
      signal: AbortSignal;
    },
  ) {
    options.events.on('completed', ({ jobId }) => this.waiting.get(jobId)?.());
  }

  async store(window: MessageWindow): Promise<void> {
    const name = windowName(window);
    const { topic, partition, first, last, again, packed } = window;
    const prepared = { name, payload: { topic, partition, first, last, again }, bytes: packed };
    const done = new Promise<true>((resolve) => this.waiting.set(name, () => resolve(true)));
    try {
      await this.add(prepared);
      while (!(await Promise.race([done, sleep(RECHECK_MS, false, { ref: false })]))) {
        this.options.signal.throwIfAborted();
        await this.ensure(prepared);
      }
    } finally {
      this.waiting.delete(name);
    }
  }

  private async add({ name, payload, bytes }: Prepared): Promise<void> {
    for (;;) {
      this.options.signal.throwIfAborted();
      try {
        await this.options.redis.set(windowBytesKey(name), bytes, 'PX', BYTES_TTL_MS);
        await this.options.queue.add('window', payload, { jobId: name });
        if (this.down) this.options.log.info('任务队列已恢复');
        this.down = false;
        return;
      } catch (error) {
        if (!this.down) this.options.log.warn({ detail: (error as Error).message }, '任务队列不可用,等待恢复');
        this.down = true;
        await sleep(500);
      }
    }
  }

  private async ensure(prepared: Prepared): Promise<void> {
    const { name } = prepared;
    try {
      const state = await this.options.queue.getJobState(name);
      // A job fails for good only when its bytes are gone.
      if (state === 'failed') await this.options.queue.remove(name);
      if (state === 'unknown' || state === 'failed') await this.add(prepared);
    } catch {
      // Redis is away: the next check asks again.
    }
  }
}

/** The messages of a window, packed. @throws UnrecoverableError when they are gone: the window is then handed in again. */
export async function fetchWindowBytes(redis: Redis, name: string): Promise<Buffer> {
  const bytes = await redis.getBuffer(windowBytesKey(name));
  if (!bytes) throw new UnrecoverableError(`the messages of window ${name} are not in Redis any more`);
  return bytes;
}

/** Frees the messages of a stored window. */
export async function dropWindowBytes(redis: Redis, name: string): Promise<void> {
  await redis.del(windowBytesKey(name));
}
