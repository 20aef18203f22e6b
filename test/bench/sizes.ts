export type Form = 'quick' | 'normal';

/** How much of everything is measured. */
export interface Sizes {
  events: number;
  repetitions: number;
  rates: number[];
  seconds: number;
  backlogs: number[];
  stepEvents: number;
  partitions: number[];
  aggregators: number[];
  /** Versions of the small store; the large one has them so many times. */
  versions: number;
  copies: number[];
  /** Passages into a copy of each of these stores. */
  passages: number;
  townships: number[];
}

export const sizesOf: Record<Form, Sizes> = {
  quick: {
    events: 100_000,
    repetitions: 1,
    rates: [1_000],
    seconds: 10,
    backlogs: [],
    stepEvents: 50_000,
    partitions: [1, 6],
    aggregators: [],
    versions: 30_000,
    copies: [1, 10],
    passages: 1,
    townships: [8],
  },
  normal: {
    events: 1_000_000,
    repetitions: 3,
    rates: [100, 1_000, 5_000],
    seconds: 30,
    backlogs: [10_000, 100_000, 1_000_000, 10_000_000],
    stepEvents: 300_000,
    partitions: [1, 6, 24],
    aggregators: [1, 2, 4],
    versions: 100_000,
    copies: [1, 100],
    passages: 3,
    townships: [8, 26, 400, 4_000],
  },
};
