export type RegionLevel = 'county' | 'township' | 'village';

export interface Population {
  value: number;
  year: number;
  source: string;
  /** True when the number is made up for the demo; readers must be told. */
  synthetic: boolean;
}

export interface Region {
  code: string;
  name: string;
  parent: string | null;
  level: RegionLevel;
  type: string;
  /** Peer class for ranking like with like. */
  areaClass: string | null;
  /** A scoring unit that is ranked. */
  ranked: boolean;
  /** Where its events count when it is not (or no longer) ranked itself. */
  countsAs: string | null;
  aliases: string[];
  /** `YYYY-MM`, inclusive. */
  validFrom: string | null;
  /** `YYYY-MM`, inclusive. */
  validTo: string | null;
  populations: Population[];
}

export interface RegionTable {
  /** First 12 hex digits of the SHA-256 of the canonical content; independent of row order. */
  version: string;
  /** In code order. */
  regions: Region[];
}

export interface County {
  code: string;
  name: string;
  timeZone: string;
  /** First month of the index, `YYYY-MM`; null when the data decide. */
  startMonth: string | null;
  /** Set when the county's events are made up. */
  demo: { seed: number } | null;
  regions: RegionTable;
}

/** True when the region exists in that month; always true without a month. */
export function isValidIn(region: Region, month: string | undefined): boolean {
  if (month === undefined) return true;
  return (
    (region.validFrom === null || region.validFrom <= month) && (region.validTo === null || month <= region.validTo)
  );
}
