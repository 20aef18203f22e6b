import { describe, expect, it } from 'vitest';
import {
  type County,
  joinedUnits,
  parseRegionCsv,
  placeAgain,
  RegionIndex,
  RegionTableError,
  regionChanges,
  tableAsOf,
} from './index.js';

const options = { file: 'regions.csv', countyCode: 'X1' };

const countyOf = (lines: string[]): County => ({
  code: 'X1',
  name: '例县',
  timeZone: 'Asia/Shanghai',
  startMonth: null,
  demo: null,
  regions: parseRegionCsv(lines.join('\n'), options),
});

const rulesOf = (lines: string[]): string[] => {
  try {
    countyOf(lines);
  } catch (error) {
    if (error instanceof RegionTableError) return error.defects.map(({ field, rule }) => `${field} ${rule}`);
    throw error;
  }
  return [];
};

const months = { from: '2026-07', to: '2026-10' };

describe('a former code', () => {
  const county = countyOf(['code,name,former_codes,parent', 'T9,甲镇,T1 | T0,', 'V,王村,,T9', 'T2,乙镇,,']);
  const index = new RegionIndex(county);

  it('is the region it became, for cases and for those who ask', () => {
    expect([index.unitOf('T1', '2026-10'), index.unitOf('T0', '2025-01')]).toEqual(['T9', 'T9']);
    expect(index.resolve('t1')).toEqual({ ok: true, code: 'T9' });
    expect(index.resolve('王村', { within: 'T1' })).toEqual({ ok: true, code: 'V' });
    expect(index.units('2026-10').map(({ code }) => code)).toEqual(['T2', 'T9']);
  });

  it('must not be the code of another region, nor a former code of two', () => {
    expect(rulesOf(['code,name,former_codes', 'A,甲镇,B', 'B,乙镇,'])).toEqual(['former_codes former_code_in_use']);
    expect(rulesOf(['code,name,former_codes', 'A,甲镇,C', 'B,乙镇,C'])).toEqual(['former_codes former_code_twice']);
    expect(rulesOf(['code,name,former_codes', `A,甲镇,${'9'.repeat(99)}`])).toEqual(['former_codes invalid_code']);
  });

  it('makes another version; a table without any keeps the version it had', () => {
    const plain = ['code,name', 'A,甲镇'];
    const with1 = countyOf(['code,name,former_codes', 'A,甲镇,B']).regions.version;
    expect(countyOf(['code,name,former_codes', 'A,甲镇,']).regions).toEqual(countyOf(plain).regions);
    expect(with1).not.toBe(countyOf(plain).regions.version);
  });
});

describe('populations', () => {
  const header = 'code,name,population_2020,population_2026-09,population_2026-10';

  it('count from their month, those of a year from its January', () => {
    const index = new RegionIndex(countyOf([header, 'A,甲镇,100,300,200']));
    const values = ['2019-01', '2020-01', '2026-08', '2026-09', '2026-10', '2027-01'];
    expect(values.map((month) => index.populationOf('A', month)!.value)).toEqual([100, 100, 100, 300, 200, 200]);
    expect([...index.residentsOf('A', months)!]).toEqual([
      ['2026-07', 100],
      ['2026-08', 100],
      ['2026-09', 300],
      ['2026-10', 200],
    ]);
  });

  it('of one figure leave a unit as it was', () => {
    expect(new RegionIndex(countyOf([header, 'A,甲镇,100,,'])).residentsOf('A', months)).toBeUndefined();
  });

  it('are refused twice for a month, in no month, and as zero', () => {
    const rules = (column: string, value = '5') =>
      rulesOf([`code,name,population_2020,${column}`, `A,甲镇,7,${value}`]);
    expect(rules('population_2020-01')).toEqual(['population_2020-01 duplicate_population_month']);
    expect(rules('population_2020-13')).toEqual(['population invalid_month']);
    expect(rules('population_2020-02', '0')).toEqual(['population_2020-02 invalid_population']);
  });
});

