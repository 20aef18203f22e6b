import { componentKey, coverageKey, type MonthComponent, type MonthIndicator, type MonthInput } from '@pingan/scoring';

/** A made-up county whose true rates are known. */

export type Random = () => number;

/** Events per 10 000 residents and month. */
export const rates = { '1per10k': 1, '4per10k': 4, '40per10k': 40 } as const;
export type RateName = keyof typeof rates;
export const rateNames = Object.keys(rates) as RateName[];

export interface CountyKind {
  name: string;
  units: number;
  /** Mean over the units. */
  population: number;
  /** Standard deviation ÷ mean of the populations; 0.33 to 0.43 in the built-in counties. */
  sizes: number;
  /** Standard deviation ÷ mean of the true rates. */
  variation: number;
}

export const months: readonly string[] = Array.from({ length: 24 }, (_, i) => {
  const index = 6 + i;
  return `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
});

/** What all studied months have in common. */
export const studyRules = {
  period: '2026-06',
  startMonth: months[0]!,
  coverage: new Set(months.map((month) => coverageKey('study', month))),
  missing: { max_share: 0.3 },
  bands: [{ id: 'all', min: 0 }],
  tie: { decimals: 9 },
  baseline: { months: 12, min_months: 3 },
} as const satisfies Partial<MonthInput>;

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Log-normal with mean 1: for rates not the family the priors assume. */
function relative(variation: number, random: Random): number {
  const variance = Math.log(1 + variation ** 2);
  return Math.exp(normal(random) * Math.sqrt(variance) - variance / 2);
}

/** Above this Knuth's product would vanish. */
const LARGE_MEAN = 400;

/** Knuth's product of uniforms; a large mean as the sum of two halves. */
export function drawPoisson(mean: number, random: Random): number {
  if (mean > LARGE_MEAN) return drawPoisson(mean / 2, random) + drawPoisson(mean / 2, random);
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

export function indicatorsOf(window: number): MonthIndicator[] {
  return rateNames.map((code) => ({
    code,
    recordType: 'study',
    kind: 'rate',
    direction: -1,
    window,
    weighting: 'sum',
    goalposts: { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 },
    weight: 1,
  }));
}

export interface DrawnCounty {
  /** By unit, then by rate: events per 10 000 residents and month. */
  truth: Array<Record<RateName, number>>;
  /** What was counted. */
  observed: ReadonlyMap<string, MonthComponent>;
  /** What would be counted without chance. */
  expected: ReadonlyMap<string, MonthComponent>;
  codes: string[];
  /** By unit. */
  populations: number[];
}

export function drawCounty({ units, population, sizes, variation }: CountyKind, random: Random): DrawnCounty {
  const codes = Array.from({ length: units }, (_, i) => `u${String(i + 1).padStart(2, '0')}`);
  const populations = codes.map(() => Math.round(population * relative(sizes, random)));
  const observed = new Map<string, MonthComponent>();
  const expected = new Map<string, MonthComponent>();
  const truth = codes.map((code, u) => {
    const own = Object.fromEntries(rateNames.map((name) => [name, rates[name] * relative(variation, random)]));
    for (const name of rateNames) {
      const mean = ((own[name] ?? 0) * (populations[u] ?? 0)) / 10_000;
      for (const month of months) {
        const key = componentKey(name, code, month);
        observed.set(key, { numerator: drawPoisson(mean, random), denominator: null });
        expected.set(key, { numerator: mean, denominator: null });
      }
    }
    return own as Record<RateName, number>;
  });
  return { truth, observed, expected, codes, populations };
}

export interface Rules {
  window: number;
  shrinkage: 'none' | 'empirical_bayes';
  trend: number;
}

export function monthInput(
  { codes, populations }: DrawnCounty,
  components: ReadonlyMap<string, MonthComponent>,
  { window, shrinkage, trend }: Rules,
): MonthInput {
  return {
    ...studyRules,
    dimensions: [{ id: 'police', weight: 1, indicators: indicatorsOf(window) }],
    units: codes.map((code, u) => ({ code, peerClass: 'town', population: populations[u] ?? null })),
    components,
    shrinkage: { method: shrinkage, min_class: 4 },
    trend: { share: trend },
  };
}
