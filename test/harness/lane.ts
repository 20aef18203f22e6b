import { inject } from 'vitest';

/** The engines that a test file has to itself while it runs. */
export interface LaneEngines {
  home: string;
  endpoints: Record<string, string>;
  /** Where `POST /stop/<engine>`, `/start/<engine>` and `/kill/<engine>` are answered. */
  control: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    lanes: LaneEngines[];
  }
}

/** Those of this file: files that run at the same time have different numbers, from 1. */
export function laneEngines(): LaneEngines {
  return inject('lanes')[Number(process.env.VITEST_POOL_ID) - 1]!;
}
