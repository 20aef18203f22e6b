import { catalogue, defaultScheme, type Scheme } from '@pingan/indicators';
import { builtinCounty, type County, RegionIndex } from '@pingan/regions';
import type { Component, StoredScheme } from '@pingan/store';
import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.js';
import { inputDigest } from './input-digest.js';
import { rollUp } from './roll-up.js';
import { cataloguesInForce, schemesInForce } from './score-county.js';
import { scorePeriod } from './score-period.js';

const county: County = { ...builtinCounty('610222')!, startMonth: '2026-01' };
const months = ['2026-01', '2026-02'];
const units = new RegionIndex(county).units('2026-01').map(({ code }) => code);

/** Stands for indicators that the catalogue gets later: one that is scored, one that is only shown. */
const later = ['P04', 'P10'];
const before = catalogue.map(({ code }) => code).filter((code) => !later.includes(code));

const smaller: Scheme = {
  ...defaultScheme,
  dimensions: defaultScheme.dimensions.map((dimension) => ({
    ...dimension,
    indicators: dimension.indicators.filter(({ code }) => !later.includes(code)),
  })),
};

const componentsOf = (codes: readonly string[]): Component[] =>
  months.flatMap((month, m) => [
    { month, indicator: 'cases:police.incident', region_code: units[0]!, numerator: 1, denominator: 0 },
    ...codes.flatMap((indicator) =>
      units.map((region_code, u) => ({
        month,
        indicator,
        region_code,
        numerator: 1 + ((3 * u + m) % 5),
        denominator: 7,
      })),
    ),
  ]);

const small = componentsOf(['P01', 'P03', 'P09']);
const grown = componentsOf(['P01', 'P03', 'P09', 'P10', 'P04:part', 'P04']);

function evidenceOf(components: readonly Component[], schemes: readonly StoredScheme[]): Evidence {
  return {
    county,
    rolledUp: rollUp(county, components),
    redLines: new Map(),
    zeroReports: [],
    schemeOf: schemesInForce(schemes),
    catalogueOf: cataloguesInForce(schemes),
  };
}

const stored = (scheme: Scheme, codes: readonly string[], fromMonth = '1970-01'): StoredScheme => ({
  fromMonth,
  hash: 'x',
  document: JSON.stringify(scheme),
  catalogue: [...codes],
});

const run = (evidence: Evidence, period: string) =>
  JSON.stringify(scorePeriod(evidence, { period, history: new Map(), watermark: '{}' }));

describe('a scheme stored before the catalogue grew', () => {
  const frozen = [stored(smaller, before)];

  it('gives the same run, byte for byte, when components of later indicators arrive', () => {
    expect(run(evidenceOf(grown, frozen), '2026-02')).toBe(run(evidenceOf(small, frozen), '2026-02'));
    const other = small.map((one, i) => (i === 5 ? { ...one, numerator: one.numerator + 1 } : one));
    expect(run(evidenceOf(other, frozen), '2026-02')).not.toBe(run(evidenceOf(small, frozen), '2026-02'));
  });

  it('shows no later indicator, where one stored today does', () => {
    const codesOf = (schemes: readonly StoredScheme[]) => {
      const { indicators } = JSON.parse(run(evidenceOf(grown, schemes), '2026-02')) as {
        indicators: { code: string }[];
      };
      return new Set(indicators.map(({ code }) => code));
    };
    expect(later.filter((code) => codesOf(frozen).has(code))).toEqual([]);
    const today = catalogue.map(({ code }) => code);
    expect(later.filter((code) => codesOf([stored(smaller, today)]).has(code))).toEqual(later);
  });

  it('keeps the runs of its own months when a later month is scored by a scheme of today', () => {
    const today = catalogue.map(({ code }) => code);
    const both = [...frozen, stored(defaultScheme, today, '2026-02')];
    expect(inputDigest(evidenceOf(grown, both), '2026-01')).toBe(inputDigest(evidenceOf(small, frozen), '2026-01'));
    expect(inputDigest(evidenceOf(grown, both), '2026-02')).not.toBe(inputDigest(evidenceOf(small, both), '2026-02'));
  });
});

it('is the run it was before schemes were stored, for the default as it is today', () => {
  const { catalogueOf: _, ...live } = { ...evidenceOf(grown, []), schemeOf: () => defaultScheme };
  const today = catalogue.map(({ code }) => code);
  for (const codes of [today, []]) {
    expect(run(evidenceOf(grown, [stored(defaultScheme, codes)]), '2026-02')).toBe(run(live, '2026-02'));
  }
});
