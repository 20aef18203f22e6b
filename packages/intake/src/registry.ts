import { type Stream, topicOf } from '@pingan/contracts';
import { type County, RegionIndex } from '@pingan/regions';
import type { Store } from '@pingan/store';

export interface MessagePlace {
  stream: Stream;
  partition: number;
  /** Position. */
  offset: number;
}

export interface KnownCounty {
  county: County;
  regions: RegionIndex;
}

const placeOf = (county: string, topic: string, partition: number) => `${county} ${topic} ${partition}`;

/** What the registry asks of a store. */
export interface RegistrySource {
  counties: Pick<Store['counties'], 'list'>;
  countyData: Pick<Store['countyData'], 'starts'>;
}

/** The counties as the store knew them when they were last loaded. */
export class CountyRegistry {
  private known = new Map<string, KnownCounty>();

  private starts = new Map<string, number>();

  constructor(private readonly store: RegistrySource) {}

  async load(): Promise<void> {
    const [counties, starts] = await Promise.all([this.store.counties.list(), this.store.countyData.starts()]);
    this.starts = new Map(
      starts.map(({ county, topic, partition, position }) => [placeOf(county, topic, partition), position]),
    );
    this.known = new Map(counties.map((county) => [county.code, { county, regions: new RegionIndex(county) }]));
  }

  get(code: string): KnownCounty | undefined {
    return this.known.get(code);
  }

  /** Whether a message lies before the place from which on its county counts: the county was reset or removed since. */
  isBeforeStart(code: string, { stream, partition, offset }: MessagePlace): boolean {
    if (this.starts.size === 0) return false;
    return offset < (this.starts.get(placeOf(code, topicOf(stream), partition)) ?? 0);
  }

  all(): KnownCounty[] {
    return [...this.known.values()];
  }
}
