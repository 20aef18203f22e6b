import { componentKey, coverageKey, type MonthComponent, type MonthIndicator, type MonthInput } from '@pingan/scoring';
import { describe, expect, it } from 'vitest';
import { waterfall } from './waterfall.js';

const rate: MonthIndicator = {
  code: 'R',
  recordType: 'test',
  kind: 'rate',
  direction: -1,
  window: 1,
  weighting: 'sum',
  goalposts: { rule: 'absolute', g0: 100, g60: 40, g100: 0 },
  weight: 1,
};
const ratio: MonthIndicator = {
  ...rate,
  code: 'Q',
  kind: 'ratio',
  direction: 1,
  goalposts: { rule: 'absolute', g0: 0, g60: 60, g100: 100 },
};

interface Sketch {
  period: string;
  population: number;
  cells: [code: string, unit: string, numerator: number, denominator?: number][];
}

function month({ period, population, cells }: Sketch, changes: Partial<MonthInput> = {}): MonthInput {
  const components = cells.map(([code, unit, numerator, denominator]): [string, MonthComponent] => [
    componentKey(code, unit, period),
    { numerator, denominator: denominator ?? null },
  ]);
  return {
    period,
    startMonth: '2026-01',
    dimensions: [{ id: 'police', weight: 1, indicators: [rate, ratio] }],
    units: ['u1', 'u2'].map((code) => ({ code, peerClass: 'town', population })),
    components: new Map(components),
    coverage: new Set(['2026-02', '2026-03'].map((covered) => coverageKey('test', covered))),
    missing: { max_share: 0.3 },
    bands: [{ id: 'red', min: 0 }],
    tie: { decimals: 9 },
    baseline: { months: 12, min_months: 3 },
    ...changes,
  };
}

const february = month({
  period: '2026-02',
  population: 10_000,
  cells: [
    ['R', 'u1', 40],
    ['Q', 'u1', 6, 10],
  ],
});
const stepOf = ({ indicators }: ReturnType<typeof waterfall>, code: string) =>
  indicators.find((step) => step.code === code)!;

describe('waterfall', () => {
  it('gives cases what cases did, and sums to the change', () => {
    const march = month({
      period: '2026-03',
      population: 10_000,
      cells: [
        ['R', 'u1', 20],
        ['Q', 'u1', 8, 10],
      ],
    });
    const found = waterfall(february, march, 'u1');
    // Rate 40 → 20 is 60 → 80 points, ratio 60 % → 80 % the same; each weighs half.
    expect(stepOf(found, 'R')).toMatchObject({ cases: 10, denominator: 0, targets: 0, points: 10 });
    expect(stepOf(found, 'Q').cases).toBeCloseTo(10, 9);
    expect(found.points).toBeCloseTo(20, 9);
  });

  it('gives residents and matters what they did', () => {
    const march = month({
      period: '2026-03',
      population: 20_000,
      cells: [
        ['R', 'u1', 40],
        ['Q', 'u1', 12, 20],
      ],
    });
    const found = waterfall(february, march, 'u1');
    expect(stepOf(found, 'R')).toMatchObject({ cases: 0, denominator: 10, targets: 0 });
    expect(stepOf(found, 'Q')).toMatchObject({ cases: 0, denominator: 0, targets: 0 });
  });

  it('gives the scheme what other targets and weights did', () => {
    const harder = { ...rate, goalposts: { rule: 'absolute', g0: 80, g60: 20, g100: 0 } } as const;
    const march = month(
      {
        period: '2026-03',
        population: 10_000,
        cells: [
          ['R', 'u1', 40],
          ['Q', 'u1', 6, 10],
        ],
      },
      { dimensions: [{ id: 'police', weight: 1, indicators: [harder, ratio] }] },
    );
    const found = waterfall(february, march, 'u1');
    expect(stepOf(found, 'R')).toMatchObject({ cases: 0, denominator: 0, targets: -10, points: -10 });
  });

  it('keeps deductions apart, and the floor at zero with them', () => {
    const deductions = {
      cap: 100,
      rules: [{ id: 'v', name: '否决', kind: 'veto', events: ['veto'], points: 90, doubled_in: [] }],
    } as const;
    const red_lines = [{ unit: 'u1', date: '2026-03-02', kind: 'veto', deaths: 0, case_ref: 'c' }];
    const cells: Sketch['cells'] = [
      ['R', 'u1', 40],
      ['Q', 'u1', 6, 10],
    ];
    const found = waterfall(
      february,
      month({ period: '2026-03', population: 10_000, cells }, { deductions, red_lines }),
      'u1',
    );
    expect(found.deductions).toBeCloseTo(-60, 9);
    expect(found.points).toBeCloseTo(-60, 9);
  });

  it('has no steps without a score on either side', () => {
    const march = month({ period: '2026-03', population: 10_000, cells: [['R', 'u1', 40]] });
    expect(waterfall(february, march, 'u1')).toMatchObject({ points: null, indicators: [] });
  });

  it('sums to the change for any counts, with shrinkage, trend and class means', () => {
    let state = 7;
    const random = (top: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % top;
    };
    const relative = { ...rate, goalposts: { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } } as const;
    for (let i = 0; i < 40; i++) {
      const cells = (): Sketch['cells'] =>
        ['u1', 'u2'].flatMap((unit): Sketch['cells'] => {
          const denominator = random(12);
          return [
            ['R', unit, random(60)],
            ['Q', unit, Math.min(denominator, random(12)), denominator],
          ];
        });
      const options = {
        dimensions: [{ id: 'police', weight: 1, indicators: [relative, ratio] }],
        shrinkage: { method: 'empirical_bayes', min_class: 4 },
        missing: { max_share: 0.6 },
        baseline: { months: 12, min_months: 1 },
        trend: { share: 0.3 },
      } as const;
      const from = month({ period: '2026-02', population: 8_000 + random(4_000), cells: cells() }, options);
      const own = month({ period: '2026-03', population: 8_000 + random(4_000), cells: cells() }, options);
      const to = { ...own, components: new Map([...from.components, ...own.components]) };
      const found = waterfall(from, to, 'u1');
      if (found.points === null) continue;
      const steps = found.indicators.reduce((sum, step) => sum + step.cases + step.denominator + step.targets, 0);
      expect(steps + found.deductions).toBeCloseTo(found.points, 9);
    }
  });
});
