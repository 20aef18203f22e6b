export type RegionLevel = 'county' | 'township' | 'village';

export interface Population {
  value: number;
  year: number;
  /** `YYYY-MM` from which it counts; absent: January of `year`. */
  from?: string;
  source: string;
  /** True when the number is made up for the demo; readers must be told. */
  synthetic: boolean;
}

/** Degrees in WGS-84; the maps of Chinese services use GCJ-02, which lies some hundred metres beside it. */
export interface Position {
  lat: number;
  lon: number;
  /** True when it is made up for the demo; readers must be told. */
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
  /**
   * Where its events count when it is not (or no longer) ranked itself. Of a unit that has ended it is the unit it went into,
   * whose past then holds this one's.
   */
  countsAs: string | null;
  aliases: string[];
  /** Codes it had before: cases stored or sent under one are cases of this region. Absent: none. */
  formerCodes?: string[];
  /** `YYYY-MM`, inclusive. */
  validFrom: string | null;
  /** `YYYY-MM`, inclusive. */
  validTo: string | null;
  populations: Population[];
  /** Where a map shows it; no number depends on it. */
  position?: Position;
}

export interface RegionTable {
  /** First 12 hex digits of the SHA-256 of all that numbers depend on (not positions); independent of row order. */
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

/** `YYYY-MM` from which a population counts. */
export const countsFrom = ({ from, year }: { from?: string | undefined; year: number }): string =>
  from ?? `${String(year).padStart(4, '0')}-01`;

/** True when the region exists in that month; always true without a month. */
export function isValidIn(region: Region, month: string | undefined): boolean {
  if (month === undefined) return true;
  return (
    (region.validFrom === null || region.validFrom <= month) && (region.validTo === null || month <= region.validTo)
  );
}

/** Whether there is a month in which both exist. */
export function existTogether(a: Region, b: Region): boolean {
  const from = [a.validFrom, b.validFrom].filter((m) => m !== null);
  const to = [a.validTo, b.validTo].filter((m) => m !== null);
  return from.every((start) => to.every((end) => start <= end));
}
