import { defaultScheme, defaultSeverity, parseScheme } from '@pingan/indicators';
import { builtinCounty } from '@pingan/regions';
import type { Component } from '@pingan/store';
import { describe, expect, it } from 'vitest';
import { inputDigest } from './input-digest.js';
import { rollUp } from './roll-up.js';
import { scorePeriod } from './score-period.js';
import { withParts } from './severity.js';

const county = { ...builtinCounty('610222')!, startMonth: '2025-01' };
const [first, second] = county.regions.regions.filter(({ ranked }) => ranked);

function component(indicator: string, region: string, numerator: number, denominator = 0): Component {
  return { month: '2025-01', indicator, region_code: region, numerator, denominator };
}

const components = [
  component('cases:police.incident', first!.code, 9),
  component('P02:assault', first!.code, 3),
  component('P02:homicide', first!.code, 1),
  component('P02:public_order:gambling', second!.code, 4),
  component('P01', first!.code, 4),
  component('S12:court', first!.code, 2, 3),
  component('S12:police', first!.code, 1, 5),
];

const edited = parseScheme(JSON.stringify({ ...defaultScheme, severity: { gambling: 5, assault: 20 } }), { file: 'x' });

describe('withParts', () => {
  it('weighs the classes of P02 and adds up the parts of others', () => {
    const all = withParts(rollUp(county, components), defaultSeverity);
    expect(all.get(`P02|${first!.code}|2025-01`)).toEqual({ numerator: 3 * 10 + 3650, denominator: 0 });
    expect(all.get(`P02|${second!.code}|2025-01`)).toEqual({ numerator: 4 * 1, denominator: 0 });
    expect(all.get(`S12|${first!.code}|2025-01`)).toEqual({ numerator: 3, denominator: 8 });
    expect(all.get(`P01|${first!.code}|2025-01`)).toEqual({ numerator: 4, denominator: 0 });
  });

  it('takes the table of the scheme', () => {
    const all = withParts(rollUp(county, components), edited.severity);
    expect(all.get(`P02|${first!.code}|2025-01`)?.numerator).toBe(3 * 20 + 3650);
    expect(all.get(`P02|${second!.code}|2025-01`)?.numerator).toBe(4 * 5);
  });

  it('does not know the order of the components', () => {
    const turned = withParts(rollUp(county, [...components].reverse()), defaultSeverity);
    expect([...turned].sort()).toEqual([...withParts(rollUp(county, components), defaultSeverity)].sort());
  });
});

describe('scorePeriod with a severity table', () => {
  const evidenceOf = (scheme: typeof defaultScheme, list = components) => ({
    county,
    rolledUp: rollUp(county, list),
    redLines: new Map(),
    zeroReports: [],
    schemeOf: () => scheme,
  });
  const digestOf = (scheme: typeof defaultScheme, list = components) =>
    inputDigest(evidenceOf(scheme, list), '2025-01');

  it('scores the weighed cases', () => {
    const harm = (scheme: typeof defaultScheme) =>
      scorePeriod(evidenceOf(scheme), { period: '2025-01', history: new Map(), watermark: '{}' }).indicators.find(
        (row) => row.code === 'P02' && row.region_code === second!.code,
      );
    expect(harm(defaultScheme)?.numerator).toBe(4);
    expect(harm(edited)?.numerator).toBe(20);
  });

  it('tells runs apart by table and by class, not by equal tables', () => {
    const digest = digestOf(defaultScheme);
    expect(digestOf(edited)).not.toBe(digest);
    const moved = components.map((one) => ({ ...one, indicator: one.indicator.replace('assault', 'theft') }));
    expect(digestOf(defaultScheme, moved)).not.toBe(digest);
    const same = parseScheme(JSON.stringify({ ...defaultScheme, severity: {} }), { file: 'x' });
    expect(digestOf(same)).toBe(digest);
  });
});
