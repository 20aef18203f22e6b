/** Several things in turn, each round beginning with another: what the machine does beside touches all alike. */
export async function inTurn<T, R>(rounds: number, of: readonly T[], run: (one: T) => Promise<R>): Promise<R[][]> {
  const results: R[][] = of.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let k = 0; k < of.length; k += 1) {
      const i = (round + k) % of.length;
      results[i]!.push(await run(of[i]!));
    }
  }
  return results;
}

/** The middle of several measurements; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle - 0.5)]! + sorted[Math.floor(middle)]!) / 2;
}

/** The smallest value that at least this share of the (weighted) values does not exceed. */
export function percentile(values: ReadonlyArray<{ value: number; weight: number }>, share: number): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let seen = 0;
  for (const { value, weight } of sorted) {
    seen += weight;
    if (seen >= share * total) return value;
  }
  return Number.NaN;
}

export interface Sample {
  /** Milliseconds since the beginning. */
  at: number;
  done: number;
}

export interface Pace {
  /** From the first rows that were seen in the tables to the last ones: without what starting takes. */
  events_per_second: number;
  /** From the beginning, the start of the processes included, to the end. */
  total_seconds: number;
}

/** @param endedAt when the contender was finished, not before its last sample. */
export function paceOf(samples: readonly Sample[], endedAt: number): Pace {
  const first = samples.find(({ done }) => done > 0);
  const last = samples.at(-1);
  if (!first || !last || last.done === first.done)
    throw new Error('too few samples: the load is too small to be timed');
  return {
    events_per_second: ((last.done - first.done) / (endedAt - first.at)) * 1000,
    total_seconds: endedAt / 1000,
  };
}
