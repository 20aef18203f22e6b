import { builtinCounty, type County } from '@pingan/regions';
import type { Component } from '@pingan/store';
import { describe, expect, it } from 'vitest';
import { rollUp } from './roll-up.js';

const county: County = { ...builtinCounty('610222')!, startMonth: '2026-01' };
const region = county.regions.regions.find(({ ranked }) => ranked)!.code;

const component = (indicator: string, month: string, [numerator, denominator] = [1, 0]): Component => ({
  month,
  indicator,
  region_code: region,
  numerator: numerator!,
  denominator: denominator!,
});

/** Petitions came in February; in March old ones were closed, fell due, and one turned up in a rate. */
const components = [
  component('cases:petition.case', '2026-02'),
  component('X06', '2026-02', [0, 1]),
  component('X06', '2026-03', [1, 0]),
  component('X02', '2026-03', [0, 1]),
  component('X11', '2026-03', [1, 0]),
  component('X08', '2026-03', [1, 1]),
];
const reported = [...components, component('reported:petition.case', '2026-03', [2, 0])];

describe('months that were reported without a new case', () => {
  it('are months of the shares that count something in them, of nothing else', () => {
    expect([...rollUp(county, reported).coverage].sort()).toEqual([
      'X02|2026-03',
      'X06|2026-03',
      'petition.case|2026-02',
    ]);
  });

  it('are none unless they were reported', () => {
    expect([...rollUp(county, components).coverage]).toEqual(['petition.case|2026-02']);
  });

  it('change the inputs of their month only', () => {
    const [without, withThem] = [rollUp(county, components), rollUp(county, reported)];
    expect(withThem.canonical.get('2026-02')).toBe(without.canonical.get('2026-02'));
    expect(withThem.canonical.get('2026-03')).not.toBe(without.canonical.get('2026-03'));
  });

  it('are none by a case that nobody knows whose it is', () => {
    const countywide = { ...component('reported:petition.case', '2026-03', [2, 0]), region_code: county.code };
    expect([...rollUp(county, [...components, countywide]).coverage]).toEqual(['petition.case|2026-02']);
  });
});
