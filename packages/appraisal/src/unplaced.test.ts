import { defaultScheme, parseScheme } from '@pingan/indicators';
import { type County, parseRegionCsv } from '@pingan/regions';
import type { Component } from '@pingan/store';
import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.js';
import { inputDigest } from './input-digest.js';
import { redLineEvents, redLinesWithoutPlace } from './red-lines.js';
import { rollUp } from './roll-up.js';
import { scoresOf } from './score-period.js';
import { unplacedBounds, unplacedRedLines, unplacedShares } from './unplaced.js';

const table = [
  'code,name,parent,level,ranked,population,population_year',
  'C,例县,,county,,,',
  'A,甲镇,C,township,,10000,2025',
  'B,乙镇,C,township,,10000,2025',
  'Z,开发区,C,township,否,,',
  'V,散村,C,village,,,',
];
const county: County = {
  code: 'X1',
  name: '例县',
  timeZone: 'Asia/Shanghai',
  startMonth: '2026-08',
  demo: null,
  regions: parseRegionCsv(table.join('\n'), { file: 'regions.csv', countyCode: 'X1' }),
};
const scheme = parseScheme(
  JSON.stringify({
    name: '单项',
    dimensions: [
      {
        id: 'police',
        weight: 1,
        indicators: [{ code: 'P01', weight: 1, window: 1, goalposts: { rule: 'absolute', g0: 50, g60: 20, g100: 0 } }],
      },
    ],
  }),
  { file: '' },
);
const month = '2026-10';

/** Cases by region; those of the police count in P01 as well. */
const cases = (counts: Record<string, number>, of = month): Component[] =>
  Object.entries(counts).flatMap(([region_code, numerator]) =>
    ['cases:police.incident', 'P01'].map((indicator) => ({
      month: of,
      indicator,
      region_code,
      numerator,
      denominator: 0,
    })),
  );

const evidenceOf = (components: Component[]): Evidence => ({
  county,
  rolledUp: rollUp(county, components),
  redLines: new Map(),
  zeroReports: [],
  schemeOf: () => scheme,
});

const refused = (unplaced: number) => [{ record_type: 'police.incident', month, unplaced }];

describe('stored events without a place', () => {
  it('are counted like refused ones: of the county, of a village under no township, not of a township outside the ranking', () => {
    const evidence = evidenceOf(cases({ A: 4, B: 2, Z: 3, C: 5, V: 1 }));
    expect(unplacedShares(evidence, [], month)).toEqual([
      { record_type: 'police.incident', unplaced: 6, placed: 9, share: 6 / 15 },
    ]);
    expect(unplacedShares(evidence, refused(4), month)).toMatchObject([{ unplaced: 10, placed: 9 }]);
    expect(unplacedShares(evidence, [], '2026-09')).toEqual([]);
    expect(unplacedShares(evidenceOf(cases({ A: 4, B: 2, Z: 3 })), [], month)).toEqual([]);
  });

  it('move a unit at most as far as refused ones would', () => {
    const bounds = (counts: Record<string, number>, more: number) => {
      const evidence = evidenceOf(cases(counts));
      return unplacedBounds(evidence, month, unplacedShares(evidence, refused(more), month));
    };
    const found = bounds({ A: 4, B: 2, C: 5 }, 0);
    expect(found).toEqual(bounds({ A: 4, B: 2 }, 5));
    expect(found[0]!.lowest_score).toBeLessThan(found[0]!.score!);
  });

  it('cost nobody points; those that the scheme deducts for are counted', () => {
    const deducting = { ...scheme, deductions: defaultScheme.deductions };
    const of = (region_code: string, kind: string) => ({
      ...{ region_code, kind, date: `${month}-03`, deaths: 1 },
      case_ref: `s/${region_code}${kind}`,
    });
    const lines = [of('C', 'veto'), of('V', 'homicide'), of('A', 'veto'), of('Z', 'veto'), of('C', 'unheard-of')];
    const evidence: Evidence = {
      ...evidenceOf([]),
      redLines: redLineEvents(county, lines),
      redLinesWithoutPlace: redLinesWithoutPlace(county, lines),
      schemeOf: () => deducting,
    };
    expect(evidence.redLines.get(month)!.map(({ unit }) => unit)).toEqual(['A']);
    expect(unplacedRedLines(evidence, month)).toBe(2);
    expect(unplacedRedLines({ ...evidence, schemeOf: () => scheme }, month)).toBe(0);
  });

  it('make no month: where nothing else came nobody has a figure, least of all a zero', () => {
    const [countywide, nothing] = [evidenceOf(cases({ C: 5 })), evidenceOf([])];
    const scores = (evidence: Evidence) => scoresOf(evidence, month, new Map()).units.map(({ score }) => score);
    expect(scores(countywide)).toEqual([null, null]);
    expect(inputDigest(countywide, month)).toBe(inputDigest(nothing, month));
    // With a place they would give every unit a figure: there is no bound to tell.
    expect(unplacedBounds(countywide, month, unplacedShares(countywide, [], month))).toEqual([]);
  });
});
