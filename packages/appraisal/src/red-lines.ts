import { type County, RegionIndex } from '@pingan/regions';
import type { RedLineEvent } from '@pingan/scoring';
import type { RedLine } from '@pingan/store';

const monthOf = ({ date }: RedLine) => date.slice(0, 'YYYY-MM'.length);

/** Events by month of which nobody knows whose they are (see `hasPlace`): they cost no unit, and have to be told. */
export function redLinesWithoutPlace(county: County, redLines: readonly RedLine[]): Map<string, RedLine[]> {
  const regions = new RegionIndex(county);
  const byMonth = new Map<string, RedLine[]>();
  for (const redLine of redLines) {
    const month = monthOf(redLine);
    if (!regions.hasPlace(redLine.region_code, month)) byMonth.set(month, [...(byMonth.get(month) ?? []), redLine]);
  }
  return byMonth;
}

/** Events by month, each with the unit its region counts as then; what belongs to no unit costs none. */
export function redLineEvents(county: County, redLines: readonly RedLine[]): Map<string, RedLineEvent[]> {
  const regions = new RegionIndex(county);
  const byMonth = new Map<string, RedLineEvent[]>();
  for (const redLine of redLines) {
    const { region_code, date, kind, deaths, case_ref } = redLine;
    const month = monthOf(redLine);
    const unit = regions.unitOf(region_code, month);
    if (unit === undefined) continue;
    const events = byMonth.get(month) ?? [];
    events.push({ unit, date, kind, deaths, case_ref });
    byMonth.set(month, events);
  }
  return byMonth;
}
