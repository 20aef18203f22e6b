/** Key of one monthly component: `indicator|unit|month`. */
export function componentKey(indicator: string, unit: string, month: string): string {
  return `${indicator}|${unit}|${month}`;
}

/** Key of one covered month of a record type, or of one indicator: `recordType|month`. */
export function coverageKey(recordType: string, month: string): string {
  return `${recordType}|${month}`;
}
