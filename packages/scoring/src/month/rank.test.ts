import { describe, expect, it } from 'vitest';
import { bandOf, competitionRanks } from './rank.js';
import { monthInput } from './test-input.js';

describe('ranks', () => {
  it('give ties the same rank and skip the next', () => {
    expect(competitionRanks([80, 90, 90, null, 70], 9)).toEqual([3, 1, 1, null, 4]);
  });

  it('see ties at the stated decimals, not at the displayed ones', () => {
    expect(competitionRanks([90, 90.0000000001, 90.004], 9)).toEqual([2, 2, 1]);
    expect(competitionRanks([90, 90.004], 2)).toEqual([1, 1]);
  });

  it('rank nothing where nothing has a score', () => {
    expect(competitionRanks([null, null], 9)).toEqual([null, null]);
  });
});

describe('bands', () => {
  const { bands } = monthInput({});
  it.each([
    [100, 'blue'],
    [90, 'blue'],
    [89.9999999999, 'blue'],
    [89.99999, 'yellow'],
    [80, 'yellow'],
    [79.99, 'orange'],
    [70, 'orange'],
    [69.99, 'red'],
    [0, 'red'],
  ])('%d is %s', (score, id) => {
    expect(bandOf(score, bands, 9)).toBe(id);
    expect(bandOf(score, [...bands].reverse(), 9)).toBe(id);
  });

  it('have no place for a missing score', () => {
    expect(bandOf(null, bands, 9)).toBeNull();
  });
});
