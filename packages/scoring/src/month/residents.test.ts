import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankIntervals } from '../intervals/index.js';
import { scoreMonth } from './score-month.js';
import { county } from './test-county.js';
import { dimension, indicator, monthInput, monthsBetween, type Sketch, unit } from './test-input.js';
import { windowValues } from './window-values.js';

const covered = monthsBetween('2025-01', '2026-03');
const absolute = { rule: 'absolute', g0: 50, g60: 20, g100: 0 } as const;
const factors = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 } as const;
const rate = indicator('R', { kind: 'rate', direction: -1, window: 3, goalposts: absolute });

const inMonths = (from: string, to: string, value: number | null) =>
  new Map(monthsBetween(from, to).map((month) => [month, value]));

/** `perMonth` cases of each unit in every month from 2025-01 on. */
const steady = (code: string, perMonth: Record<string, number>): NonNullable<Sketch['cells']> =>
  Object.entries(perMonth).flatMap(([of, cases]) =>
    covered.map((month): [string, string, string, number] => [code, of, month, cases]),
  );

const first = (input: ReturnType<typeof monthInput>, code: string) =>
  scoreMonth(input).units.find((one) => one.code === code)!.indicators[0]!;

describe('residents by month', () => {
  it('that never change are the same as one population, byte for byte', () => {
    fc.assert(
      fc.property(county, (input) => {
        const months = monthsBetween(input.startMonth, input.period);
        const same = {
          ...input,
          units: input.units.map((one) => ({
            ...one,
            residents: new Map(months.map((month) => [month, one.population])),
          })),
        };
        expect(JSON.stringify(scoreMonth(same))).toBe(JSON.stringify(scoreMonth(input)));
        const draws = { seed: 1, draws: 20 };
        expect(JSON.stringify(rankIntervals(same, draws))).toBe(JSON.stringify(rankIntervals(input, draws)));
      }),
      { numRuns: 60, seed: 20260 },
    );
  });

  it('leave months before a unit existed out of rates, counts and intensities', () => {
    const young = unit('young', { residents: inMonths('2026-02', '2026-03', 10_000) });
    const input = monthInput({
      units: [unit('old'), young],
      covered,
      // January's are of whoever was there before.
      cells: [
        ...steady('R', { old: 10, young: 10 }),
        ...steady('C', { old: 2, young: 2 }),
        ...steady('I', { young: 7 }),
      ],
      dimensions: [],
    });
    const [, values] = windowValues(input, [
      rate,
      indicator('C', { kind: 'count', window: 12 }),
      indicator('I', { kind: 'intensity', weighting: 'ewma', window: 3 }),
    ]);
    expect(values!.indicators).toMatchObject([
      { numerator: 20, denominator: 20_000, value: 10, months: 2, window: { from: '2026-02', to: '2026-03' } },
      { numerator: 4, value: 4, months: 2 },
      { numerator: 14, value: expect.closeTo(7, 9), months: 2 },
    ]);
  });

  it('divide by the residents of each month', () => {
    const residents = new Map([...inMonths('2025-01', '2026-01', 8_000), ...inMonths('2026-02', '2026-03', 16_000)]);
    const input = monthInput({
      units: [unit('u', { population: 16_000, residents })],
      covered,
      cells: steady('R', { u: 4 }),
      dimensions: [dimension([rate])],
      trend: { share: 0.5 },
    });
    // 12 cases ÷ 40 000 resident-months; the year before at 8 000 residents: 48 ÷ 96 000.
    expect(first(input, 'u')).toMatchObject({ denominator: 40_000, value: 3, own_mean: 5, population: 16_000 });
  });

  it('not known in a month of the window give no rate', () => {
    const residents = new Map([...inMonths('2025-01', '2026-01', null), ...inMonths('2026-02', '2026-03', 16_000)]);
    const input = monthInput({ units: [unit('u', { residents })], covered, cells: steady('R', { u: 4 }) });
    expect(windowValues(input, [rate])[0]!.indicators[0]).toMatchObject({
      value: null,
      missing_reason: 'no_population',
    });
  });

  it('hold counts against as many months as the unit has', () => {
    const count = indicator('C', { kind: 'count', direction: -1, window: 6, goalposts: factors });
    const young = unit('young', { residents: inMonths('2026-02', '2026-03', 10_000) });
    const cells = steady('C', { old: 3, young: 3 }).filter(([, of, month]) => of === 'old' || month >= '2026-02');
    const input = monthInput({ units: [unit('old'), young], covered, cells, dimensions: [dimension([count])] });
    expect(first(input, 'old')).toMatchObject({ value: 18, goalposts: { g60: 18 }, score: 60 });
    expect(first(input, 'young')).toMatchObject({ value: 6, goalposts: { g60: 6 }, score: 60 });
  });

  it('give a trend only with enough months of the unit’s own', () => {
    const cells = steady('R', { old: 10, young: 10 });
    const at = (since: string) =>
      first(
        monthInput({
          units: [unit('old'), unit('young', { residents: inMonths(since, '2026-03', 10_000) })],
          covered,
          cells,
          dimensions: [dimension([rate])],
          trend: { share: 0.3 },
        }),
        'young',
      );
    expect(at('2025-10')).toMatchObject({ own_mean: 10, own_ratio: 1, trend: 60 });
    // Two months before the window, of three that a baseline takes.
    expect(at('2025-11')).toMatchObject({ own_mean: null, trend: null, score: 80 });
  });

  it('leave months in which nothing can have happened out of the noise of an intensity', () => {
    const intensity = indicator('I', { kind: 'intensity', direction: -1, window: 3, goalposts: factors });
    const cells: NonNullable<Sketch['cells']> = covered.flatMap((month, m) =>
      ['a', 'b', 'c'].map((of): [string, string, string, number] => [
        'I',
        of,
        month,
        5 + ((m * 7 + of.charCodeAt(0)) % 5),
      ]),
    );
    const since = '2026-01';
    const scores = (extra: Partial<Sketch>) =>
      scoreMonth(
        monthInput({
          units: ['a', 'b', 'c'].map((code) => unit(code)),
          covered: monthsBetween(since, '2026-03'),
          startMonth: since,
          cells,
          dimensions: [dimension([intensity])],
          shrinkage: { method: 'empirical_bayes', min_class: 3 },
          ...extra,
        }),
      ).units;
    // A county whose units all begin in January is one that begins in January.
    const young = ['a', 'b', 'c'].map((code) => unit(code, { residents: inMonths(since, '2026-03', 10_000) }));
    expect(scores({ units: young, covered, startMonth: '2025-01' }).map(({ score }) => score)).toEqual(
      scores({}).map(({ score }) => score),
    );
  });
});
