import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './log.js';

export interface RetryOptions {
  signal: AbortSignal;
  /** What is waited for: the log tells once that it is away, and once that it is back. */
  engine: string;
  log: Logger;
}

/** Milliseconds between attempts: doubled from the first to the last. */
const FIRST_DELAY_MS = 250;
const LAST_DELAY_MS = 5_000;

/**
 * Repeats `step` until it succeeds: for waiting on an engine, never for handling a bad event.
 * @throws the signal's reason when told to stop.
 */
export async function untilUp<T>(step: () => Promise<T>, { signal, engine, log }: RetryOptions): Promise<T> {
  let delay = FIRST_DELAY_MS;
  let down = false;
  for (;;) {
    signal.throwIfAborted();
    try {
      const value = await step();
      if (down) log.info(`${engine} 已恢复`);
      return value;
    } catch (error) {
      if (!down) log.warn({ detail: (error as Error).message }, `${engine} 不可用，等待恢复`);
      down = true;
      await sleep(delay, undefined, { signal });
      delay = Math.min(LAST_DELAY_MS, delay * 2);
    }
  }
}
