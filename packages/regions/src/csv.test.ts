import { describe, expect, it } from 'vitest';
import { type County, parseRegionCsv, RegionIndex, RegionTableError } from './index.js';

const london = { file: 'boroughs.csv', countyCode: 'LDN' };
const chinese = { file: '区域.csv', countyCode: '610222' };

function countyOf(text: string, options: { file: string; countyCode: string }): County {
  const regions = parseRegionCsv(text, options);
  return { code: options.countyCode, name: '', timeZone: 'Europe/London', startMonth: null, demo: null, regions };
}

function defectsOf(text: string, options = chinese) {
  try {
    parseRegionCsv(text, options);
  } catch (error) {
    if (error instanceof RegionTableError) return { text: error.message, defects: error.defects };
    throw error;
  }
  throw new Error('accepted');
}

describe("a county's own table", () => {
  it('reads three columns, with a byte order mark and CRLF', () => {
    const county = countyOf(
      '\ufeffcode,name,population_2021\r\nE09000001,City of London,8500\r\nE09000002,Barking and Dagenham,218900\r\n',
      london,
    );
    const index = new RegionIndex(county);
    expect(index.units('2024-01').map((r) => r.code)).toEqual(['E09000001', 'E09000002']);
    expect(index.resolve('  city of LONDON ')).toEqual({ ok: true, code: 'E09000001' });
    expect(index.resolve('e09000002')).toEqual({ ok: true, code: 'E09000002' });
    expect(index.populationOf('E09000001', '2024-01')).toEqual({
      value: 8500,
      year: 2021,
      source: 'boroughs.csv',
      synthetic: false,
    });
    expect(county.regions.regions[0]).toMatchObject({ level: 'township', parent: null, ranked: true, areaClass: null });
  });

  it('takes an empty population as none and the newest not newer than the month', () => {
    const text = 'code,name,population_2011,population_2021,population,population_year\nA1,A,100,,300,2024\nB1,B,,,,\n';
    const index = new RegionIndex(countyOf(text, london));
    expect(index.populationOf('B1', '2024-01')).toBeUndefined();
    expect(index.populationOf('A1', '2023-12')?.value).toBe(100);
    expect(index.populationOf('A1', '2024-01')?.value).toBe(300);
    expect(index.populationOf('A1', '2001-01')?.value).toBe(100);
  });

  it('derives level and parent from Chinese codes', () => {
    const { regions } = parseRegionCsv('code,name\n610222101001,偏桥\n610222101,彭镇\n610222,宜君县\n', chinese);
    expect(regions.map((r) => [r.code, r.level, r.parent, r.ranked])).toEqual([
      ['610222', 'county', null, false],
      ['610222101', 'township', '610222', true],
      ['610222101001', 'village', '610222101', false],
    ]);
  });

  it('understands parents, aliases, months and merged areas of any county', () => {
    const text = [
      'code,name,parent,aliases,valid_from,valid_to,counts_as,ranked',
      'N,North,,Nord | Upper,,2024-12,S,',
      'S,South,,,,,,',
      'S1,Mill,S,,,,,',
      'Z,Zone,,,2020-01,,S,否',
    ].join('\n');
    const index = new RegionIndex(countyOf(text, london));
    expect(index.get('S1')?.level).toBe('village');
    expect(index.resolve('upper', { month: '2024-12' })).toEqual({ ok: true, code: 'N' });
    // It went into S, and ledgers go on writing its name.
    expect(index.resolve('upper', { month: '2025-01' })).toEqual({ ok: true, code: 'S' });
    expect(index.resolve('zone', { month: '2019-12' })).toMatchObject({ ok: false, rule: 'unknown_region' });
    expect([index.unitOf('N', '2024-12'), index.unitOf('N', '2025-01')]).toEqual(['N', 'S']);
    expect([index.unitOf('Z', '2024-01'), index.unitOf('S1', '2024-01')]).toEqual(['S', 'S']);
    expect(index.units('2025-01').map((r) => r.code)).toEqual(['S']);
    expect(index.unitOf('nowhere', '2024-01')).toBeUndefined();
  });

  it('takes positions, which change no number and so no version', () => {
    const plain = 'code,name\nA,Alpha\nB,Beta\n';
    const placed = 'code,name,lat,lon\nA,Alpha,51.5,-0.09\nB,Beta,,\n';
    const { regions, version } = parseRegionCsv(placed, london);
    expect(regions.map(({ position }) => position)).toEqual([{ lat: 51.5, lon: -0.09, synthetic: false }, undefined]);
    expect(version).toBe(parseRegionCsv(plain, london).version);
  });

  it('gives the same version whatever the order of rows, another when anything changes', () => {
    const rows = ['A,Alpha,10', 'B,Beta,20', 'C,Gamma,30'];
    const version = (lines: string[]) =>
      parseRegionCsv(`code,name,population_2021\n${lines.join('\n')}`, london).version;
    expect(version(rows)).toMatch(/^[0-9a-f]{12}$/);
    expect(version([...rows].reverse())).toBe(version(rows));
    expect(version(['A,Alpha,11', ...rows.slice(1)])).not.toBe(version(rows));
  });
});

