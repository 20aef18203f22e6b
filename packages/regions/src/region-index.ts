import { plainId } from '@pingan/contracts';
import { type County, isValidIn, type Population, type Region } from './types.js';

export interface ResolveOptions {
  /** Only regions that exist in this month, `YYYY-MM`. */
  month?: string;
  /** Code or name of a region (usually the township) the answer must lie in. */
  within?: string;
}

export type Resolution =
  | { ok: true; code: string }
  | { ok: false; rule: 'unknown_region' | 'ambiguous_region'; candidates: string[] };

/** Tables of installations from before `plainId` may hold hidden characters too, so both sides are normalised. */
const normalised = (text: string) => plainId(text.normalize('NFKC')).replace(/\s+/g, ' ').toLowerCase();

function add(map: Map<string, Region[]>, text: string, region: Region): void {
  const key = normalised(text);
  const list = map.get(key);
  if (list === undefined) map.set(key, [region]);
  else if (!list.includes(region)) list.push(region);
}

/** Answers questions about one county's region table. Tables are checked when made, so chains here always end. */
export class RegionIndex {
  readonly #byCode = new Map<string, Region>();
  /** Tried in this order; the first that knows the text decides. */
  readonly #lookups: [codes: Map<string, Region[]>, names: Map<string, Region[]>, aliases: Map<string, Region[]>] = [
    new Map(),
    new Map(),
    new Map(),
  ];
  readonly #units = new Map<string, Region[]>();
  readonly #regions: readonly Region[];

  constructor(county: County) {
    this.#regions = county.regions.regions;
    const [codes, names, aliases] = this.#lookups;
    for (const region of this.#regions) {
      this.#byCode.set(region.code, region);
      add(codes, region.code, region);
      add(names, region.name, region);
      for (const alias of region.aliases) add(aliases, alias, region);
    }
  }

  /** Code, then exact name, then alias; without regard to case, full-width forms, blanks around and characters that nobody sees. */
  resolve(text: string, options: ResolveOptions = {}): Resolution {
    let scope: Region | undefined;
    if (options.within !== undefined) {
      const month = options.month === undefined ? {} : { month: options.month };
      const within = this.resolve(options.within, month);
      if (!within.ok) return within;
      scope = this.#byCode.get(within.code);
    }
    const key = normalised(text);
    for (const lookup of this.#lookups) {
      const found = (lookup.get(key) ?? []).filter(
        (region) => isValidIn(region, options.month) && (scope === undefined || this.#liesIn(region, scope)),
      );
      if (found.length === 1) return { ok: true, code: found[0]!.code };
      if (found.length > 1) return { ok: false, rule: 'ambiguous_region', candidates: found.map((r) => r.code) };
    }
    return { ok: false, rule: 'unknown_region', candidates: [] };
  }

  has(code: string): boolean {
    return this.#byCode.has(code);
  }

  get(code: string): Region | undefined {
    return this.#byCode.get(code);
  }

  /**
   * The scoring unit whose counts a region's events belong to in that month: itself if ranked then, else where it counts
   * as, else the nearest such region above it. Undefined when they belong to the county alone.
   */
  unitOf(code: string, month: string): string | undefined {
    let at = this.#byCode.get(code);
    while (at !== undefined) {
      if (at.ranked && isValidIn(at, month)) return at.code;
      const next = at.countsAs ?? at.parent;
      at = next === null ? undefined : this.#byCode.get(next);
    }
    return undefined;
  }

  /** Ranked units that exist in that month, in code order. */
  units(month: string): Region[] {
    let units = this.#units.get(month);
    if (units === undefined) {
      units = this.#regions.filter((region) => region.ranked && isValidIn(region, month));
      this.#units.set(month, units);
    }
    return units;
  }

  /** The newest population not newer than the month's year, else the earliest there is. */
  populationOf(code: string, month: string): Population | undefined {
    const year = Number(month.slice(0, 4));
    let best: Population | undefined;
    for (const population of this.#byCode.get(code)?.populations ?? []) {
      if (best === undefined) best = population;
      else if (population.year <= year) {
        if (best.year > year || population.year > best.year) best = population;
      } else if (best.year > year && population.year < best.year) best = population;
    }
    return best;
  }

  #liesIn(region: Region, scope: Region): boolean {
    let at: Region | undefined = region;
    while (at !== undefined && at !== scope) at = at.parent === null ? undefined : this.#byCode.get(at.parent);
    return at === scope;
  }
}
