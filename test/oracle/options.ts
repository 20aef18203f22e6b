/** The options of a scheme that the oracle knows; shrinkage is not among them (packages/scoring tests its formulas). */
export interface Options {
  /** Share of the trend in an indicator's score. */
  trend: number;
  deductions: { cap: number; rules: readonly DeductionRule[] };
  hysteresis: { points: number; months: number };
  peerRanks: boolean;
}

export interface DeductionRule {
  id: string;
  events: readonly string[];
  points: number;
  /** Least and most deaths, or events of the month that cost nothing; a rule without either takes every event. */
  deaths?: readonly [number, number];
  free?: number;
  doubled?: readonly [from: string, to: string];
}

export const plain: Options = {
  trend: 0,
  deductions: { cap: 0, rules: [] },
  hysteresis: { points: 0, months: 1 },
  peerRanks: false,
};
