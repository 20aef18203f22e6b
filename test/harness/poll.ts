import { setTimeout as sleep } from 'node:timers/promises';

/** For what hangs: beside other work on a slow machine a step that takes seconds may take minutes. */
export const DEADLINE_MS = 400_000;

/** Repeats `look` until it gives something truthy. @throws after the deadline, with what was seen last. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  { deadlineMs = DEADLINE_MS, everyMs = 100 } = {},
): Promise<NonNullable<T>> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    let seen: unknown;
    try {
      const value = await look();
      if (value) return value;
      seen = value;
    } catch (error) {
      seen = error;
    }
    if (Date.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what} (last: ${String(seen)})`);
    await sleep(everyMs);
  }
}
