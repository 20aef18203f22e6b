import { setTimeout as sleep } from 'node:timers/promises';
import { type StoreJob, windowBytesKey, windowName } from '@pingan/contracts';
import type { Logger } from '@pingan/runtime';
import { type Queue, type QueueEvents, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import { onNewRedis } from './answers.js';
import { openQueue } from './queues.js';
import type { MessageWindow } from './windows.js';

/** How long a window may be silent before Redis is asked what became of its job. */
const RECHECK_MS = 5_000;

/** A stop waits this long for windows that are being stored; the process as a whole has a little more. */
const FINISH_MS = 15_000;

/** A window that had to be handed in so often is not on its way: nobody hears of it any more. */
const SUSPICIOUS = 4;

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
  /** By window; after a rebalance one that is still being stored is read, and handed in, a second time. */
  private readonly waiting = new Map<string, Set<() => void>>();
  /** How often a window was handed in since the last one was done. */
  private handedIn = new Map<string, number>();
  private down = false;
  private readonly giveUp = new AbortController();

  constructor(
    private readonly options: {
      redis: Redis;
      queue: Queue<StoreJob>;
      events: QueueEvents;
      log: Logger;
      signal: AbortSignal;
    },
  ) {
    options.events.on('completed', ({ jobId }) => {
      for (const tell of this.waiting.get(jobId) ?? []) tell();
    });
    options.signal.addEventListener('abort', () => {
      setTimeout(() => this.giveUp.abort(options.signal.reason), FINISH_MS).unref();
    });
  }

  /**
   * Whether the windows that were handed in lie in the queue, asked over a new connection: then they are the aggregator's
   * turn. @throws when Redis does not answer.
   */
  isWithAggregator(redisUrl: string): Promise<boolean> {
    return onNewRedis(redisUrl, async (redis) => {
      const queue = openQueue('store', redis);
      try {
        for (const name of this.waiting.keys()) {
          const state = await queue.getJobState(name);
          if (state !== 'unknown' && state !== 'failed' && (this.handedIn.get(name) ?? 0) < SUSPICIOUS) return true;
        }
        return false;
      } finally {
        await queue.close();
      }
    });
  }

  async store(window: MessageWindow): Promise<void> {
    const name = windowName(window);
    const { topic, partition, first, last, again, packed } = window;
    const prepared = { name, payload: { topic, partition, first, last, again }, bytes: packed };
    const sharing = this.waiting.get(name) ?? new Set();
    this.waiting.set(name, sharing);
    let tell = (): void => undefined;
    const done = new Promise<true>((resolve) => {
      tell = () => resolve(true);
    });
    sharing.add(tell);
    try {
      await this.add(prepared);
      while (!(await Promise.race([done, sleep(RECHECK_MS, false, { ref: false })]))) {
        this.giveUp.signal.throwIfAborted();
        await this.ensure(prepared);
      }
      this.handedIn.clear();
    } finally {
      sharing.delete(tell);
      if (sharing.size === 0) this.waiting.delete(name);
    }
  }

  private async add({ name, payload, bytes }: Prepared): Promise<void> {
    for (;;) {
      this.giveUp.signal.throwIfAborted();
      try {
        await this.options.redis.set(windowBytesKey(name), bytes, 'PX', BYTES_TTL_MS);
        await this.options.queue.add('window', payload, { jobId: name });
        this.handedIn.set(name, (this.handedIn.get(name) ?? 0) + 1);
        if (this.down) this.options.log.info('任务队列已恢复');
        this.down = false;
        return;
      } catch (error) {
        if (!this.down) this.options.log.warn({ detail: (error as Error).message }, '任务队列不可用，等待恢复');
        this.down = true;
        // A stop does not wait for an engine.
        this.options.signal.throwIfAborted();
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
