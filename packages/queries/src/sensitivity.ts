import { monthInput } from '@pingan/appraisal';
import { type Sensitivity, sensitivity } from '@pingan/appraisal/analysis';
import { schemeHash } from '@pingan/indicators';
import type { Store } from '@pingan/store';
import { requireEvidence, stalePeriods } from './evidence.js';
import { headOf, type MonthAsked, type MonthHead, requireCounty, requireMonth, unitNames } from './scope.js';

export interface SensitivityAsked extends MonthAsked {
  draws: number;
  spread: number;
  seed: number;
}

export type SensitivityUnit = Sensitivity['units'][number] & { name: string | null };

export interface SensitivityFound {
  answer: { county: string; period: string; scheme: { name: string; hash: string } } & Omit<Sensitivity, 'units'> & {
      units: SensitivityUnit[];
    };
  head: MonthHead;
  asked: SensitivityAsked;
  stale: string[];
}

/** How much of a month's ranking is the scheme's choice. */
export async function findSensitivity(store: Store, asked: SensitivityAsked, now: number): Promise<SensitivityFound> {
  const { draws, spread, seed } = asked;
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now);
  const evidence = await requireEvidence(store, county);
  const scheme = evidence.schemeOf(month);
  const result = sensitivity(monthInput(evidence, month, new Map()), { draws, spread, seed });
  const names = unitNames(county, month);
  const units = result.units.map((unit) => ({ name: names.get(unit.region_code) ?? null, ...unit }));
  const head = { county: county.code, period: month, scheme: { name: scheme.name, hash: schemeHash(scheme) } };
  return {
    answer: { ...head, ...result, units },
    head: headOf(county, month, now),
    asked,
    stale: await stalePeriods(store, evidence, [month]),
  };
}
