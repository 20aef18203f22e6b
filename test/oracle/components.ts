import type { County } from '@pingan/regions';
import type { Case } from './cases.js';
import { clockOf, monthOfDay } from './clock.js';
import { readers } from './indicators.js';

export interface Sum {
  month: string;
  indicator: string;
  region: string;
  /** In millionths, each case's part rounded to them: whole numbers add up the same in any order. */
  numerator: number;
  denominator: number;
}

const MILLIONTHS = 1e6;

export const keyOf = (month: string, indicator: string, region: string) => `${month}|${indicator}|${region}`;

/** Every monthly sum of every region and indicator, and `cases:<type>` for the cases that occurred. */
export function componentsOf(cases: readonly Case[], county: County): Map<string, Sum> {
  const clock = clockOf(county.timeZone);
  const petitions = cases.filter(({ schema }) => schema === 'petition.case/1' || schema === 'hotline.order/1');
  const byId = new Map(petitions.map((event) => [`${event.source}/${event.case_id}`, event]));
  const find = (source: string, caseId: string) => byId.get(`${source}/${caseId}`);
  const sums = new Map<string, Sum>();
  const add = (indicator: string, region: string, day: number, numerator: number, denominator: number) => {
    const month = monthOfDay(day);
    const key = keyOf(month, indicator, region);
    const sum = sums.get(key) ?? { month, indicator, region, numerator: 0, denominator: 0 };
    sum.numerator += Math.round(numerator * MILLIONTHS);
    sum.denominator += denominator * MILLIONTHS;
    sums.set(key, sum);
  };
  for (const event of cases) {
    const recordType = event.schema.slice(0, event.schema.indexOf('/'));
    add(`cases:${recordType}`, event.region_code, clock.dayOf(clock.instantOf(event.occurred_at)), 1, 0);
    for (const [indicator, read] of Object.entries(readers[recordType] ?? {})) {
      const term = read(event.body, event, { clock, find });
      if (term) add(indicator, event.region_code, term.day, term.numerator, term.denominator);
    }
  }
  // What is zero altogether is as good as absent.
  for (const [key, sum] of sums) if (sum.numerator === 0 && sum.denominator === 0) sums.delete(key);
  return sums;
}
