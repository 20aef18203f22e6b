import type { Scheme } from '@pingan/indicators';
import { type County, monthOfInstant } from '@pingan/regions';
import type { SchemeDecision, Store } from '@pingan/store';
import { requireCounty } from './scope.js';

/** From when on a scheme is a county's. */
export interface SchemePeriod {
  from: string;
  name: string;
  hash: string;
  /** UTC. */
  activated_at: string;
  note: string;
  /** Decided by taking back another one: the scheme of the time before goes on. */
  continues: boolean;
}

export interface SchemeListFound {
  answer: {
    county: string;
    schemes: SchemePeriod[];
    /** First month of the one in force now; null where none is. */
    current: string | null;
  };
  county: County;
}

const nameOf = ({ document }: SchemeDecision): string => (JSON.parse(document) as Scheme).name;

/** The decision that counts for each month from which anything was decided, earliest first. */
export function decisionsThatCount(decisions: readonly SchemeDecision[]): SchemeDecision[] {
  return [...new Map(decisions.map((one) => [one.fromMonth, one])).values()];
}

/** Which schemes a county has been and will be scored by. */
export async function findSchemes(store: Store, code: string, now: number): Promise<SchemeListFound> {
  const county = await requireCounty(store, code);
  const decisions = decisionsThatCount(await store.schemes.decisions(county.code));
  const month = monthOfInstant(now, county.timeZone);
  const schemes = decisions.map(
    (own, i): SchemePeriod => ({
      from: own.fromMonth,
      name: nameOf(own),
      hash: own.hash,
      activated_at: own.activatedAt,
      note: own.note,
      continues: decisions[i - 1]?.hash === own.hash,
    }),
  );
  const current = schemes.filter(({ from }) => from <= month).at(-1)?.from ?? null;
  return { answer: { county: county.code, schemes, current }, county };
}
