import { RegionIndex } from './region-index.js';
import { type County, countsFrom, existTogether, type Region } from './types.js';

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

/**
 * Regions that differ, those of the old table first; one that has a new code is one region. Of several that go into one the row that
 * keeps the code (else the first) is that region, and the others have but another code.
 */
export function regionChanges(before: County, after: County): RegionChange[] {
  const now = new RegionIndex(after);
  const kept = new Set(before.regions.regions.flatMap(({ code }) => (now.get(code)?.code === code ? [code] : [])));
  const met = new Set<Region>();
  const changes = before.regions.regions.map((old): RegionChange => {
    const same = now.get(old.code);
    if (same === undefined) return { before: old, after: null, aspects: [] };
    const isTaken = same.code !== old.code && (met.has(same) || kept.has(same.code));
    met.add(same);
    if (isTaken) return { before: old, after: same, aspects: ['code'] };
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

/** Units of a table that another joins into one region by its former codes, though some of them were units in the same month. */
export interface Joined {
  into: Region;
  units: Region[];
}

/** Mergers that a new table writes as changes of code: they would make one unit of two in every month there has been. */
export function joinedUnits(before: County, after: County): Joined[] {
  const now = new RegionIndex(after);
  const byHeir = new Map<Region, Region[]>();
  for (const unit of before.regions.regions.filter(({ ranked }) => ranked)) {
    const into = now.get(unit.code);
    if (into !== undefined) byHeir.set(into, [...(byHeir.get(into) ?? []), unit]);
  }
  return [...byHeir]
    .filter(([, units]) => units.some((one, at) => units.slice(at + 1).some((other) => existTogether(one, other))))
    .map(([into, units]) => ({ into, units }));
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
