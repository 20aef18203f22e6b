import { type MonthComparison, type Standing, type UnitComparison, whatIf } from '@pingan/appraisal/analysis';
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

interface MonthsAsked extends MonthAsked {
  /** How many months, the given one the last. */
  months: number;
}

export interface WhatIfAsked extends MonthsAsked {
  scheme: Scheme;
}

export interface SideBySideAsked extends MonthsAsked {
  schemes: readonly Scheme[];
}

export interface WhatIfMonth extends Omit<MonthComparison, 'units'> {
  units: (UnitComparison & { name: string | null })[];
}

interface SchemeNamed {
  name: string;
  hash: string;
}

interface Compared {
  head: MonthHead;
  current: Scheme;
  stale: string[];
}

export interface WhatIfFound extends Compared {
  answer: { county: string; period: string; scheme: SchemeNamed; tried: SchemeNamed; months: WhatIfMonth[] };
  tried: Scheme;
}

export interface SideBySideUnit {
  region_code: string;
  name: string | null;
  before: Standing;
  /** In the order of the schemes. */
  after: Standing[];
}

export interface SideBySideMonth {
  period: string;
  /** In the ranking order of the scheme in force. */
  units: SideBySideUnit[];
  /** How far each scheme is from the one in force, in their order. */
  schemes: Omit<MonthComparison, 'period' | 'units'>[];
}

export interface SideBySideFound extends Compared {
  answer: { county: string; period: string; scheme: SchemeNamed; tried: SchemeNamed[]; months: SideBySideMonth[] };
  tried: readonly Scheme[];
}

const nameOf = (scheme: Scheme): SchemeNamed => ({ name: scheme.name, hash: schemeHash(scheme) });

async function compare(store: Store, asked: SideBySideAsked, now: number) {
  const { schemes } = asked;
  const county = await requireCounty(store, asked.county);
  const month = await requireMonth(store, county, asked.month, now);
  const evidence = await requireEvidence(store, county);
  const first = requireMonthsBefore(evidence, month, asked.months);
  const found = await whatIf(store, evidence, { schemes, months: monthRange(first, month) });
  const current = evidence.schemeOf(month);
  const names = unitNames(county, month);
  const months = found.map((list) =>
    list.map(
      (one): WhatIfMonth => ({
        ...one,
        units: one.units.map((unit) => ({ name: names.get(unit.region_code) ?? null, ...unit })),
      }),
    ),
  );
  return {
    place: { county: county.code, period: month, scheme: nameOf(current) },
    compared: {
      head: headOf(county, month, now),
      current,
      stale: await stalePeriods(store, evidence, [month]),
    } satisfies Compared,
    /** Per scheme, then per month. */
    months,
  };
}

/** The months under another scheme beside the one in force. Stores nothing. */
export async function findWhatIf(store: Store, { scheme, ...asked }: WhatIfAsked, now: number): Promise<WhatIfFound> {
  const { place, compared, months } = await compare(store, { ...asked, schemes: [scheme] }, now);
  return { answer: { ...place, tried: nameOf(scheme), months: months[0]! }, ...compared, tried: scheme };
}

/** The months under several schemes beside the one in force. Stores nothing. */
export async function findSideBySide(store: Store, asked: SideBySideAsked, now: number): Promise<SideBySideFound> {
  const { place, compared, months } = await compare(store, asked, now);
  const tried = asked.schemes;
  const answer = {
    ...place,
    tried: tried.map(nameOf),
    months: months[0]!.map((_, m) => joined(months.map((list) => list[m]!))),
  };
  return { answer, ...compared, tried };
}

/** One month by each scheme as one month with all: the units of each stand in the order of the scheme in force. */
function joined(comparisons: readonly WhatIfMonth[]): SideBySideMonth {
  const { period, units } = comparisons[0]!;
  return {
    period,
    units: units.map(({ region_code, name, before }, u) => ({
      region_code,
      name,
      before,
      after: comparisons.map((one) => one.units[u]!.after),
    })),
    schemes: comparisons.map(({ period: _period, units: _units, ...likeness }) => likeness),
  };
}
