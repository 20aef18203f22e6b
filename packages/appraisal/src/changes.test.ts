import { monthRange } from '@pingan/contracts';
import { parseScheme } from '@pingan/indicators';
import { builtinCounty } from '@pingan/regions';
import { componentKey, coverageKey, type MonthComponent } from '@pingan/scoring';
import { describe, expect, it } from 'vitest';
import { changesOf, percentChange } from './changes.js';
import type { Evidence } from './evidence.js';

const county = { ...builtinCounty('610222')!, startMonth: '2024-01' };
const unit = '610222102';
const scheme = parseScheme(
  JSON.stringify({
    name: '试行',
    dimensions: [
      {
        id: 'police',
        weight: 1,
        indicators: [
          { code: 'P01', weight: 1, window: 1, goalposts: { rule: 'absolute', g0: 100, g60: 40, g100: 0 } },
          { code: 'P09', weight: 1, window: 1, goalposts: { rule: 'absolute', g0: 0, g60: 60, g100: 100 } },
        ],
      },
    ],
  }),
  { file: '' },
);

/** Cases by month; arrivals always 8 of 10. */
function evidenceOf(cases: Record<string, number>): Evidence {
  const months = monthRange('2024-01', '2025-12');
  const components = months.flatMap((month): [string, MonthComponent][] => [
    [componentKey('P01', unit, month), { numerator: cases[month] ?? 20, denominator: 0 }],
    [componentKey('P09', unit, month), { numerator: 8, denominator: 10 }],
  ]);
  return {
    county,
    rolledUp: {
      components: new Map(components),
      parts: [],
      coverage: new Set(months.map((month) => coverageKey('police.incident', month))),
      cases: new Map(),
      occurred: new Map(),
      unplaced: new Map(),
      firstMonth: '2024-01',
      canonical: new Map(),
    },
    redLines: new Map(),
    zeroReports: [],
    schemeOf: () => scheme,
  };
}

const against = (evidence: Evidence, period: string, last = '2025-12') =>
  changesOf(evidence, { period, against: 'year', unit, last });

describe('changesOf', () => {
  // 春节 in February 2024, in January 2025: the quiet month moves, the two together do not.
  const festival = evidenceOf({ '2024-01': 30, '2024-02': 10, '2025-01': 10, '2025-02': 30 });

  it('compares January and February together with the year before', () => {
    for (const period of ['2025-01', '2025-02']) {
      const { explanation, pair } = against(festival, period);
      expect(Math.abs(explanation.change!)).toBeGreaterThan(1);
      expect(pair).toMatchObject({ before: ['2024-01', '2024-02'], after: ['2025-01', '2025-02'] });
      expect(pair!.change).toBeCloseTo(0, 9);
      expect(pair!.score_before).toBeCloseTo(pair!.score_after, 9);
      expect(pair!.counts.find(({ code }) => code === 'P01')).toEqual({
        code: 'P01',
        before: 40,
        after: 40,
        percent: 0,
      });
    }
  });

  it('sums the steps of the pair to its change', () => {
    const { pair } = against(evidenceOf({ '2024-01': 33, '2025-01': 12, '2025-02': 27 }), '2025-02');
    const sum = pair!.indicators.reduce(
      (total, { count, denominator, reference }) => total + count + denominator + reference,
      0,
    );
    expect(sum + pair!.deduction + pair!.floor).toBeCloseTo(pair!.change, 9);
    expect(pair!.change).toBeCloseTo(pair!.score_after - pair!.score_before, 9);
    expect(pair!.change).not.toBeCloseTo(0, 3);
  });

  it('has no pair before February is over, in other months, or against the month before', () => {
    expect(against(festival, '2025-01', '2025-01').pair).toBeNull();
    expect(against(festival, '2025-03').pair).toBeNull();
    expect(changesOf(festival, { period: '2025-02', against: 'month', unit, last: '2025-12' }).pair).toBeNull();
  });
});

describe('percentChange', () => {
  it('is hidden on fewer than ten cases and for what are no cases', () => {
    expect(percentChange('P01', 10, 15)).toBe(50);
    expect(percentChange('P01', 9, 15)).toBeNull();
    expect(percentChange('P01', null, 15)).toBeNull();
    expect(percentChange('O01', 100, 50)).toBeNull();
    expect(percentChange('P02', 3650, 0)).toBeNull();
  });
});