describe('a table with errors', () => {
  it('names file, line, field, rule and value of every bad row at once', () => {
    const { text, defects } = defectsOf(
      [
        'code,name,level,population,population_year,ranked,valid_from,parent,counts_as',
        '610222101,彭镇,镇,9000,2020,,,,',
        '61022210,五里镇,,,,,,,',
        '410425001,龙山街道,,,,,,,',
        '610222102,,village,-5,2020,,,,',
        '610222103,太安镇,,100,,maybe,2020-13,,',
        '610222101,彭镇,,,,,,610222999,610222998',
        '610222104001,村,,1.5,2020,,,,',
      ].join('\n'),
    );
    expect(defects.map((d) => [d.line, d.field, d.rule, d.value])).toEqual([
      [2, 'level', 'invalid_level', '镇'],
      [3, 'code', 'not_nine_or_twelve_digits', '61022210'],
      [4, 'code', 'outside_county', '410425001'],
      [5, 'level', 'level_contradicts_code', 'village'],
      [5, 'population', 'invalid_population', '-5'],
      [5, 'name', 'required', ''],
      [6, 'ranked', 'invalid_boolean', 'maybe'],
      [6, 'population_year', 'year_required', ''],
      [6, 'valid_from', 'invalid_month', '2020-13'],
      [7, 'code', 'duplicate_code', '610222101'],
      [7, 'parent', 'parent_missing', '610222999'],
      [7, 'counts_as', 'counts_as_missing', '610222998'],
      [8, 'population', 'invalid_population', '1.5'],
      [8, 'parent', 'parent_missing', '610222104'],
    ]);
    expect(text).toContain('区域表有 14 处错误');
    expect(text).toContain('区域.csv 第 4 行 code：不以本县代码开头（410425001）');
  });

  it('refuses half a position and degrees that do not exist', () => {
    const { defects } = defectsOf(
      'code,name,lat,lon\nA,Alpha,91,0\nB,Beta,10,\nC,Gamma,1e1,2\nD,Delta,,-181\n',
      london,
    );
    expect(defects.map((d) => [d.line, d.field, d.rule])).toEqual([
      [2, 'lat', 'invalid_degrees'],
      [3, 'lon', 'other_coordinate'],
      [4, 'lat', 'invalid_degrees'],
      [5, 'lon', 'invalid_degrees'],
      [5, 'lat', 'other_coordinate'],
    ]);
  });

  it('refuses a name with characters that would break a table', () => {
    const { defects } = defectsOf('code,name\n610222101,"彭\n镇"\n610222102,\u001b[31m五里镇');
    expect(defects.map((d) => [d.field, d.rule])).toEqual([
      ['name', 'control_character'],
      ['name', 'control_character'],
    ]);
  });

  it('names an unknown column and lists what exists', () => {
    const { text } = defectsOf('code,name,popluation\nA,Alpha,3\n', london);
    expect(text).toContain('popluation');
    expect(text).toContain('population_source');
    expect(defectsOf('code,code\nA,B\n', london).defects.map((d) => d.rule)).toContain('duplicate_column');
    expect(defectsOf('name\nAlpha\n', london).text).toContain('缺少必需的列');
  });

  it('says the line of a row that is too short and of a quote that never ends', () => {
    expect(defectsOf('code,name\nA\nB,Beta\n', london).defects).toEqual([
      expect.objectContaining({ line: 2, rule: 'column_count' }),
    ]);
    expect(defectsOf('code,name\n"A,Alpha\n', london).defects[0]?.rule).toBe('not_csv');
    expect(defectsOf('', london).defects.map((d) => d.rule)).toContain('no_rows');
  });

  it('takes empty cells beyond the header, as spreadsheets write them, and refuses what stands in one', () => {
    const { regions } = parseRegionCsv('\ufeffcode,name,,\r\nA,Alpha,,\r\n,,,\r\nB,Beta, ,\u3000\r\n', london);
    expect(regions.map(({ code, name }) => [code, name])).toEqual([
      ['A', 'Alpha'],
      ['B', 'Beta'],
    ]);
    expect(parseRegionCsv('code,name\nA,Alpha,,\n', london).regions).toHaveLength(1);
    const { text, defects } = defectsOf('code,name\nA,Alpha,,\nB,Beta,,九千人\n', london);
    expect(defects).toMatchObject([{ line: 3, rule: 'column_count' }]);
    expect(text).toContain('boroughs.csv 第 3 行 整行：列数与表头不符（4 列，表头 2 列，多出的是：九千人）');
    expect(defectsOf('code,,name\nA,,Alpha\n', london).defects[0]).toMatchObject({ rule: 'unknown_column' });
  });

  it('refuses loops and units inside units', () => {
    const rules = (body: string) =>
      defectsOf(`code,name,parent,counts_as,ranked\n${body}`, london).defects.map((d) => [d.code, d.rule]);
    expect(rules('A,A,B,,\nB,B,A,,\nC,C,A,,')).toEqual([
      ['A', 'parent_cycle'],
      ['B', 'parent_cycle'],
    ]);
    expect(rules('A,A,,B,否\nB,B,,A,否')).toEqual([
      ['A', 'counts_as_cycle'],
      ['B', 'counts_as_cycle'],
    ]);
    expect(rules('A,A,,,\nB,B,A,,是')).toEqual([['B', 'overlapping_units']]);
    expect(rules('A,A,,,\nB,B,,A,是')).toEqual([['B', 'counts_as_of_ranked']]);
  });
});
