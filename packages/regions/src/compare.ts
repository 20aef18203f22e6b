import { RegionIndex } from './region-index.js';
import { type County, countsFrom, type Region } from './types.js';

/** What of a region another table says otherwise. */
export type RegionAspect =
  | 'name'
  | 'code'
  | 'area_class'
  | 'ranked'
  | 'valid'
  | 'counts_as'
  | 'parent'
  | 'population'
  | 'population_source'
  | 'aliases'
  | 'former_codes'
  | 'type'
  | 'position';

export interface RegionChange {
  before: Region | null;
  after: Region | null;
  /** Empty where the region is in one of the tables only. */
  aspects: RegionAspect[];
}

const text: Record<RegionAspect, (region: Region) => unknown> = {
  name: ({ name }) => name,
  code: ({ code }) => code,
  area_class: ({ areaClass }) => areaClass,
  ranked: ({ ranked }) => ranked,
  valid: ({ validFrom, validTo }) => [validFrom, validTo],
  counts_as: ({ countsAs }) => countsAs,
  parent: ({ parent }) => parent,
  population: ({ populations }) => populations.map((one) => [countsFrom(one), one.value]),
  population_source: ({ populations }) => populations.map(({ source, synthetic }) => [source, synthetic]),
  aliases: ({ aliases }) => [...aliases].sort(),
  former_codes: ({ formerCodes }) => [...(formerCodes ?? [])].sort(),
  type: ({ type, level }) => [type, level],
  position: ({ position }) => position ?? null,
};

const aspects = Object.keys(text) as RegionAspect[];

/** Regions that differ, those of the old table first; one that has a new code is one region. */
export function regionChanges(before: County, after: County): RegionChange[] {
  const now = new RegionIndex(after);
  const met = new Set<Region>();
  const changes = before.regions.regions.map((old): RegionChange => {
    const same = now.get(old.code);
    if (same === undefined || met.has(same)) return { before: old, after: null, aspects: [] };
    met.add(same);
    const differing = aspects.filter((one) => JSON.stringify(text[one](old)) !== JSON.stringify(text[one](same)));
    return { before: old, after: same, aspects: differing };
  });
  const added = after.regions.regions.filter((region) => !met.has(region));
  return [
    ...changes.filter((change) => change.after === null || change.aspects.length > 0),
    ...added.map((region): RegionChange => ({ before: null, after: region, aspects: [] })),
  ];
}

/** Something that was counted in a month in a place. */
export interface Counted {
  region_code: string;
  month: string;
}

export interface Placement<T extends Counted> {
  /** What a unit counted, or the table knew, and the new table gives to nobody. */
  orphaned: T[];
  /** What another unit counts now. */
  moved: Array<T & { from: string; to: string }>;
}

/** What a new table does to what was counted under the old one. */
export function placeAgain<T extends Counted>(before: County, after: County, counted: readonly T[]): Placement<T> {
  const [old, now] = [new RegionIndex(before), new RegionIndex(after)];
  const placement: Placement<T> = { orphaned: [], moved: [] };
  for (const one of counted) {
    const from = old.unitOf(one.region_code, one.month);
    const to = now.unitOf(one.region_code, one.month);
    if (!now.has(one.region_code) || (from !== undefined && to === undefined)) placement.orphaned.push(one);
    else if (from !== undefined && to !== undefined && now.get(from)?.code !== to) {
      placement.moved.push({ ...one, from, to });
    }
  }
  return placement;
}
