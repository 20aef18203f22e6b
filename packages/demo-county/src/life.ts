import type { SchemaId, Stream } from '@pingan/contracts';
import { type Clock, DAY, HOUR } from './clock.js';
import type { Profile } from './profile.js';
import { type Draw, drawOf, probit, type Rng } from './rng.js';

/** One case from its opening to its end; each version shows what its source knew at that moment. */
export interface CaseLife {
  schema: SchemaId;
  source: string;
  caseId: string;
  regionCode: string;
  occurredAt: number;
  /** How exactly the source knows when it happened. */
  precision: 'time' | 'day' | 'month';
  recordedAt: number;
  closedAt: number | undefined;
  /** When the source changed it after recording it, in any order. */
  changes: ReadonlyArray<number | undefined>;
  /** The body as known at `cut`; fields still undefined are left out of the message. */
  body: (cut: number) => Record<string, unknown>;
  /** Body fields as a clerk may enter them by mistake. */
  mistake: Record<string, unknown> | undefined;
}

/** Of records that are delivered complete and never changed. */
export const saidOnce = { closedAt: undefined, changes: [], mistake: undefined } as const;

/** A unit in one month. */
export interface UnitMonth {
  profile: Profile;
  /** How well deadlines are kept, 0 to 1, per stream. */
  quality: Record<Stream, number>;
  /** Multiplies incident rates, per stream. */
  risk: Record<Stream, number>;
  /** Multiplies them as well: what the whole county's progress has made of them. */
  change: number;
}

export interface CaseContext {
  caseId: string;
  clock: Clock;
  unit: UnitMonth;
  /** First millisecond of the month and of the next, and the month's place in the year (0 is January). */
  start: number;
  end: number;
  calendarMonth: number;
  /** Which of the unit's cases of this kind and month it is, from 0. */
  position: number;
  rng: Rng;
  /** A moment of the month, by the hours of the day given. */
  moment: (hours: Draw<number>) => number;
  /** A case of the same kind and unit opened up to `months` months before, when there is one. */
  earlier: (months: number) => CaseLife | undefined;
  /** Whether nobody takes care of it for months, which others of its kind may go back to. */
  isNeglected: boolean;
  /** A neglected case of the same kind and unit opened three to five months before, when there is one. */
  neglected: () => CaseLife | undefined;
  /** Id of some case of another kind of the same unit and month. */
  neighbourId: (kind: 'dispute' | 'policeCall') => string | undefined;
  /** A police case of the same unit and month that is as asked for, when there is one. */
  policeCase: (wanted: (body: Record<string, unknown>) => boolean) => CaseLife | undefined;
  /** Grid items of the unit's month that were reported from a grid; undefined for a case that stands alone. */
  gridReports: (gridId: string) => number | undefined;
}

export const dayAndNight = drawOf(
  [2, 1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 5, 5, 6, 6, 6, 6, 6, 6, 6, 5, 4, 3].map((weight, hour) => [hour, weight]),
);
export const officeHours = drawOf([8, 9, 10, 11, 14, 15, 16, 17].map((hour) => [hour, hour === 17 ? 1 : 4]));

/**
 * Share that meets its deadline: `best` where quality is 1, `worst` where it is 0. Most units lie near the best, as in
 * published tables.
 */
export function shareOf(quality: number, worst: number, best: number): number {
  return best - (best - worst) * (1 - quality) ** 2.5;
}

/** A log-normal lag in whole seconds, of which the share `p` lies within `limit`; at most twelve times the limit. */
export function lagWithin(rng: Rng, limit: number, p: number, sigma: number): number {
  const lag = limit * Math.exp(sigma * (rng.normal() - probit(p)));
  return Math.round(Math.min(Math.max(lag, limit / 200), limit * 12) / 1000) * 1000;
}

/** Around `median`, whole seconds, at least one second. */
export function lagAround(rng: Rng, median: number, sigma: number): number {
  return Math.max(1000, Math.round(rng.logNormal(median, sigma) / 1000) * 1000);
}

/** An instant drawn evenly, whole seconds. */
export function between(rng: Rng, from: number, to: number): number {
  return from + Math.floor((rng.next() * (to - from)) / 1000) * 1000;
}

/** A return for a month, handed in in its last three days. */
export function monthlyReturn({ rng, start, end }: CaseContext) {
  return {
    occurredAt: start,
    precision: 'month',
    recordedAt: between(rng, end - 3 * DAY, end - HOUR),
    ...saidOnce,
  } as const;
}

/** From a moment in office hours to the entry in the ledger. */
export function entryLag(rng: Rng): number {
  return between(rng, 60_000, 2 * HOUR);
}

/** The end of a deadline's day counts, hence the limit is longer than `days` full days. */
export function deadline(clock: Clock, from: number, days: number): { text: string; limit: number; end: number } {
  const { text, end } = clock.due(from, days);
  return { text, limit: Math.max(end - from, DAY / 4), end };
}

/** The time as text once it is known. */
export function shown(clock: Clock, cut: number, ms: number | undefined): string | undefined {
  return ms !== undefined && ms <= cut ? clock.iso(ms) : undefined;
}
