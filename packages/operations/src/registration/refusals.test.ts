import { type County, parseRegionCsv } from '@pingan/regions';
import { expect, it } from 'vitest';
import { requireSafe } from './refusals.js';

const countyOf = (lines: string[]): County => ({
  code: 'X1',
  name: '例县',
  timeZone: 'Asia/Shanghai',
  startMonth: null,
  demo: null,
  regions: parseRegionCsv(lines.join('\n'), { file: 'regions.csv', countyCode: 'X1' }),
});

const county = countyOf(['code,name', 'A,甲镇', 'B,乙镇', 'D,丁镇']);
const places = [{ region_code: 'A', month: '2026-08', cases: 2 }];

it('refuses a merger written as former codes once cases are stored, and names the way', () => {
  const joined = countyOf(['code,name,former_codes', 'D,丁镇,', 'M,新镇,A | B']);
  const change = () => requireSafe({ county, places, runs: [] }, joined);
  expect(change).toThrow('M 新镇：A 甲镇、B 乙镇');
  expect(change).toThrow('counts_as 写合并后单位的代码');
  expect(() => requireSafe({ county, places: [], runs: [] }, joined)).not.toThrow();
  const recoded = countyOf(['code,name,former_codes', 'B,乙镇,', 'D,丁镇,', 'M,甲镇,A']);
  expect(() => requireSafe({ county, places, runs: [] }, recoded)).not.toThrow();
  const merged = countyOf([
    'code,name,valid_from,valid_to,counts_as',
    'A,甲镇,,2026-08,M',
    'B,乙镇,,2026-08,M',
    'D,丁镇,,,',
    'M,新镇,2026-09,,',
  ]);
  expect(() => requireSafe({ county, places, runs: [] }, merged)).not.toThrow();
});
