import { defaultScheme, type Scheme } from '@pingan/indicators';
import { builtinCounty, type County, RegionIndex } from '@pingan/regions';
import type { Component, RedLine } from '@pingan/store';
import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.js';
import { inputDigest } from './input-digest.js';
import { redLineEvents } from './red-lines.js';
import { rollUp } from './roll-up.js';
import { scorePeriod } from './score-period.js';

const county: County = { ...builtinCounty('610222')!, startMonth: '2026-01' };
const months = ['2026-01', '2026-02', '2026-03'];
const units = new RegionIndex(county).units('2026-01').map(({ code }) => code);

/** Two counts and a share in every unit and month, different everywhere. */
const components: Component[] = months.flatMap((month, m) => [
  { month, indicator: 'cases:police.incident', region_code: units[0]!, numerator: 1, denominator: 0 },
  ...units.flatMap((region_code, u) => [
    { month, indicator: 'P01', region_code, numerator: 3 + ((7 * u + 5 * m) % 11), denominator: 0 },
    { month, indicator: 'P03', region_code, numerator: (u + m) % 3, denominator: 0 },
    { month, indicator: 'P04', region_code, numerator: 1 + ((3 * u + m) % 5), denominator: 0 },
    { month, indicator: 'P09', region_code, numerator: 8 - (u % 3), denominator: 9 + m },
  ]),
]);

const redLine = (changes: Partial<RedLine> = {}): RedLine => ({
  region_code: units[0]!,
  date: '2026-02-03',
  kind: 'accident',
  deaths: 4,
  case_ref: 'office/1',
  ...changes,
});

/** The police indicators above alone, by the rules of another scheme. */
function policeOnly(scheme: Scheme): Scheme {
  const dimensions = scheme.dimensions
    .filter(({ id }) => id === 'police')
    .map((police) => ({
      ...police,
      indicators: police.indicators.filter(({ code }) => ['P01', 'P03', 'P04', 'P09'].includes(code)),
    }));
  return { ...scheme, dimensions };
}

const shrunken = policeOnly(defaultScheme);
const unshrunken = policeOnly({ ...defaultScheme, shrinkage: { method: 'none', min_class: 4 } });

function evidenceOf(changes: {
  components?: readonly Component[];
  redLines?: readonly RedLine[];
  scheme?: (month: string) => Scheme;
}): Evidence {
  return {
    county,
    rolledUp: rollUp(county, changes.components ?? components),
    redLines: redLineEvents(county, changes.redLines ?? [redLine()]),
    zeroReports: [],
    schemeOf: changes.scheme ?? (() => shrunken),
  };
}

const march = { period: '2026-03', history: new Map(), watermark: '{}' };

describe('scorePeriod', () => {
  it('gives the same bytes whatever the order of components and red lines', () => {
    const redLines = [redLine(), redLine({ case_ref: 'office/2', deaths: 7, date: '2026-02-01' })];
    const run = scorePeriod(evidenceOf({ redLines }), { ...march, period: '2026-02' });
    const turned = { components: [...components].reverse(), redLines: [...redLines].reverse() };
    const other = scorePeriod(evidenceOf(turned), { ...march, period: '2026-02' });
    expect(JSON.stringify(other)).toBe(JSON.stringify(run));
    expect(run.deductions.map(({ case_ref, points }) => [case_ref, points])).toEqual([
      ['office/2', 10],
      ['office/1', 5],
    ]);
  });

  it('keeps rank and score inside their intervals and contributions less deductions at the score', () => {
    const { units: rows, indicators, deductions } = scorePeriod(evidenceOf({}), { ...march, period: '2026-02' });
    for (const unit of rows) {
      const own = indicators.filter(({ region_code }) => region_code === unit.region_code);
      const sum = own.reduce((total, { contribution }) => total + contribution, 0);
      const off = deductions.find(({ region_code }) => region_code === unit.region_code)?.applied ?? 0;
      expect(unit.score).toBeCloseTo(sum - off, 9);
      expect(unit.rank_low).toBeLessThanOrEqual(unit.rank!);
      expect(unit.rank_high).toBeGreaterThanOrEqual(unit.rank!);
      expect(unit.score_low).toBeLessThanOrEqual(unit.score!);
      expect(unit.score_high).toBeGreaterThanOrEqual(unit.score!);
      expect(unit.groups.length).toBeGreaterThan(0);
    }
    expect(deductions).toHaveLength(1);
  });

  it('knows no interval without shrinkage', () => {
    const { units: rows, priors } = scorePeriod(evidenceOf({ scheme: () => unshrunken }), march);
    expect(priors).toEqual([]);
    for (const unit of rows) expect(unit).toMatchObject({ score_low: null, rank_low: null, groups: [] });
  });

  it('shows what the scheme does not score, without weight', () => {
    const { indicators } = scorePeriod(evidenceOf({}), march);
    const context = indicators.filter(({ missing_reason }) => missing_reason === 'context');
    expect(context.map(({ code }) => code)).toContain('X01');
    for (const row of context) expect(row).toMatchObject({ score: null, weight: 0, contribution: 0 });
  });
});

describe('inputDigest', () => {
  const digests = (evidence: Evidence) => months.map((month) => inputDigest(evidence, month));
  const changed = (evidence: Evidence) => {
    const before = digests(evidenceOf({}));
    return digests(evidence).map((digest, m) => digest !== before[m]);
  };

  it.each<[string, Parameters<typeof evidenceOf>[0], boolean[]]>([
    ['nothing', {}, [false, false, false]],
    ['deaths of a red line', { redLines: [redLine({ deaths: 5 })] }, [false, true, true]],
    ['the case of a red line', { redLines: [redLine({ case_ref: 'office/9' })] }, [false, true, true]],
    ['a red line of no unit', { redLines: [redLine(), redLine({ region_code: 'none' })] }, [false, false, false]],
    [
      'a component',
      { components: components.map((c, i) => (i === 1 ? { ...c, numerator: 99 } : c)) },
      [true, true, true],
    ],
    [
      'the scheme of the first month, whose colours are the history of the others',
      { scheme: (month) => (month === '2026-01' ? unshrunken : shrunken) },
      [true, true, true],
    ],
    [
      'the scheme of the last month',
      { scheme: (month) => (month === '2026-03' ? unshrunken : shrunken) },
      [false, false, true],
    ],
  ])('follows %s', (_what, changes, expected) => {
    expect(changed(evidenceOf(changes))).toEqual(expected);
  });
});

describe('redLineEvents', () => {
  it('counts a village for its township, and nothing for what no unit owns', () => {
    const village = county.regions.regions.find(({ level, parent }) => level === 'village' && parent !== null)!;
    const unit = new RegionIndex(county).unitOf(village.code, '2026-02')!;
    const events = redLineEvents(county, [
      redLine({ region_code: village.code }),
      redLine({ region_code: county.code, case_ref: 'office/2' }),
    ]);
    expect([...events]).toEqual([
      ['2026-02', [{ unit, date: '2026-02-03', kind: 'accident', deaths: 4, case_ref: 'office/1' }]],
    ]);
  });
});
