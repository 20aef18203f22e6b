import { scoredInOrder } from '@pingan/appraisal';
import { contextReason, type Scheme } from '@pingan/indicators';
import type { RunDeduction, RunHead, RunIndicator, RunPrior, RunUnit } from '@pingan/store';

/** Everything a run holds about one unit. */
export interface Explained {
  run: RunHead;
  unit: RunUnit;
  /** All units of the run. */
  units: readonly RunUnit[];
  /** In the order of the scheme. */
  scored: readonly RunIndicator[];
  /** Shown, not scored. */
  context: readonly RunIndicator[];
  deductions: readonly RunDeduction[];
  /** By indicator, of the unit's class. */
  priors: ReadonlyMap<string, RunPrior>;
}

/** Puts a unit's rows in order: scored ones as the scheme has them, then the others. */
export function arrange(
  scheme: Scheme,
  rows: { run: RunHead; unit: RunUnit; units: RunUnit[]; indicators: RunIndicator[] } & {
    deductions: RunDeduction[];
    priors: RunPrior[];
  },
): Explained {
  return {
    ...rows,
    scored: scoredInOrder(scheme, rows.indicators),
    context: rows.indicators.filter(({ missing_reason }) => missing_reason === contextReason),
    priors: new Map(
      rows.priors
        .filter(({ peer_class }) => peer_class === rows.unit.peer_class)
        .map((prior) => [prior.indicator, prior]),
    ),
  };
}

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
