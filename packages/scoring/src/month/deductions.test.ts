import { describe, expect, it } from 'vitest';
import { type DeductionRule, deductionsOf, type RedLineEvent } from './deductions.js';
import { scoreMonth } from './score-month.js';
import { dimension, indicator, monthInput, unit } from './test-input.js';

const rules: DeductionRule[] = [
  { id: 'veto', name: '一票否决', kind: 'veto', events: ['veto'], points: 30, doubled_in: [] },
  {
    id: 'deaths_3',
    name: '3至5人',
    kind: 'deaths',
    events: ['accident'],
    min: 3,
    max: 5,
    points: 5,
    doubled_in: [{ from: '2026-03-03', to: '2026-03-12' }],
  },
  {
    id: 'deaths_6',
    name: '6人以上',
    kind: 'deaths',
    events: ['accident'],
    min: 6,
    max: null,
    points: 10,
    doubled_in: [],
  },
  { id: 'count', name: '逾期', kind: 'count', events: ['overdue'], points: 2, free: 1, doubled_in: [] },
];

const event = (date: string, changes: Partial<RedLineEvent> = {}): RedLineEvent => ({
  unit: 'u1',
  date,
  kind: 'accident',
  deaths: 3,
  case_ref: `case-${date}`,
  ...changes,
});

const of = (events: RedLineEvent[], cap = 30) => deductionsOf({ cap, rules }, { unit: 'u1', month: '2026-03', events });
const total = (events: RedLineEvent[], cap = 30) => of(events, cap).reduce((sum, { applied }) => sum + applied, 0);

describe('deductionsOf', () => {
  it.each([
    [2, 0],
    [3, 5],
    [5, 5],
    [6, 10],
    [9, 10],
    [40, 10],
  ])('%d deaths cost %d', (deaths, points) => {
    expect(total([event('2026-03-20', { deaths })])).toBe(points);
  });

  it('ties each deduction to its event', () => {
    expect(of([event('2026-03-20')])).toEqual([
      {
        rule: 'deaths_3',
        name: '3至5人',
        case_ref: 'case-2026-03-20',
        date: '2026-03-20',
        kind: 'accident',
        deaths: 3,
        doubled: false,
        points: 5,
        applied: 5,
      },
    ]);
  });

  it.each([
    ['2026-03-02', false],
    ['2026-03-03', true],
    ['2026-03-12', true],
    ['2026-03-13', false],
  ])('doubles inside a sensitive period, both ends included: %s', (date, doubled) => {
    expect(of([event(date)])).toMatchObject([{ doubled, points: doubled ? 10 : 5 }]);
  });

  it('stops at the cap, in order of date', () => {
    const events = [
      event('2026-03-30'),
      event('2026-03-01', { kind: 'veto', deaths: 0 }),
      event('2026-03-02', { deaths: 7 }),
    ];
    expect(of(events, 37).map(({ points, applied }) => [points, applied])).toEqual([
      [30, 30],
      [10, 7],
      [5, 0],
    ]);
    expect(of([...events].reverse(), 37)).toEqual(of(events, 37));
  });

  it('charges a case once, by its dearest rule', () => {
    expect(of([event('2026-03-20'), event('2026-03-20')])).toHaveLength(1);
    const veto = event('2026-03-20', { kind: 'veto' });
    expect(of([event('2026-03-20'), veto])).toMatchObject([{ rule: 'veto', points: 30 }]);
    expect(total([event('2026-03-20', { case_ref: 'a' }), event('2026-03-20', { case_ref: 'b' })])).toBe(10);
  });

  it('counts beyond the free ones, and only this unit and month', () => {
    const late = (date: string) => event(date, { kind: 'overdue', deaths: 0 });
    expect(of([late('2026-03-09'), late('2026-03-02'), late('2026-03-15')]).map(({ date }) => date)).toEqual([
      '2026-03-09',
      '2026-03-15',
    ]);
    expect(of([event('2026-02-28'), event('2026-04-01'), event('2026-03-05', { unit: 'u2' })])).toEqual([]);
  });
});

describe('scoreMonth with red lines', () => {
  const input = (red_lines: RedLineEvent[], points = 30) =>
    monthInput({
      units: [unit('u1'), unit('u2')],
      dimensions: [dimension([indicator('A')])],
      cells: [
        ['A', 'u1', '2026-03', 92, 100],
        ['A', 'u2', '2026-03', 80, 100],
      ],
      deductions: { cap: points, rules },
      red_lines,
    });

  it('takes points off after the weighted score, and ranks and colours what is left', () => {
    const [first, second] = scoreMonth(input([event('2026-03-20', { kind: 'veto', deaths: 0 })])).units;
    expect(first).toMatchObject({ score_before_deductions: 92, score: 62, rank: 2, band: 'red' });
    expect(first?.deductions).toHaveLength(1);
    expect(first?.indicators[0]?.contribution).toBe(92);
    expect(second).toMatchObject({ score_before_deductions: 80, score: 80, rank: 1, deductions: [] });
  });

  it('never goes below zero', () => {
    const events = ['a', 'b', 'c', 'd'].map((case_ref) => event('2026-03-20', { kind: 'veto', case_ref }));
    expect(scoreMonth(input(events, 100)).units[0]).toMatchObject({ score: 0, rank: 2 });
  });

  it.each([
    ['an unknown unit', { unit: 'u9' }],
    ['a malformed date', { date: '2026-3-20' }],
    ['half a death', { deaths: 0.5 }],
  ])('refuses %s', (_what, changes) => {
    expect(() => scoreMonth(input([event('2026-03-20', changes)]))).toThrow(RangeError);
  });
});
