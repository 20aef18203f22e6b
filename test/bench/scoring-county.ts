import { seededRandom } from '@pingan/composite';
import {
  componentKey,
  coverageKey,
  type MonthComponent,
  type MonthDimension,
  type MonthIndicator,
  type MonthInput,
} from '@pingan/scoring';

/** A made-up county of any size with the kinds, windows and goalposts the catalogue has. */

const START = 2024 * 12;
const MONTHS = 30;
const TYPES = ['police', 'petition', 'mediation', 'opinion'] as const;
const classMean = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;

type Kind = Pick<MonthIndicator, 'kind' | 'direction' | 'window' | 'goalposts'> & { mean: number; cases: number };

const kinds: readonly Kind[] = [
  { kind: 'rate', direction: -1, window: 3, goalposts: classMean, mean: 12, cases: 0 },
  {
    kind: 'ratio',
    direction: 1,
    window: 1,
    goalposts: { rule: 'absolute', g0: 60, g60: 85, g100: 99 },
    mean: 0.9,
    cases: 25,
  },
  { kind: 'rate', direction: -1, window: 12, goalposts: classMean, mean: 3, cases: 0 },
  { kind: 'ratio', direction: -1, window: 3, goalposts: classMean, mean: 0.1, cases: 15 },
  { kind: 'weighted_rate', direction: -1, window: 12, goalposts: classMean, mean: 80, cases: 0 },
  { kind: 'count', direction: -1, window: 12, goalposts: { rule: 'per_unit', penalty: 15 }, mean: 0.1, cases: 0 },
  { kind: 'intensity', direction: -1, window: 3, goalposts: classMean, mean: 6, cases: 0 },
  {
    kind: 'ratio',
    direction: 1,
    window: 'ytd',
    goalposts: { rule: 'absolute', g0: 50, g60: 80, g100: 98 },
    mean: 0.85,
    cases: 8,
  },
];

const monthOf = (index: number) => `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;

function dimensionsOf(indicators: number): MonthDimension[] {
  const all = Array.from({ length: indicators }, (_, i): MonthIndicator => {
    const { kind, direction, window, goalposts } = kinds[i % kinds.length]!;
    const recordType = TYPES[i % TYPES.length]!;
    const weighting = kind === 'intensity' ? 'ewma' : 'sum';
    return { code: `I${i}`, recordType, kind, direction, window, weighting, goalposts, weight: 1 + (i % 5) };
  });
  return TYPES.map((id, d) => ({
    id,
    weight: 35 - 5 * d,
    indicators: all.filter(({ recordType }) => recordType === id),
  }));
}

/** Periods from 2025-07 to 2026-06 have a year of data before them. */
export const periods: readonly string[] = Array.from({ length: 12 }, (_, i) => monthOf(START + MONTHS - 12 + i));

export function benchInput(units: number, indicators: number, options: Partial<MonthInput>): MonthInput {
  const random = seededRandom(1);
  const codes = Array.from({ length: units }, (_, u) => `u${String(u).padStart(4, '0')}`);
  const components = new Map<string, MonthComponent>();
  const months = Array.from({ length: MONTHS }, (_, m) => monthOf(START + m));
  for (const code of codes) {
    for (let i = 0; i < indicators; i++) {
      const { kind, mean, cases } = kinds[i % kinds.length]!;
      const own = 0.5 + random();
      for (const month of months) {
        const denominator = kind === 'ratio' ? 1 + Math.floor(2 * cases * random()) : null;
        const expected = denominator === null ? mean * own : denominator * Math.min(1, mean * (0.8 + 0.4 * random()));
        const numerator = Math.floor(expected * (denominator === null ? 2 * random() : 1) + random());
        components.set(componentKey(`I${i}`, code, month), {
          numerator: denominator === null ? numerator : Math.min(denominator, numerator),
          denominator,
        });
      }
    }
  }
  return {
    period: periods.at(-1)!,
    startMonth: months[0]!,
    dimensions: dimensionsOf(indicators),
    units: codes.map((code, u) => ({
      code,
      peerClass: u % 3 === 0 ? 'street' : 'town',
      population: 8_000 + ((u * 7919) % 40_000),
    })),
    components,
    coverage: new Set(TYPES.flatMap((type) => months.map((month) => coverageKey(type, month)))),
    missing: { max_share: 0.3 },
    bands: [
      { id: 'blue', min: 90 },
      { id: 'yellow', min: 80 },
      { id: 'orange', min: 70 },
      { id: 'red', min: 0 },
    ],
    tie: { decimals: 9 },
    baseline: { months: 12, min_months: 3 },
    ...options,
  };
}

export const allOptions = {
  shrinkage: { method: 'empirical_bayes', min_class: 4 },
  trend: { share: 0.3 },
  hysteresis: { points: 1, months: 2 },
  peer_ranks: true,
} as const satisfies Partial<MonthInput>;
