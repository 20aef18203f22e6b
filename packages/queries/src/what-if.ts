import { type MonthComparison, type UnitComparison, whatIf } from '@pingan/appraisal/analysis';
import { monthRange } from '@pingan/contracts';
import { type Scheme, schemeHash } from '@pingan/indicators';
import type { Store } from '@pingan/store';
import { requireEvidence, stalePeriods } from './evidence.js';
import {
  headOf,
  type MonthAsked,
  type MonthHead,
  requireCounty,
  requireMonth,
  requireMonthsBefore,
  unitNames,
} from './scope.js';

export interface WhatIfAsked extends MonthAsked {
  scheme: Scheme;
  /** How many months, the given one the last. */
  months: number;
}

export interface WhatIfMonth extends Omit<MonthComparison, 'units'> {
  units: (UnitComparison & { name: string | null })[];
}

interface SchemeNamed {
  name: string;
  hash: string;
}

export interface WhatIfFound {
  answer: { county: string; period: string; scheme: SchemeNamed; tried: SchemeNamed; months: WhatIfMonth[] };
  head: MonthHead;
  current: Scheme;
  tried: Scheme;
  stale: string[];
}

const nameOf = (scheme: Scheme): SchemeNamed => ({ name: scheme.name, hash: schemeHash(scheme) });

/** The months under another scheme beside the one in force. Stores nothing. */
export async function findWhatIf(store: Store, asked: WhatIfAsked, now: number): Promise<WhatIfFound> {
  const { scheme } = asked;
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now);
  const evidence = await requireEvidence(store, county);
  const first = requireMonthsBefore(evidence, month, asked.months);
  const found = await whatIf(store, evidence, { scheme, months: monthRange(first, month) });
  const current = evidence.schemeOf(month);
  const names = unitNames(county, month);
  const months = found.map((one) => ({
    ...one,
    units: one.units.map((unit) => ({ name: names.get(unit.region_code) ?? null, ...unit })),
  }));
  return {
    answer: { county: county.code, period: month, scheme: nameOf(current), tried: nameOf(scheme), months },
    head: headOf(county, month, now),
    current,
    tried: scheme,
    stale: await stalePeriods(store, evidence, [month]),
  };
}
