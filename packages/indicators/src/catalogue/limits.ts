/** Figures the definitions rest on, one place each; the SQL below is built from them. */

/** Minutes from the report to the arrival at the scene. Rural has no fixed figure in the rule: 30 is a proposal. */
export const arrivalMinutes = { urban: 5, suburb: 10, rural: 30 } as const;

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
  mediation: 30,
} as const;

/** Weight of a dispute that turned criminal although the police had been alerted beforehand. */
export const alertedDisputeWeight = 0.5;