describe('a merger', () => {
  const before = countyOf(['code,name,population_2020', 'A,甲镇,100', 'B,乙镇,50', 'D,丁镇,70']);
  const after = countyOf([
    'code,name,population_2020,population_2026-09,valid_from,valid_to,counts_as',
    'A,甲镇,100,,,2026-08,C',
    'B,乙镇,50,,,2026-08,C',
    'C,新镇,,170,2026-09,,',
    'D,丁镇,70,,,,',
  ]);
  const index = new RegionIndex(after);

  it('hands the past of the merged units on, and their residents', () => {
    expect([...index.heirs('2026-10')]).toEqual([
      ['A', 'C'],
      ['B', 'C'],
    ]);
    expect(index.heirs('2026-08').size).toBe(0);
    expect([...index.residentsOf('C', months)!.values()]).toEqual([150, 150, 170, 170]);
    expect(index.residentsOf('D', months)).toBeUndefined();
    expect(index.resolve('甲镇', { month: '2026-09' })).toEqual({ ok: true, code: 'C' });
    expect(index.resolve('甲镇', { month: '2026-08' })).toEqual({ ok: true, code: 'A' });
  });

  it('follows from one to the next, also into a unit that was there before', () => {
    const chain = new RegionIndex(
      countyOf([
        'code,name,population_2020,valid_to,counts_as,valid_from',
        'A,甲镇,100,2026-07,B,',
        'B,乙镇,50,2026-08,C,',
        'C,丙镇,30,,,',
      ]),
    );
    expect([...chain.heirs('2026-09')]).toEqual([
      ['A', 'C'],
      ['B', 'C'],
    ]);
    expect([...chain.residentsOf('C', months)!.values()]).toEqual([180, 80 + 0, 30, 30]);
  });

  it('leaves what earlier months see of the table as it was', () => {
    expect(tableAsOf(after.regions, '2026-08')).toEqual(tableAsOf(before.regions, '2026-08'));
    expect(tableAsOf(before.regions, '2026-08')).toEqual({ version: before.regions.version, hasChanges: false });
    expect(tableAsOf(after.regions, '2026-09')).toEqual({ version: after.regions.version, hasChanges: true });
  });

  it('is told from a table that loses cases', () => {
    const counted = [
      { region_code: 'A', month: '2026-08', cases: 2 },
      { region_code: 'B', month: '2026-10', cases: 3 },
    ];
    expect(placeAgain(before, after, counted)).toEqual({
      orphaned: [],
      moved: [{ region_code: 'B', month: '2026-10', cases: 3, from: 'B', to: 'C' }],
    });
    const less = countyOf(['code,name,ranked', 'A,甲镇,否', 'D,丁镇,']);
    expect(placeAgain(before, less, counted).orphaned).toEqual(counted);
    expect(
      regionChanges(before, after).map((change) => [change.before?.code, change.after?.code, change.aspects]),
    ).toEqual([
      ['A', 'A', ['valid', 'counts_as']],
      ['B', 'B', ['valid', 'counts_as']],
      [undefined, 'C', []],
    ]);
  });
});

describe('a merger written as former codes', () => {
  const before = countyOf(['code,name,valid_from', 'A,甲镇,', 'B,乙镇,', 'D,丁镇,', 'M,甲乙镇,2026-09']);
  const after = countyOf(['code,name,former_codes', 'D,丁镇,', 'M,甲乙镇,A | B']);

  it('differs from a change of code', () => {
    const found = joinedUnits(before, after).map(({ into, units }) => [into.code, units.map(({ code }) => code)]);
    expect(found).toEqual([['M', ['A', 'B', 'M']]]);
    const ended = countyOf(['code,name,valid_from,valid_to', 'A,甲镇,,2026-08', 'D,丁镇,,', 'M,新镇,2026-09,']);
    expect(joinedUnits(ended, countyOf(['code,name,former_codes', 'D,丁镇,', 'M,新镇,A']))).toEqual([]);
    expect(joinedUnits(before, before)).toEqual([]);
    // Villages are no units, whatever becomes of their codes.
    const villages = countyOf(['code,name,ranked', 'A,王村,否', 'B,李村,否']);
    expect(joinedUnits(villages, countyOf(['code,name,former_codes', 'M,王村,A | B']))).toEqual([]);
  });

  it('is listed as the row that keeps its code, and others that have another', () => {
    const told = regionChanges(before, after).map((change) => [
      change.before?.code,
      change.after?.code,
      change.aspects,
    ]);
    expect(told).toEqual([
      ['A', 'M', ['code']],
      ['B', 'M', ['code']],
      ['M', 'M', ['valid', 'former_codes']],
    ]);
  });
});

describe('a unit that takes over villages', () => {
  it('leaves its months before to the unit they belonged to', () => {
    const index = new RegionIndex(
      countyOf([
        'code,name,parent,valid_from,counts_as,ranked,population_2020',
        'A,甲镇,,,,,100',
        'N,己街道,,2026-09,A,是,40',
        'V,王村,N,,,,',
      ]),
    );
    expect([index.unitOf('V', '2026-08'), index.unitOf('V', '2026-09')]).toEqual(['A', 'N']);
    expect([...index.residentsOf('N', months)!]).toEqual([
      ['2026-09', 40],
      ['2026-10', 40],
    ]);
  });
});
