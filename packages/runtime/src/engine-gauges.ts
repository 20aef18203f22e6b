import type { Metrics } from './metrics.js';
import { within } from './within.js';

/** Below the time a scrape waits for any figure: an engine that hangs is one that is down, not one that is unknown. */
const CHECK_MS = 4_000;

/** 1 for an engine that answers on a new connection, 0 for one that does not; asked at every scrape. */
export function engineGauge(metrics: Metrics, checks: Readonly<Record<string, () => Promise<unknown>>>): void {
  metrics.gauge({
    name: 'pingan_engine_up',
    help: '1 while the engine answers this service on a new connection',
    labels: ['engine'],
    read: async (gauge) => {
      await Promise.all(
        Object.entries(checks).map(async ([engine, check]) => {
          const up = await within(CHECK_MS, check).then(
            () => 1,
            () => 0,
          );
          gauge.set({ engine }, up);
        }),
      );
    },
  });
}

/**
 * By how much the clocks of engines are ahead of this machine's, seconds; absent for an engine that does not answer. A clock
 * tells milliseconds since 1970; it is compared with the middle of the time the answer took.
 */
export function clockGauge(metrics: Metrics, clocks: Readonly<Record<string, () => Promise<number>>>): void {
  metrics.gauge({
    name: 'pingan_clock_skew_seconds',
    help: "By how much an engine's clock is ahead of this service's; absent while unknown",
    labels: ['engine'],
    read: async (gauge) => {
      await Promise.all(
        Object.entries(clocks).map(async ([engine, clock]) => {
          const askedAt = Date.now();
          const told = await within(CHECK_MS, clock).catch(() => undefined);
          if (told !== undefined) gauge.set({ engine }, (told - (askedAt + Date.now()) / 2) / 1000);
        }),
      );
    },
  });
}
