import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  signal: AbortSignal;
  /** Called once per outage with the first error and once when it is over. */
  onDown: (error: unknown) => void;
  onUp: () => void;
  /** Milliseconds between attempts: doubled from the first to the second. */
  delays?: readonly [number, number];
}

/**
 * Repeats `step` until it succeeds: for waiting on an engine, never for handling a bad event.
 * @throws the signal's reason when told to stop.
 */
export async function untilUp<T>(step: () => Promise<T>, options: RetryOptions): Promise<T> {
  const [first, last] = options.delays ?? [250, 5_000];
  let delay = first;
  let down = false;
  for (;;) {
    options.signal.throwIfAborted();
    try {
      const value = await step();
      if (down) options.onUp();
      return value;
    } catch (error) {
      if (!down) options.onDown(error);
      down = true;
      await sleep(delay, undefined, { signal: options.signal });
      delay = Math.min(last, delay * 2);
    }
  }
}
