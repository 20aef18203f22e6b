import { all, oneOf } from './sql.js';

/** Figures the definitions rest on, one place each; the texts and the SQL are built from them. */

/** Minutes from the report to the arrival at the scene. Rural has no fixed figure in the rule: 30 is a proposal. */
export const arrivalMinutes = { urban: 5, suburb: 10, rural: 30 } as const;

/** Minutes from the arrival to the feedback. */
export const feedbackMinutes = 30;

/** Hours from discovery to the first response: levels 3–4 (major), others. */
export const responseHours = { major: 24, other: 48 } as const;
export const majorOpinionLevel = 3;

/** 八类严重暴力案件. Definitions differ between places, hence a list. */
export const seriousViolentSubCategories = [
  'homicide',
  'serious_injury',
  'rape',
  'robbery',
  'drug_trafficking',
  'arson',
  'explosion',
  'poisoning',
] as const;

/** Weight of an opinion event by its level, 1 (blue) to 4 (red). */
export const opinionLevelWeights = { 1: 1, 2: 2, 3: 4, 4: 8 } as const;

/** Calendar days of the petition and mediation clocks. */
export const clockDays = {
  petitionAcceptNotice: 15,
  petitionHandling: 60,
  petitionExtension: 30,
  reviewRequest: 30,
  reviewDecision: 30,
  recheckRequest: 30,
  recheckDecision: 30,
  mediation: 30,
} as const;

/** Working days within which a misrouted petition may be handed back. */
export const objectionWorkingDays = 5;

/** Days after its closing for which a matter is watched before it counts as solved. */
export const watchDays = { repeat: 180, recurrence: 180, secondary: 30 } as const;

/** Days before a dispute call in which an earlier one makes it a repeat. */
export const repeatCallDays = 90;

/** Days from discovery within which an opinion event is to be checked and closed; no rule gives a figure. */
export const opinionClosingDays = 15;

/** Weight of a dispute that turned criminal although the police had been alerted beforehand. */
export const alertedDisputeWeight = 0.5;

/** Persons of a visit from which it counts as a group. */
export const groupSize = 5;

/** Ratings below which a share of satisfied petitioners says nothing. */
export const minimumRatings = 30;

/** Persons below which a survey says nothing. */
export const minimumSurvey = 100;

export const handledCase = oneOf('case_status', ['accepted', 'filed']);

/**
 * Losses of telecom fraud are cut at the county's 95th percentile of the losses of the twelve months before the month of
 * the case (nearest rank), where those months have cases enough. A single loss above `limit` yuan is a recording fault.
 */
export const fraudLoss = {
  where: all(`sub_category = 'telecom_fraud'`, handledCase),
  percent: 95,
  months: 12,
  minimumCases: 20,
  limit: 100_000_000,
} as const;
