import { describe, expect, it } from 'vitest';
import { bandAfter } from './hysteresis.js';
import { monthsBetween } from './test-input.js';
import type { BandMonth } from './types.js';

const bands = [
  { id: 'blue', min: 90 },
  { id: 'yellow', min: 80 },
  { id: 'orange', min: 70 },
  { id: 'red', min: 0 },
];

/** Colours of a run of months, each decided on those before it. */
function colours(scores: Array<number | null>, hysteresis = { points: 1, months: 2 }): string {
  let history: BandMonth[] = [];
  monthsBetween('2026-01', '2026-12')
    .slice(0, scores.length)
    .forEach((month, i) => {
      const state = bandAfter({ month, score: scores[i] ?? null }, history, { bands, hysteresis, decimals: 9 });
      history = state.band_history;
    });
  return history.map(({ band }) => band?.[0] ?? '-').join('');
}

describe('bandAfter', () => {
  it.each([
    ['stays for one month just below', [85, 79.5, 80.2], 'yyy'],
    ['follows after two months just below', [85, 79.5, 79.8], 'yyo'],
    ['follows at once beyond a point', [85, 78.9], 'yo'],
    ['follows at exactly a point above', [85, 91], 'yb'],
    ['stays at exactly a point below', [85, 79], 'yy'],
    ['stays for one month just above', [85, 90.5, 89], 'yyy'],
    ['follows after two months just above', [85, 90.5, 90], 'yyb'],
    ['alternates without changing', [85, 79.5, 80.5, 79.5, 80.5], 'yyyyy'],
    ['falls several colours at once, as far as is sure', [95, 69.5, 69.5], 'bor'],
    ['rises several colours at once, as far as is sure', [60, 90.5, 90.5], 'ryb'],
    ['changes once for two months on different levels', [85, 69.5, 79.9], 'yoo'],
    ['starts afresh after a month without a score', [85, null, 79.5], 'y-o'],
  ])('%s', (_what, scores, expected) => {
    expect(colours(scores)).toBe(expected);
  });

  it('follows the plain thresholds when switched off', () => {
    expect(colours([85, 79.9, 80, 89.99, 90], { points: 0, months: 2 })).toBe('yoyyb');
  });

  it('waits for as many months as asked', () => {
    expect(colours([85, 79.5, 79.5, 79.5], { points: 1, months: 3 })).toBe('yyyo');
    expect(colours([85, 79.5], { points: 1, months: 1 })).toBe('yo');
  });

  it('counts the months running and keeps a year of record', () => {
    const options = { bands, hysteresis: { points: 0, months: 1 }, decimals: 9 };
    const reds = monthsBetween('2025-01', '2026-02').map((month) => ({ month, score: 60, band: 'red' }));
    const state = bandAfter({ month: '2026-03', score: 65 }, reds, options);
    expect(state).toMatchObject({ band: 'red', band_months: 15 });
    expect(state.band_history).toHaveLength(12);
    expect(state.band_history.at(-1)).toEqual({ month: '2026-03', score: 65, band: 'red' });
    expect(bandAfter({ month: '2026-03', score: 75 }, reds, options)).toMatchObject({ band: 'orange', band_months: 1 });
    expect(bandAfter({ month: '2026-04', score: 60 }, reds, options).band_months).toBe(1);
    expect(bandAfter({ month: '2026-03', score: null }, reds, options)).toMatchObject({ band: null, band_months: 0 });
  });

  it('does not depend on the order of the record', () => {
    const record = [
      { month: '2026-01', score: 85, band: 'yellow' },
      { month: '2026-02', score: 79.5, band: 'yellow' },
    ];
    const options = { bands, hysteresis: { points: 1, months: 2 }, decimals: 9 };
    const current = { month: '2026-03', score: 79.5 };
    expect(bandAfter(current, [...record].reverse(), options)).toEqual(bandAfter(current, record, options));
  });
});
