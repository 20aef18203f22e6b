import { describe, expect, it } from 'vitest';
import type { ScoredMonth } from './mean.js';
import { quarterMonths, scoreQuarter } from './quarter.js';
import { scoreYear, yearMonths } from './year.js';
import { yearOnYear } from './year-on-year.js';

const tie = { decimals: 2 };

/** Units a, b, …: score, and a police score ten points below it. */
function scored(...scores: Array<number | null>): ScoredMonth {
  return scores.map((score, u) => ({
    code: 'abcdef'[u]!,
    score,
    band: score === null ? null : score < 70 ? 'red' : 'blue',
    dimensions: [
      {
        id: 'police',
        score: score === null ? null : score - 10,
        weight: 1,
        missing_reason: score === null ? 'insufficient_data' : null,
      },
    ],
  }));
}

describe('scoreQuarter', () => {
  it('is the mean of the scores, not of the ranks', () => {
    const months = new Map([
      ['2026-04', scored(90, 80)],
      ['2026-05', scored(71, 70)],
      ['2026-06', scored(60, 95)],
    ]);
    // a is first twice; b is further ahead once.
    const units = scoreQuarter('2026-Q2', months, { tie });
    expect(units.map(({ code, rank }) => [code, rank])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(units[0]?.score).toBeCloseTo(221 / 3, 12);
    expect(units[0]?.dimensions).toEqual([{ id: 'police', score: expect.closeTo(191 / 3, 12), missing_reason: null }]);
    expect(units[1]?.months).toEqual([
      { month: '2026-04', score: 80 },
      { month: '2026-05', score: 70 },
      { month: '2026-06', score: 95 },
    ]);
  });

  it('shares ranks of means that round alike', () => {
    const months = new Map(quarterMonths('2026-Q1').map((month) => [month, scored(80.001, 80.002, 70)]));
    expect(scoreQuarter('2026-Q1', months, { tie }).map(({ rank }) => rank)).toEqual([1, 1, 3]);
  });

  it('gives nothing from fewer than three months', () => {
    const months = new Map([
      ['2026-10', scored(90, 80)],
      ['2026-11', scored(90, null)],
    ]);
    const missing = { score: null, rank: null, missing_reason: 'incomplete' };
    expect(scoreQuarter('2026-Q4', months, { tie })).toMatchObject([missing, missing]);
    const third = new Map([...months, ['2026-12', scored(90, 80)]]);
    expect(scoreQuarter('2026-Q4', third, { tie })).toMatchObject([{ score: 90, rank: 1 }, missing]);
    expect(scoreQuarter('2026-Q4', new Map(), { tie })).toEqual([]);
  });

  it('refuses what is no quarter', () => {
    expect(quarterMonths('2026-Q4')).toEqual(['2026-10', '2026-11', '2026-12']);
    for (const wrong of ['2026-Q5', '2026-1', '']) expect(() => quarterMonths(wrong)).toThrow(RangeError);
  });
});

describe('scoreYear', () => {
  const year = (...scores: Array<number | null>) =>
    new Map(yearMonths('2026').map((month) => [month, scored(...scores)]));

  it('grades by the lines', () => {
    const units = scoreYear('2026', year(90, 89.99, 70, 69.99, 89.996), { tie });
    expect(units.map(({ grade }) => grade)).toEqual([
      'excellent',
      'qualified',
      'qualified',
      'unqualified',
      'excellent',
    ]);
  });

  it('adds annual items, with names and reasons, to mean and rank', () => {
    const items = [
      { unit: 'a', name: '群众安全感', reason: '低于96%', points: -3 },
      { unit: 'b', name: '表彰', reason: '市级', points: 1.5 },
    ];
    const units = scoreYear('2026', year(91, 89), { items, tie });
    expect(units[0]).toMatchObject({ mean: 91, score: 88, rank: 2, grade: 'qualified', items: [items[0]] });
    expect(units[1]).toMatchObject({ mean: 89, score: 90.5, rank: 1, grade: 'excellent' });
  });

  it('fails a vetoed year, complete or not, and keeps a red month from excellence', () => {
    const veto = { unit: 'a', name: '一票否决', reason: '重大事故' };
    expect(scoreYear('2026', year(95, 95), { vetoes: [veto], tie })).toMatchObject([
      { grade: 'unqualified', score: 95, vetoes: [veto] },
      { grade: 'excellent' },
    ]);
    const months = year(95, null);
    expect(scoreYear('2026', months, { vetoes: [{ ...veto, unit: 'b' }], tie })[1]).toMatchObject({
      grade: 'unqualified',
      score: null,
    });
    expect(scoreYear('2026', months, { tie })[1]).toMatchObject({ grade: null, missing_reason: 'incomplete' });
    months.set('2026-05', scored(69, 90));
    expect(scoreYear('2026', months, { tie })[0]).toMatchObject({ grade: 'qualified', red_months: ['2026-05'] });
  });

  it('takes other lines', () => {
    const lines = { qualified: 60, excellent: 85, red_band: 'none' };
    expect(scoreYear('2026', year(85, 60), { lines, tie }).map(({ grade }) => grade)).toEqual([
      'excellent',
      'qualified',
    ]);
  });

  it('refuses unknown units, points without a number, no year', () => {
    const item = { unit: 'z', name: '项', reason: '', points: 1 };
    expect(() => scoreYear('2026', year(90), { items: [item], tie })).toThrow(RangeError);
    expect(() => scoreYear('2026', year(90), { vetoes: [item], tie })).toThrow(RangeError);
    expect(() => scoreYear('2026', year(90), { items: [{ ...item, unit: 'a', points: Number.NaN }], tie })).toThrow(
      RangeError,
    );
    expect(() => scoreYear('26', new Map(), { tie })).toThrow(RangeError);
  });
});

describe('yearOnYear', () => {
  const months = new Map([
    ['2025-01', scored(60)],
    ['2025-02', scored(80)],
    ['2025-03', scored(75)],
    ['2026-01', scored(85)],
    ['2026-02', scored(65)],
    ['2026-03', scored(80, 50)],
  ]);

  it('compares a month with itself a year before', () => {
    const { months: compared, units } = yearOnYear('2026-03', months);
    expect(compared).toEqual(['2026-03']);
    expect(units[0]).toMatchObject({ now: 80, before: 75, change: 5, dimensions: [{ id: 'police', change: 5 }] });
    expect(units[1]).toMatchObject({ now: 50, before: null, change: null, missing_reason: 'incomplete' });
  });

  it('takes January and February together, wherever the festival fell', () => {
    for (const month of ['2026-01', '2026-02']) {
      const { months: compared, before, units } = yearOnYear(month, months);
      expect([compared, before]).toEqual([
        ['2026-01', '2026-02'],
        ['2025-01', '2025-02'],
      ]);
      expect(units[0]).toMatchObject({ now: 75, before: 70, change: 5 });
    }
    const january = new Map([...months].filter(([month]) => month !== '2026-02'));
    expect(yearOnYear('2026-01', january).units[0]).toMatchObject({ now: null, before: 70, change: null });
  });
});
