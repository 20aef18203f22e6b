import { setTimeout as sleep } from 'node:timers/promises';
import { type StoreJob, windowName } from '@pingan/contracts';
import type { Logger } from '@pingan/runtime';
import type { Queue, QueueEvents } from 'bullmq';
import { packMessages } from './pack.js';
import type { MessageWindow } from './windows.js';

/** How long a window may be silent before Redis is asked what became of its job. */
const RECHECK_MS = 5_000;

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
    private readonly options: { queue: Queue<StoreJob>; events: QueueEvents; log: Logger; signal: AbortSignal },
  ) {
    options.events.on('completed', ({ jobId }) => this.waiting.get(jobId)?.());
  }

  async store(window: MessageWindow): Promise<void> {
    const name = windowName(window);
    const payload: StoreJob = {
      topic: window.topic,
      partition: window.partition,
      first: window.first,
      last: window.last,
      packed: packMessages(window.messages).toString('base64'),
    };
    // The messages now live in the packed form; holding both would double the memory of a window.
    window.messages = [];
    const done = new Promise<true>((resolve) => this.waiting.set(name, () => resolve(true)));
    try {
      await this.add(name, payload);
      while (!(await Promise.race([done, sleep(RECHECK_MS, false, { ref: false })]))) {
        this.options.signal.throwIfAborted();
        await this.ensure(name, payload);
      }
    } finally {
      this.waiting.delete(name);
    }
  }

  private async add(name: string, payload: StoreJob): Promise<void> {
    for (;;) {
      this.options.signal.throwIfAborted();
      try {
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

  private async ensure(name: string, payload: StoreJob): Promise<void> {
    try {
      const state = await this.options.queue.getJobState(name);
      if (state === 'unknown') await this.add(name, payload);
      if (state === 'failed') await (await this.options.queue.getJob(name))?.retry();
    } catch {
      // Redis is away: the next check asks again.
    }
  }
}
