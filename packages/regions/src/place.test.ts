import { describe, expect, it } from 'vitest';
import { type County, parseRegionCsv, RegionIndex } from './index.js';

const countyOf = (lines: string[]): County => ({
  code: 'X1',
  name: '例县',
  timeZone: 'Asia/Shanghai',
  startMonth: null,
  demo: null,
  regions: parseRegionCsv(lines.join('\n'), { file: 'regions.csv', countyCode: 'X1' }),
});

const county = countyOf([
  'code,name,parent,level,ranked,counts_as,valid_from,valid_to',
  'P,例市,,,否,,,',
  'C,例县,P,county,,,,',
  'Z,北片区,C,township,否,,,',
  'A,甲镇,Z,township,,,,',
  'A1,王村,A,village,,,,',
  'B,乙镇,C,township,,,,',
  'D,开发区,C,township,否,,,',
  'D1,园区,D,village,,,,',
  'E,农场,C,township,否,B,,',
  'V,散村,C,village,,,,',
  'W,飞地村,,village,,,,',
  'O,旧镇,C,township,,,,2026-08',
  'M,并镇,C,township,,A,,2026-08',
]);
const index = new RegionIndex(county);
const placed = (month: string, codes: string[]) => codes.filter((code) => index.hasPlace(code, month));

describe('a place', () => {
  it('is a unit, what lies in one or counts as one, and a township outside the ranking', () => {
    const all = ['A', 'A1', 'B', 'D', 'D1', 'E', 'M'];
    expect(placed('2026-09', all)).toEqual(all);
    expect([index.unitOf('D1', '2026-09'), index.unitOf('E', '2026-09')]).toEqual([undefined, 'B']);
  });

  it('is not the county, what else is above units, a village under no township, or an unknown code', () => {
    expect(placed('2026-09', ['C', 'P', 'Z', 'V', 'W', 'nowhere'])).toEqual([]);
  });

  it('is not a unit that has ended and went into no other', () => {
    expect([index.hasPlace('O', '2026-08'), index.hasPlace('O', '2026-09')]).toEqual([true, false]);
  });

  it('is the county where the county is what is ranked', () => {
    const city = new RegionIndex(
      countyOf(['code,name,parent,level,ranked', 'P,例市,,county,否', 'C,例县,P,county,是']),
    );
    expect([city.hasPlace('C', '2026-09'), city.hasPlace('P', '2026-09')]).toEqual([true, false]);
  });
});
