import { clockDays, objectionWorkingDays } from '../catalogue/limits.js';
import { addWorkingDays, type WorkingDay } from './work-calendar.js';

export { addWorkingDays, type WorkingDay, workCalendar } from './work-calendar.js';

/**
 * Last days of the legal clocks, as days of the county's calendar (`YYYY-MM-DD`); the day a clock starts on is not
 * counted. Functions throw RangeError on a malformed day.
 */
function daysAfter(day: string, count: number): string {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new RangeError(`${day} is not a day`);
  return new Date(ms + count * 86_400_000).toISOString().slice(0, 10);
}

/** 《信访工作条例》第二十三条: notice of acceptance. */
export const acceptanceNoticeDue = (registered: string): string =>
  daysAfter(registered, clockDays.petitionAcceptNotice);

/** 第三十四条: 60 days from acceptance; an approved extension counts for up to 30 more and never shortens them. */
export function handlingDue(accepted: string, extendedTo?: string): string {
  const plain = daysAfter(accepted, clockDays.petitionHandling);
  if (extendedTo === undefined) return plain;
  const longest = daysAfter(plain, clockDays.petitionExtension);
  if (extendedTo <= plain) return plain;
  return extendedTo < longest ? extendedTo : longest;
}

/** 第二十三条: an organ that a petition was wrongly passed to objects within five working days of receiving it. */
export const misroutedObjectionDue = (received: string): WorkingDay => addWorkingDays(received, objectionWorkingDays);

/** 第三十五条: request for 复查, from the day the reply was received. */
export const reviewRequestDue = (replied: string): string => daysAfter(replied, clockDays.reviewRequest);

/** 第三十五条: decision on a request for 复查; the days of a hearing do not count. */
export const reviewDecisionDue = (requested: string, hearingDays = 0): string =>
  daysAfter(requested, clockDays.reviewDecision + hearingDays);

/** 第三十六条: request for 复核, from the day the 复查 decision was received. */
export const recheckRequestDue = (decided: string): string => daysAfter(decided, clockDays.recheckRequest);

/** 第三十六条: decision on a request for 复核; the days of a hearing do not count. */
export const recheckDecisionDue = (requested: string, hearingDays = 0): string =>
  daysAfter(requested, clockDays.recheckDecision + hearingDays);

/** 《人民调解工作若干规定》第三十三条: a dispute is as a rule settled within a month, taken as 30 days. */
export const mediationDue = (accepted: string): string => daysAfter(accepted, clockDays.mediation);
