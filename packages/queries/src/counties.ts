import type { County } from '@pingan/regions';
import type { CountyExtent, Store } from '@pingan/store';

/** A registered county and what is stored of it. */
export interface CountyHeld {
  county: County;
  extent: CountyExtent;
}

export async function findCounties({ counties, countyData }: Store): Promise<CountyHeld[]> {
  const list = await counties.list();
  return Promise.all(list.map(async (county) => ({ county, extent: await countyData.extent(county.code) })));
}
