import { createHash } from 'node:crypto';
import { addMonths, month, regionCode } from '@pingan/contracts';
import { RegionTableError } from './defects.js';
import { countsFrom, existTogether, type Region, type RegionTable } from './types.js';

/** A defect by row, before the caller adds where the row came from. */
export interface RowDefect {
  row: number;
  field: string;
  rule: string;
  value: string;
}

const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

function rowDefects(region: Region): Array<Omit<RowDefect, 'row'>> {
  const found: Array<Omit<RowDefect, 'row'>> = [];
  if (!regionCode.safeParse(region.code).success)
    found.push({ field: 'code', rule: 'invalid_code', value: region.code });
  if (region.name.trim() === '') found.push({ field: 'name', rule: 'required', value: '' });
  // Names stand in every table and report.
  if (/\p{Cc}/u.test(region.name)) found.push({ field: 'name', rule: 'control_character', value: region.name });
  for (const [field, value] of [
    ['valid_from', region.validFrom],
    ['valid_to', region.validTo],
  ] as const) {
    if (value !== null && !month.safeParse(value).success) found.push({ field, rule: 'invalid_month', value });
  }
  if (region.validFrom !== null && region.validTo !== null && region.validTo < region.validFrom) {
    found.push({ field: 'valid_to', rule: 'valid_to_before_from', value: region.validTo });
  }
  if (region.ranked && region.countsAs !== null && region.validTo === null && region.validFrom === null) {
    found.push({ field: 'counts_as', rule: 'counts_as_of_ranked', value: region.countsAs });
  }
  for (const code of region.formerCodes ?? []) {
    if (!regionCode.safeParse(code).success) found.push({ field: 'former_codes', rule: 'invalid_code', value: code });
  }
  const months = new Set<string>();
  for (const { value, year, from } of region.populations) {
    if (!Number.isInteger(value) || value < 1) {
      found.push({ field: 'population', rule: 'invalid_population', value: String(value) });
    }
    if (!Number.isInteger(year) || year < 1000 || year > 9999) {
      found.push({ field: 'population_year', rule: 'invalid_year', value: String(year) });
    }
    if (from !== undefined && !month.safeParse(from).success) {
      found.push({ field: 'population', rule: 'invalid_month', value: from });
    }
    const begins = countsFrom({ year, from });
    if (months.has(begins)) {
      found.push(
        from === undefined
          ? { field: 'population_year', rule: 'duplicate_population_year', value: String(year) }
          : { field: `population_${from}`, rule: 'duplicate_population_month', value: from },
      );
    }
    months.add(begins);
  }
  return found;
}

/** True when following `next` from `start` comes back to `start`; a tail that runs into another loop is not its defect. */
function returnsTo(start: Region, next: (region: Region) => Region | undefined): boolean {
  const seen = new Set<Region>();
  for (let at = next(start); at !== undefined && !seen.has(at); at = next(at)) {
    if (at === start) return true;
    seen.add(at);
  }
  return false;
}

/** Everything wrong with these rows taken together. */
export function tableDefects(regions: readonly Region[]): RowDefect[] {
  const known = new Map<string, Region>();
  const found: RowDefect[] = [];
  regions.forEach((region, row) => {
    if (known.has(region.code)) found.push({ row, field: 'code', rule: 'duplicate_code', value: region.code });
    else known.set(region.code, region);
  });
  const former = new Set<string>();
  regions.forEach((region, row) => {
    for (const code of region.formerCodes ?? []) {
      const rule = known.has(code) ? 'former_code_in_use' : former.has(code) ? 'former_code_twice' : undefined;
      if (rule !== undefined) found.push({ row, field: 'former_codes', rule, value: code });
      former.add(code);
    }
  });
  const parentOf = (region: Region) => (region.parent === null ? undefined : known.get(region.parent));
  const target = (region: Region) => (region.countsAs === null ? parentOf(region) : known.get(region.countsAs));
  regions.forEach((region, row) => {
    const add = (field: string, rule: string, value: string) => found.push({ row, field, rule, value });
    for (const defect of rowDefects(region)) found.push({ row, ...defect });
    const { parent, countsAs } = region;
    if (parent !== null && !known.has(parent)) add('parent', 'parent_missing', parent);
    if (countsAs !== null && !known.has(countsAs)) add('counts_as', 'counts_as_missing', countsAs);
    if (known.get(region.code) !== region) return;
    if (parent !== null && returnsTo(region, parentOf)) add('parent', 'parent_cycle', parent);
    else if (countsAs !== null && returnsTo(region, target)) add('counts_as', 'counts_as_cycle', countsAs);
    else if (region.ranked) {
      const above = new Set<Region>();
      for (let up = parentOf(region); up !== undefined && !above.has(up); up = parentOf(up)) {
        if (up.ranked && existTogether(up, region)) add('ranked', 'overlapping_units', up.code);
        above.add(up);
      }
    }
  });
  return found.sort((a, b) => a.row - b.row);
}

