import { describe, expect, it } from 'vitest';
import { builtinCounty, builtinCountyCodes, RegionIndex } from './index.js';

const month = '2026-10';
const published = [
  { code: '410821', townships: 9, units: 8, villages: 196, committees: 187 },
  { code: '411081', townships: 26, units: 26, villages: 678, committees: 572 },
  { code: '410425', townships: 15, units: 15, villages: 377, committees: 355 },
  { code: '610222', townships: 8, units: 8, villages: 119, committees: 117 },
  { code: '540524', townships: 4, units: 4, villages: 20, committees: 15 },
];

describe('counties that ship with the product', () => {
  it('are the five, and no other code is one', () => {
    expect([...builtinCountyCodes].sort()).toEqual(published.map((c) => c.code).sort());
    expect(builtinCounty('110101')).toBeUndefined();
    expect(builtinCounty('constructor')).toBeUndefined();
  });

  it.each(published)(
    '$code has the published numbers of divisions',
    ({ code, townships, units, villages, committees }) => {
      const county = builtinCounty(code)!;
      const { regions } = county.regions;
      expect(regions.filter((r) => r.level === 'county').map((r) => r.code)).toEqual([code]);
      expect(regions.filter((r) => r.level === 'township')).toHaveLength(townships);
      expect(new RegionIndex(county).units(month)).toHaveLength(units);
      expect(regions.filter((r) => r.level === 'village')).toHaveLength(villages);
      expect(regions.filter((r) => r.type === 'village_committee')).toHaveLength(committees);
    },
  );

  it.each(published)('$code: township populations are labelled made up and sum to the county', ({ code }) => {
    const index = new RegionIndex(builtinCounty(code)!);
    const shares = index.units(month).map((unit) => index.populationOf(unit.code, month)!);
    expect(shares.every((p) => p.synthetic && p.source === '示例数据')).toBe(true);
    expect(shares.reduce((sum, p) => sum + p.value, 0)).toBe(index.populationOf(code, month)!.value);
  });

  it.each(published)('$code: every unit has a place of its own on the map, labelled made up', ({ code }) => {
    const places = new RegionIndex(builtinCounty(code)!).units(month).map(({ position }) => position!);
    expect(places.every(({ synthetic }) => synthetic)).toBe(true);
    const apart = places.flatMap((a, i) => places.slice(i + 1).map((b) => Math.hypot(a.lat - b.lat, a.lon - b.lon)));
    expect(Math.min(...apart)).toBeGreaterThan(0.02);
    expect(Math.max(...apart)).toBeLessThan(0.6);
  });

  it('keep the two verified county populations apart from made-up ones', () => {
    const total = (code: string) => new RegionIndex(builtinCounty(code)!).populationOf(code, month)!;
    expect(total('411081')).toMatchObject({ value: 1_109_782, year: 2020, synthetic: false });
    expect(total('540524')).toMatchObject({ value: 15_199, year: 2020, synthetic: false });
    expect(total('610222')).toMatchObject({ value: 72_000, synthetic: true });
  });

  it('leave the industrial zone of 修武 out of the ranking', () => {
    const index = new RegionIndex(builtinCounty('410821')!);
    expect(index.get('410821400')).toMatchObject({ name: '小营工贸区', ranked: false, populations: [] });
    expect(index.unitOf('410821400001', month)).toBeUndefined();
  });

  it('assign peer classes by the stated rule', () => {
    const classOf = (county: string, code: string) => new RegionIndex(builtinCounty(county)!).get(code)?.areaClass;
    expect(classOf('610222', '610222001')).toBe('urban');
    expect(classOf('610222', '610222101')).toBe('mountain');
    expect(classOf('410821', '410821104')).toBe('scenic');
    expect(classOf('411081', '411081100')).toBe('plain');
  });

  it('know the other spelling of 渣元乡 and the short names of committees', () => {
    const index = new RegionIndex(builtinCounty('410425')!);
    expect(index.resolve('渣园乡')).toEqual({ ok: true, code: '410425205' });
    expect(index.resolve('渣元村', { within: '渣园乡' })).toMatchObject({ ok: true });
    const yijun = new RegionIndex(builtinCounty('610222')!);
    expect(yijun.resolve('偏桥村')).toEqual(yijun.resolve('偏桥村委会'));
    expect(yijun.resolve('宜园社区')).toEqual({ ok: true, code: '610222001001' });
  });

  it('make the same village name in two townships ambiguous until the township is told', () => {
    const index = new RegionIndex(builtinCounty('410821')!);
    const found = index.resolve('刘庄村');
    expect(found).toMatchObject({ ok: false, rule: 'ambiguous_region' });
    const candidates = found.ok ? [] : found.candidates;
    expect(candidates.length).toBeGreaterThan(1);
    for (const code of candidates) {
      expect(index.resolve('刘庄村', { within: code.slice(0, 9) })).toEqual({ ok: true, code });
      expect(index.resolve('刘庄村', { within: index.get(code.slice(0, 9))!.name })).toEqual({ ok: true, code });
    }
  });
});
