import { type UnitWithoutCase, withoutCase } from '@pingan/appraisal/analysis';
import type { Scheme } from '@pingan/indicators';
import { type County, RegionIndex } from '@pingan/regions';
import type { ComponentScope, FoundCase, Store } from '@pingan/store';
import { schemeOfMonth } from './active-scheme.js';
import { named, refused } from './refusals.js';
import { headOf, type MonthAsked, type MonthHead, requireCounty, requireMonth, unitNames } from './scope.js';

export interface CaseAsked extends MonthAsked {
  caseId: string;
  /** Needed where several sources have the id. */
  source?: string | undefined;
}

/** @throws Refusal for an unknown id, one that several sources have, or a case that is withdrawn */
async function requireCase(store: Store, scope: ComponentScope, { caseId, source }: CaseAsked): Promise<FoundCase> {
  const found = await store.cases.find(scope, caseId);
  const sources = [...new Set(found.map((one) => one.source))];
  if (found.length === 0) throw refused('unknown_case', { case_id: caseId });
  const own = source === undefined ? found : found.filter((one) => one.source === source);
  if (source !== undefined && own.length === 0)
    throw refused('case_of_other_source', { case_id: caseId, source, sources });
  if (source === undefined && sources.length > 1) throw refused('ambiguous_case', { case_id: caseId, sources });
  const standing = own.find(({ retracted }) => !retracted);
  if (standing === undefined) throw refused('withdrawn_case', { case_id: caseId, sources });
  return standing;
}

/** Unit and place inside it in words. */
function placeOf(county: County, { region_code, date }: FoundCase): string {
  const name = (code: string | undefined) => county.regions.regions.find((region) => region.code === code)?.name ?? '';
  const unit = new RegionIndex(county).unitOf(region_code, date.slice(0, 'YYYY-MM'.length));
  const place = unit === region_code ? name(unit) : `${name(unit)}${name(region_code)}`;
  return place || region_code;
}

function countedBy(county: County, { region_code, date }: FoundCase): WithoutCaseFound['counted'] {
  const [regions, month] = [new RegionIndex(county), date.slice(0, 'YYYY-MM'.length)];
  if (regions.unitOf(region_code, month) !== undefined) return 'unit';
  return regions.hasPlace(region_code, month) ? 'outside' : 'nowhere';
}

export interface WithoutCaseFound {
  answer: {
    county: string;
    period: string;
    case: FoundCase;
    units: (UnitWithoutCase & { name: string | null })[];
  };
  head: MonthHead;
  scheme: Scheme;
  place: string;
  /** Whether some unit counts it, it lies in a township outside the ranking, or nobody knows whose it is. */
  counted: 'unit' | 'outside' | 'nowhere';
}

/** Who stands where if one case were not there. */
export async function findWithoutCase(store: Store, asked: CaseAsked, now: number): Promise<WithoutCaseFound> {
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now);
  const state = await store.components.state(county.code);
  if (!state) throw refused('nothing_stored', { county: named(county) });
  const { watermark } = state;
  const found = await requireCase(store, { county, watermark }, asked);
  const key = { source: found.source, case_id: found.case_id };
  const result = await withoutCase(store, county, { period: month, watermark, key });
  const names = unitNames(county, month);
  const units = result.units.map((unit) => ({ name: names.get(unit.region_code) ?? null, ...unit }));
  return {
    answer: { county: county.code, period: month, case: found, units },
    head: headOf(county, month, now),
    scheme: await schemeOfMonth(store, county.code, month),
    place: placeOf(county, found),
    counted: countedBy(county, found),
  };
}