function canonical(region: Region): unknown[] {
  return [
    region.code,
    region.name,
    region.parent,
    region.level,
    region.type,
    region.areaClass,
    region.ranked,
    region.countsAs,
    [...region.aliases].sort(),
    region.validFrom,
    region.validTo,
    [...region.populations]
      .sort((a, b) => (countsFrom(a) < countsFrom(b) ? -1 : 1))
      .map((p) => [p.year, p.value, p.source, p.synthetic, ...(p.from === undefined ? [] : [p.from])]),
    // Not in a table that has none, whose version is what it was before there were any.
    ...(region.formerCodes?.length ? [[...region.formerCodes].sort()] : []),
  ];
}

const versionOf = (regions: readonly Region[]): string =>
  createHash('sha256')
    .update(JSON.stringify(regions.map(canonical)))
    .digest('hex')
    .slice(0, 12);

/** A region as the months up to one see it: what begins later is not there, what ends later has no end. */
function asOf(region: Region, month: string): Region[] {
  if (region.validFrom !== null && region.validFrom > month) return [];
  const ends = region.validTo !== null && region.validTo < month;
  const { populations } = region;
  const begun = populations.filter((population) => countsFrom(population) <= month);
  const first = [...populations].sort((a, b) => (countsFrom(a) < countsFrom(b) ? -1 : 1)).slice(0, 1);
  return [
    {
      ...region,
      validTo: ends ? region.validTo : null,
      countsAs: region.ranked && !ends && region.validFrom === null ? null : region.countsAs,
      populations: begun.length > 0 ? begun : first,
    },
  ];
}

/** What a month sees of a table. */
export interface TableAsOf {
  /** Equal for two tables that differ only in what begins or ends after the month. */
  version: string;
  /** Whether any unit began, ended or changed its population up to then. */
  hasChanges: boolean;
}

/** Months from which a table is another than before, and what was made of it for each stretch between them. */
interface Seen {
  turns: readonly string[];
  stretches: Map<string, TableAsOf>;
}

const seen = new WeakMap<RegionTable, Seen>();

function turnsOf({ regions }: RegionTable): readonly string[] {
  const months = regions.flatMap((region) => [
    ...(region.validFrom === null ? [] : [region.validFrom]),
    ...(region.validTo === null ? [] : [addMonths(region.validTo, 1)]),
    ...(region.populations.length < 2 ? [] : region.populations.map(countsFrom)),
  ]);
  return [...new Set(months)].sort();
}

/** What of a table the scores of a month can depend on. */
export function tableAsOf(table: RegionTable, month: string): TableAsOf {
  const { turns, stretches } = seen.get(table) ?? { turns: turnsOf(table), stretches: new Map() };
  seen.set(table, { turns, stretches });
  if (turns.length === 0) return { version: table.version, hasChanges: false };
  const turn = turns.filter((one) => one <= month).at(-1) ?? '';
  let found = stretches.get(turn);
  if (found === undefined) {
    const regions = table.regions.flatMap((region) => asOf(region, month));
    const hasChanges = regions.some(
      (r) => r.ranked && (r.validFrom !== null || r.validTo !== null || r.populations.length > 1),
    );
    found = { version: versionOf(regions), hasChanges };
    stretches.set(turn, found);
  }
  return found;
}

/** The table of rows already known to be sound. */
export function soundTable(regions: readonly Region[]): RegionTable {
  const sorted = [...regions].sort(byCode);
  return { version: versionOf(sorted), regions: sorted };
}

/**
 * Checks the regions together and gives the table its version.
 * @throws RegionTableError with Chinese text listing every defect.
 */
export function regionTable(regions: Region[]): RegionTable {
  const defects = tableDefects(regions);
  if (defects.length > 0) {
    throw new RegionTableError(
      defects.map(({ row, ...rest }) => ({ file: null, line: null, code: regions[row]!.code, ...rest })),
    );
  }
  return soundTable(regions);
}
