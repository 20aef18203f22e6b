import { defaultScheme, type Scheme } from '@pingan/indicators';
import type { SideBySideFound, Standing, WhatIfFound } from '@pingan/queries';
import { describe, expect, it } from 'vitest';
import type { Part, Sheet } from './sheet.js';
import { sideBySideCells, sideBySideParts } from './side-by-side.js';
import { whatIfCells, whatIfParts } from './what-if.js';

const draft = (name: string, words: string): Scheme => ({
  ...defaultScheme,
  name,
  bands: defaultScheme.bands.map((band) => ({ ...band, name: `${band.name}${words}` })),
});
/** Two drafts of one office often have the same name; their bands may have other words. */
const [first, second] = [draft('新方案', '级'), draft('新方案', '档')];

const standing = (score: number | null, rank: number | null, band: string | null): Standing => ({ score, rank, band });
const head = { county: '610999', county_name: '某县', period: '2026-10', is_demo: true, is_unfinished: false };
const named = (name: string, hash: string) => ({ name, hash });
const likeness = { moved: 2, recoloured: 1, kendall: 0.5, spearman: null };

const units = [
  { region_code: 'T1', name: '甲镇', before: standing(91.456, 1, 'blue') },
  { region_code: 'T2', name: null, before: standing(null, null, null) },
];
const after = [
  [standing(80, 2, 'yellow'), standing(95, 1, 'blue')],
  [standing(88.888, 1, 'yellow'), standing(null, null, null)],
] as const;

const both: SideBySideFound = {
  head,
  current: defaultScheme,
  tried: [first, second],
  stale: [],
  answer: {
    county: '610999',
    period: '2026-10',
    scheme: named('默认方案', 'aaa'),
    tried: [named('新方案', 'bbb'), named('新方案', 'ccc')],
    months: ['2026-09', '2026-10'].map((period) => ({
      period,
      units: units.map((unit, u) => ({ ...unit, after: [...after[u]!] })),
      schemes: [likeness, { ...likeness, moved: 0, kendall: null }],
    })),
  },
};

const one: WhatIfFound = {
  head,
  current: defaultScheme,
  tried: first,
  stale: [],
  answer: {
    county: '610999',
    period: '2026-10',
    scheme: named('默认方案', 'aaa'),
    tried: named('新方案', 'bbb'),
    months: both.answer.months.map(({ period, units: all }) => ({
      period,
      ...likeness,
      units: all.map(({ after: [then], ...unit }) => ({ ...unit, after: then!, rank_change: unit.before.rank && -1 })),
    })),
  },
};

const sheetsOf = (parts: readonly Part[]) => parts.filter((part): part is Sheet => typeof part !== 'string');

describe('schemes side by side', () => {
  const parts = sideBySideParts(both);
  const [september, october, likenesses] = sheetsOf(parts);

  it('have rank, score and band of each unit in one row, by their numbers', () => {
    expect(sheetsOf(parts)).toHaveLength(3);
    expect(october!.columns.map(({ title }) => title)).toEqual([
      ...['单位', '现名次', '现总分', '现等级'],
      ...['方案1名次', '方案1总分', '方案1等级', '方案2名次', '方案2总分', '方案2等级'],
    ]);
    expect(october!.rows).toEqual([
      ['甲镇', '1', '91.46', '蓝（优）', '2', '80.00', '黄级', '1', '95.00', '蓝（优）档'],
      ['T2', '—', '—', expect.stringContaining('数据不足'), '1', '88.89', '黄级', '—', '—', expect.any(String)],
    ]);
    expect(september!.rows).toEqual(october!.rows);
  });

  it('lay a colour behind bands and nothing else, and none where there is no band', () => {
    const yellow = defaultScheme.bands.find(({ id }) => id === 'yellow')!.colour;
    expect(october!.colours![1]).toEqual([
      ...[undefined, undefined, undefined, undefined],
      ...[undefined, undefined, yellow, undefined, undefined, undefined],
    ]);
  });

  it('say how far each is from the one in force, and that nothing is stored', () => {
    expect(parts[0]).toContain('示例数据');
    expect(parts[0]).toContain('不保存');
    expect(likenesses!.rows.map((row) => row.slice(0, 5))).toEqual([
      ['2026-09', '方案1', '0.500', '—', '2'],
      ['2026-09', '方案2', '—', '—', '0'],
      ['2026-10', '方案1', '0.500', '—', '2'],
      ['2026-10', '方案2', '—', '—', '0'],
    ]);
  });

  it('are a row per month, unit and scheme in a spreadsheet', () => {
    const [header, ...rows] = sideBySideCells(both);
    expect(rows).toHaveLength(2 * 2 * 3);
    expect(rows.every((row) => row.length === header!.length)).toBe(true);
    expect(rows[1]).toEqual(['2026-09', 'T1', '甲镇', '方案1', '新方案', 'bbb', 2, 80, '黄级']);
    expect(rows[3]!.slice(6, 8)).toEqual([null, null]);
  });
});

describe('one scheme beside the one in force', () => {
  it('has the months one below the other in a spreadsheet, figures as figures', () => {
    const [header, ...rows] = whatIfCells(one);
    expect(rows).toHaveLength(4);
    expect(rows.every((row) => row.length === header!.length)).toBe(true);
    expect(rows[2]).toEqual([...['2026-10', 'T1', '甲镇', 1, 2, -1, 91.46, 80, -11.46, '蓝（优）', '黄级', 0.5, null]]);
  });

  it('marks a band by its words, and its colour', () => {
    const [month] = sheetsOf(whatIfParts(one));
    expect(month!.rows[0]!.slice(-3)).toEqual(['蓝（优）', '黄级', '变']);
    expect(month!.colours![0]!.filter((colour) => colour !== undefined)).toHaveLength(2);
  });
});
