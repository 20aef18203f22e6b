import { addMonths, plainId } from '@pingan/contracts';
import { type County, countsFrom, isValidIn, type Population, type Region } from './types.js';

export interface ResolveOptions {
  /** Only regions that exist in this month, `YYYY-MM`. */
  month?: string;
  /** Code or name of a region (usually the township) the answer must lie in. */
  within?: string;
}

export type Resolution =
  | { ok: true; code: string }
  | {
      ok: false;
      rule: 'unknown_region' | 'ambiguous_region';
      candidates: string[];
      /** Of a region that the table has, but not in that month: its last month before it, else its first month after it. */
      known?: { until: string } | { from: string };
    };

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
  readonly #heirs = new Map<string, Map<string, string>>();
  readonly #above = new Map<string, Set<string>>();
  readonly #regions: readonly Region[];

  constructor(county: County) {
    this.#regions = county.regions.regions;
    const [codes, names, aliases] = this.#lookups;
    for (const region of this.#regions) {
      this.#byCode.set(region.code, region);
      add(codes, region.code, region);
      for (const former of region.formerCodes ?? []) {
        this.#byCode.set(former, region);
        add(codes, former, region);
      }
      add(names, region.name, region);
      for (const alias of region.aliases) add(aliases, alias, region);
    }
  }

  /**
   * Code or former code, then exact name, then alias; without regard to case, full-width forms, blanks around and characters that
   * nobody sees. Of a unit that went into another, in a later month, the code of that one: ledgers go on writing the old name.
   */
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
    for (const lookup of this.#lookups) {
      const ended = (lookup.get(key) ?? []).filter(
        ({ ranked, countsAs, validTo }) =>
          ranked && countsAs !== null && validTo !== null && options.month !== undefined && validTo < options.month,
      );
      const heir = ended.length === 1 ? this.#byCode.get(this.unitOf(ended[0]!.code, options.month!) ?? '') : undefined;
      if (heir !== undefined && (scope === undefined || this.#liesIn(heir, scope)))
        return { ok: true, code: heir.code };
    }
    const known = options.month === undefined ? undefined : this.#otherMonths(key, options.month, scope);
    return { ok: false, rule: 'unknown_region', candidates: [], ...(known && { known }) };
  }

  /** When a region was there that is not there in the month. */
  #otherMonths(
    key: string,
    month: string,
    scope: Region | undefined,
  ): { until: string } | { from: string } | undefined {
    const named = this.#lookups.flatMap((lookup) => lookup.get(key) ?? []);
    const regions = named.filter((region) => scope === undefined || this.#liesIn(region, scope));
    const ends = regions.flatMap(({ validTo }) => (validTo !== null && validTo < month ? [validTo] : []));
    const until = ends.sort().at(-1);
    if (until !== undefined) return { until };
    const begins = regions.flatMap(({ validFrom }) => (validFrom !== null && validFrom > month ? [validFrom] : []));
    const from = begins.sort()[0];
    return from === undefined ? undefined : { from };
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

  /**
   * Whether a region says which unit, or which township outside the ranking, its events of that month belong to. Not so: the
   * county itself and whatever else has ranked units below it, a village under no township, a unit that had ended and went into
   * no other, a code the table does not have.
   */
  hasPlace(code: string, month: string): boolean {
    let at = this.#byCode.get(code);
    while (at !== undefined) {
      const { ranked, level } = at;
      if (isValidIn(at, month) && (ranked || (level === 'township' && !this.#aboveUnits(month).has(at.code))))
        return true;
      const next = at.countsAs ?? at.parent;
      at = next === null ? undefined : this.#byCode.get(next);
    }
    return false;
  }

  /** Codes of the regions above the ranked units of a month. */
  #aboveUnits(month: string): ReadonlySet<string> {
    const above = this.#above.get(month) ?? new Set();
    if (!this.#above.has(month)) {
      this.#above.set(month, above);
      for (const { parent } of this.units(month)) {
        let up = parent === null ? undefined : this.#byCode.get(parent);
        while (up !== undefined && !above.has(up.code)) {
          above.add(up.code);
          up = up.parent === null ? undefined : this.#byCode.get(up.parent);
        }
      }
    }
    return above;
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

  /** The newest population that counts in the month, else the earliest there is. */
  populationOf(code: string, month: string): Population | undefined {
    let best: { population: Population; from: string } | undefined;
    for (const population of this.#byCode.get(code)?.populations ?? []) {
      const from = countsFrom(population);
      const better =
        best === undefined ||
        (from <= month ? best.from > month || from > best.from : best.from > month && from < best.from);
      if (better) best = { population, from };
    }
    return best?.population;
  }

  /** Units that had ended before the month, by code, with the unit of the month that each went into. */
  heirs(month: string): ReadonlyMap<string, string> {
    let heirs = this.#heirs.get(month);
    if (heirs === undefined) {
      heirs = new Map();
      for (const { code, ranked, validTo } of this.#regions) {
        const heir = ranked && validTo !== null && validTo < month ? this.unitOf(code, month) : undefined;
        if (heir !== undefined) heirs.set(code, heir);
      }
      this.#heirs.set(month, heirs);
    }
    return heirs;
  }

  /**
   * Residents of a unit's area by month, from the first of the two months to the month it is a unit of: its own and those of units
   * that went into it, in the months in which any of them was a unit. Where one of these has none, the unit's own stands in
   * (null where it has none either). Undefined for a unit that was itself, with one population, in all of the months.
   */
  residentsOf(
    code: string,
    { from, to }: { from: string; to: string },
  ): ReadonlyMap<string, number | null> | undefined {
    const earlier = [...this.heirs(to)].flatMap(([ended, heir]) => (heir === code ? [ended] : []));
    const unit = this.#byCode.get(code);
    const begins = unit?.validFrom ?? from;
    if (earlier.length === 0 && begins <= from && (unit?.populations.length ?? 0) < 2) return undefined;
    const members = [code, ...earlier].map((member) => this.#byCode.get(member)!);
    const residents = new Map<string, number | null>();
    for (let month = from; month <= to; month = addMonths(month, 1)) {
      const then = members.filter((member) => member.ranked && isValidIn(member, month));
      if (then.length === 0) continue;
      const counts = then.map((member) => this.populationOf(member.code, month)?.value ?? 0);
      const known = counts.every((count) => count > 0);
      const sum = counts.reduce((total, count) => total + count, 0);
      residents.set(month, known ? sum : (this.populationOf(code, month)?.value ?? null));
    }
    return residents;
  }

  #liesIn(region: Region, scope: Region): boolean {
    let at: Region | undefined = region;
    while (at !== undefined && at !== scope) at = at.parent === null ? undefined : this.#byCode.get(at.parent);
    return at === scope;
  }
}
