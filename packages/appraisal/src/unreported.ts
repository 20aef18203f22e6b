import { recordTypeNames, recordTypeOf, schemaIds, streamOfSchema } from '@pingan/contracts';
import { RegionIndex } from '@pingan/regions';
import { componentKey, coverageKey, improbableZeros } from '@pingan/scoring';
import { type Evidence, monthsUpTo } from './evidence.js';

const SHOWN = 3;

/** Record types as people call them, the first few. */
export function recordTypesText(recordTypes: readonly string[]): string {
  const shown = recordTypes.slice(0, SHOWN).map((type) => recordTypeNames[type] ?? type);
  return `${shown.join('、')}${recordTypes.length > SHOWN ? `等${recordTypes.length}类` : ''}`;
}

/** Silence in words: `警情本月无报送，请核实；隐患已确认零报送`; empty for a unit that was not silent. */
export function silenceText({ unreported, confirmed_zero }: Unreported): string {
  return [
    unreported.length > 0 ? `${recordTypesText(unreported)}本月无报送，请核实` : '',
    confirmed_zero.length > 0 ? `${recordTypesText(confirmed_zero)}已确认零报送` : '',
  ]
    .filter((text) => text !== '')
    .join('；');
}

/** Record types of which a unit reported nothing in a month although its own past makes that all but impossible. */
export interface Unreported {
  unreported: string[];
  /** Of these somebody has confirmed that there was nothing. */
  confirmed_zero: string[];
}

const streamOf = (recordType: string) => streamOfSchema[schemaIds.find((id) => recordTypeOf(id) === recordType)!];

type ByUnit = ReadonlyMap<string, Unreported>;

const known = new WeakMap<Evidence, Map<string, ByUnit>>();

/**
 * Units whose silence in a month chance does not explain, see `improbableZeros`: by record type, held against the months the
 * county reported of it, as long as the unit existed.
 */
export function unreportedIn(evidence: Evidence, period: string): ByUnit {
  const byMonth = known.get(evidence) ?? new Map<string, ByUnit>();
  known.set(evidence, byMonth);
  const found = byMonth.get(period) ?? compute(evidence, period);
  byMonth.set(period, found);
  return found;
}

function compute(evidence: Evidence, period: string): ByUnit {
  const { county, rolledUp, zeroReports } = evidence;
  const regions = new RegionIndex(county);
  const confirmed = new Set(zeroReports.map((own) => JSON.stringify([own.stream, own.region_code, own.month])));
  const months = monthsUpTo(evidence, period);
  const exists = new Map(months.map((month) => [month, new Set(regions.units(month).map(({ code }) => code))]));
  const recordTypes = new Set([...rolledUp.cases.keys()].map((key) => key.slice(0, key.indexOf('|'))));
  const found = new Map<string, Unreported>();
  for (const recordType of [...recordTypes].sort()) {
    if (!rolledUp.coverage.has(coverageKey(recordType, period))) continue;
    const reported = months.filter((month) => rolledUp.coverage.has(coverageKey(recordType, month)));
    for (const unit of exists.get(period) ?? []) {
      if (rolledUp.cases.has(componentKey(recordType, unit, period))) continue;
      const own = reported
        .filter((month) => exists.get(month)!.has(unit))
        .map((month) => ({
          month,
          count: rolledUp.cases.get(componentKey(recordType, unit, month)) ?? 0,
          confirmed: confirmed.has(JSON.stringify([streamOf(recordType), unit, month])),
        }));
      const last = improbableZeros(own, (month) => exists.get(month)!.size).at(-1);
      if (last?.month !== period) continue;
      const entry = found.get(unit) ?? { unreported: [], confirmed_zero: [] };
      entry[last.confirmed ? 'confirmed_zero' : 'unreported'].push(recordType);
      found.set(unit, entry);
    }
  }
  return found;
}
