import { type County, RegionIndex } from '@pingan/regions';
import type { RedLineEvent } from '@pingan/scoring';
import type { RedLine } from '@pingan/store';

/** Events by month, each with the unit its region counts as then; what belongs to the county alone costs no unit. */
export function redLineEvents(county: County, redLines: readonly RedLine[]): Map<string, RedLineEvent[]> {
  const regions = new RegionIndex(county);
  const byMonth = new Map<string, RedLineEvent[]>();
  for (const { region_code, date, kind, deaths, case_ref } of redLines) {
    const month = date.slice(0, 'YYYY-MM'.length);
    const unit = regions.unitOf(region_code, month);
    if (unit === undefined) continue;
    const events = byMonth.get(month) ?? [];
    events.push({ unit, date, kind, deaths, case_ref });
    byMonth.set(month, events);
  }
  return byMonth;
}
