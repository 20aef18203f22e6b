import { describe, expect, it } from 'vitest';
import { chanceOfZero, improbableZeros, type UnitMonth } from './improbable-zero.js';

const months = (counts: readonly number[], confirmed: readonly number[] = []): UnitMonth[] =>
  counts.map((count, i) => ({ month: `m${i}`, count, confirmed: confirmed.includes(i) }));
const found = (counts: readonly number[], confirmed: readonly number[] = [], units = 8) =>
  improbableZeros(months(counts, confirmed), () => units);

describe('chanceOfZero', () => {
  it('is that of a Poisson count with an unknown mean', () => {
    // 12 months of 20 each: (12/13)^240.5 = e^(240.5 × ln(12/13)) = e^-19.2504
    expect(Math.log(chanceOfZero(Array(12).fill(20)))).toBeCloseTo(-19.2504, 3);
    // 3 months of 2 each: (3/4)^6.5
    expect(chanceOfZero([2, 2, 2])).toBeCloseTo(0.15411, 4);
  });

  it('allows for counts that vary more', () => {
    // Mean 5, variance 50: (5/50)^(25/45)
    expect(chanceOfZero([0, 0, 15])).toBeCloseTo((5 / 75) ** (25 / 70), 12);
    const restless = [2, 40, 3, 35, 1, 50, 4, 38, 2, 45, 3, 41];
    expect(chanceOfZero(restless)).toBeGreaterThan(0.02);
  });

  it('is 1 where there is no past to speak of', () => {
    expect([[], [30], [30, 31]].map(chanceOfZero)).toEqual([1, 1, 1]);
    expect(chanceOfZero([0, 0, 0])).toBeGreaterThan(0.8);
  });
});

describe('improbableZeros', () => {
  it('marks the missing month of a unit with twenty cases a month', () => {
    expect(found([20, 21, 19, 22, 20, 0, 21])).toEqual([
      { month: 'm5', mean: 20.4, chance: expect.any(Number) as number, confirmed: false },
    ]);
  });

  it('leaves the zeros of a unit that has none to two cases', () => {
    expect(found([0, 1, 2, 1, 0, 2, 1, 0, 1, 2, 0, 0, 0])).toEqual([]);
  });

  it('does not take one gap as a reason for the next', () => {
    expect(found([20, 20, 20, 20, 0, 0, 0]).map(({ month }) => month)).toEqual(['m4', 'm5', 'm6']);
  });

  it('takes a confirmed zero for what it is, now and later', () => {
    const [first, ...others] = found([20, 20, 20, 20, 0, 0], [4]);
    expect(first).toMatchObject({ month: 'm4', confirmed: true });
    expect(others).toEqual([]);
  });

  it('asks for more where more units are looked at', () => {
    // (12/13)^(12 × 9 + 1/2) = 1.7e-4
    const nine = [...Array(12).fill(9), 0];
    expect(found(nine, [], 1)).toHaveLength(1);
    expect(found(nine, [], 5)).toHaveLength(1);
    expect(found(nine, [], 6)).toHaveLength(0);
  });
});
