import { addMonths } from '@pingan/contracts';
import { catalogue, type Scheme } from '@pingan/indicators';
import type { RunUnit, Store } from '@pingan/store';
import { recordTypesText } from './unreported.js';

/** A unit that reported nothing of some record types in a month, which its past makes all but impossible. */
export interface Silence {
  month: string;
  region_code: string;
  name: string;
  /** Record types, none of which anybody has confirmed to be zero. */
  unreported: string[];
}

/** The silences of a month, from the rows of its run. */
export function silencesOf(month: string, units: readonly RunUnit[]): Silence[] {
  return units
    .filter(({ unreported }) => unreported.length > 0)
    .map(({ region_code, name, unreported }) => ({ month, region_code, name, unreported }));
}

/** The first month that an indicator of the scheme looks back to, by record type. */
function firstMonths(scheme: Scheme, period: string): Map<string, string> {
  const recordTypes = new Map(catalogue.map(({ code, recordType }) => [code, recordType]));
  const first = new Map<string, string>();
  for (const { code, window } of scheme.dimensions.flatMap(({ indicators }) => indicators)) {
    const from = window === 'ytd' ? `${period.slice(0, 4)}-01` : addMonths(period, 1 - window);
    const recordType = recordTypes.get(code)!;
    if (from < (first.get(recordType) ?? period)) first.set(recordType, from);
  }
  return first;
}

/** Of silences before a month, those that its figures still rest on, because a window reaches back to them. */
export function silencesInWindows(
  silences: readonly Silence[],
  { period, scheme }: { period: string; scheme: Scheme },
): Silence[] {
  const first = firstMonths(scheme, period);
  return silences.flatMap((silence) => {
    const { month, unreported } = silence;
    const still = unreported.filter((type) => month < period && month >= (first.get(type) ?? period));
    return still.length > 0 ? [{ ...silence, unreported: still }] : [];
  });
}

/** What the current runs say of months before `period` that its windows reach back to, oldest first. */
export async function earlierSilences(
  store: Pick<Store, 'runs'>,
  county: string,
  { period, scheme }: { period: string; scheme: Scheme },
): Promise<Silence[]> {
  const from = [...firstMonths(scheme, period).values()].sort()[0] ?? period;
  const runs = (await store.runs.currentAll(county)).filter((run) => run.period >= from && run.period < period);
  const found = await Promise.all(runs.map(async (run) => silencesOf(run.period, await store.runs.units(run.run_id))));
  return silencesInWindows(found.flat(), { period, scheme });
}

/** For who reads figures of more than one month: `2026-08 丙镇：警情无报送，请核实。` */
export const silenceLine = ({ month, name, unreported }: Silence): string =>
  `${month} ${name}：${recordTypesText(unreported)}无报送，请核实。`;
