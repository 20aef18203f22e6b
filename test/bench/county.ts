import { addMonths } from '@pingan/contracts';
import { builtinCounty, type County, lastCompleteMonth, type Region, regionTable } from '@pingan/regions';

/** Twelve months up to the last one that is over. */
export function benchMonths(nowMs: number): { from: string; count: number } {
  return { from: addMonths(lastCompleteMonth(nowMs, 'Asia/Shanghai'), -11), count: 12 };
}

/** The largest built-in county: 26 townships. */
export function benchCounty(startMonth: string): County {
  const county = builtinCounty('411081');
  if (!county) throw new Error('no built-in county 411081');
  return { ...county, startMonth };
}

/** A made-up division of any number of townships, in the three classes of the built-in county. */
export function countyOf(townships: number, startMonth: string): County {
  const pattern = benchCounty(startMonth).regions.regions.filter(({ ranked }) => ranked);
  const regions = Array.from({ length: townships }, (_, i): Region => {
    const code = `99${String(i).padStart(7, '0')}`;
    return { ...pattern[i % pattern.length]!, code, name: `第${i + 1}镇`, parent: null, aliases: [] };
  });
  return {
    code: '990000',
    name: '测试县',
    timeZone: 'Asia/Shanghai',
    startMonth,
    demo: null,
    regions: regionTable(regions),
  };
}
