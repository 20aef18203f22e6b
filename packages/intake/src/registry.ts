import { type County, RegionIndex } from '@pingan/regions';
import type { Store } from '@pingan/store';

export interface KnownCounty {
  county: County;
  regions: RegionIndex;
}

/** The counties as the store knew them when they were last loaded. */
export class CountyRegistry {
  private known = new Map<string, KnownCounty>();

  constructor(private readonly store: Pick<Store, 'counties'>) {}

  async load(): Promise<void> {
    const counties = await this.store.counties.list();
    this.known = new Map(counties.map((county) => [county.code, { county, regions: new RegionIndex(county) }]));
  }

  get(code: string): KnownCounty | undefined {
    return this.known.get(code);
  }

  all(): KnownCounty[] {
    return [...this.known.values()];
  }
}
