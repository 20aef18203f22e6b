import {
  componentKey,
  type MonthComponent,
  type MonthIndicator,
  type MonthInput,
  rankIntervals,
  scoreMonth,
} from '@pingan/scoring';
import { drawPoisson, months, type Random, studyRules } from './county.js';
import { type Figure, Tally } from './tally.js';

/** Success rates of eight townships, a few cases a month: do their intervals hold the true score? */

interface ShareKind {
  name: string;
  mean: number;
  /** Standard deviation of the true shares. */
  spread: number;
  /** Mean cases per month. */
  cases: number;
}

const kinds: readonly ShareKind[] = [
  { name: 'shares_90pct_5cases', mean: 0.9, spread: 0.05, cases: 5 },
  { name: 'shares_90pct_15cases', mean: 0.9, spread: 0.05, cases: 15 },
  { name: 'shares_70pct_10cases', mean: 0.7, spread: 0.1, cases: 10 },
];
const UNITS = 8;
const WINDOW = 3;

const indicator: MonthIndicator = {
  code: 'Q',
  recordType: 'study',
  kind: 'ratio',
  direction: 1,
  window: WINDOW,
  weighting: 'sum',
  goalposts: { rule: 'absolute', g0: 0, g60: 60, g100: 100 },
  weight: 1,
};

function monthInput(codes: string[], components: ReadonlyMap<string, MonthComponent>): MonthInput {
  return {
    ...studyRules,
    dimensions: [{ id: 'petition', weight: 1, indicators: [indicator] }],
    units: codes.map((code) => ({ code, peerClass: 'town', population: null })),
    components,
    shrinkage: { method: 'empirical_bayes', min_class: 4 },
  };
}

/** Evenly spread around the mean: not the family the priors assume. */
function trueShare({ mean, spread }: ShareKind, random: Random): number {
  return mean + (2 * random() - 1) * spread * Math.sqrt(3);
}

export function studyShares({ runs, draws, random }: { runs: number; draws: number; random: Random }): Figure[] {
  return kinds.flatMap((kind) => {
    const tally = new Tally();
    for (let run = 0; run < runs; run++) {
      const codes = Array.from({ length: UNITS }, (_, i) => `u${i}`);
      const observed = new Map<string, MonthComponent>();
      const expected = new Map<string, MonthComponent>();
      for (const code of codes) {
        const share = trueShare(kind, random);
        for (const month of months) {
          // At least one case, so that every unit has a score.
          const cases = 1 + drawPoisson(kind.cases - 1, random);
          const successes = Array.from({ length: cases }, () => (random() < share ? 1 : 0)).filter(Boolean).length;
          observed.set(componentKey('Q', code, month), { numerator: successes, denominator: cases });
          expected.set(componentKey('Q', code, month), { numerator: share * cases, denominator: cases });
        }
      }
      const truth = scoreMonth({ ...monthInput(codes, expected), shrinkage: { method: 'none', min_class: 4 } });
      tally.addIntervals(rankIntervals(monthInput(codes, observed), { draws, seed: run }), truth.units);
    }
    return tally.intervalLines(`${kind.name}_${WINDOW}mo`);
  });
}
