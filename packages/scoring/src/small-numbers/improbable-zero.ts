/** Chance, over all units of a month together, that one with an honest zero is taken for one that did not report. */
export const FALSE_ALARM = 1e-3;

/** Earlier months a unit is held against, and fewest that say anything. */
export const HISTORY_MONTHS = 12;
export const MIN_HISTORY_MONTHS = 3;

export interface UnitMonth {
  month: string;
  count: number;
  /** A person has confirmed that there was nothing to report. */
  confirmed: boolean;
}

export interface ImprobableZero {
  month: string;
  /** Mean of the months it is held against. */
  mean: number;
  /** Chance of a zero in such a month. */
  chance: number;
  confirmed: boolean;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/**
 * Chance that a month brings no case, from the counts of earlier months of the same unit; 1 with too few of them.
 *
 * The greater of two, so that neither a short nor a restless past makes a zero look impossible:
 * - Poisson with an unknown mean: the predictive distribution under Jeffreys' prior, (n / (n + 1))^(total + 1/2)
 *   (Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6). It tends to e^-mean with a long past.
 * - Where counts vary more than Poisson: the zero of the negative binomial fitted by moments,
 *   (mean / variance)^(mean² / (variance − mean)) (Anscombe, Biometrika 37, 1950).
 */
export function chanceOfZero(counts: readonly number[]): number {
  const n = counts.length;
  if (n < MIN_HISTORY_MONTHS) return 1;
  const total = sum(counts);
  const mean = total / n;
  const variance = sum(counts.map((count) => (count - mean) ** 2)) / (n - 1);
  const poisson = (n / (n + 1)) ** (total + 0.5);
  const restless = variance > mean && mean > 0 ? (mean / variance) ** (mean ** 2 / (variance - mean)) : 0;
  return Math.max(poisson, restless);
}

/**
 * The zeros of a unit that chance does not explain. `months` are those its county reported, oldest first; `units` says how
 * many units were looked at in a month: the bound is divided by it (Bonferroni). A zero that nobody confirmed is left out of
 * the past of later months: one gap must not excuse the next.
 */
export function improbableZeros(months: readonly UnitMonth[], units: (month: string) => number): ImprobableZero[] {
  const found: ImprobableZero[] = [];
  const past: number[] = [];
  for (const { month, count, confirmed } of months) {
    const counts = past.slice(-HISTORY_MONTHS);
    const chance = count === 0 ? chanceOfZero(counts) : 1;
    if (chance < FALSE_ALARM / Math.max(1, units(month))) {
      found.push({ month, mean: sum(counts) / counts.length, chance, confirmed });
      if (!confirmed) continue;
    }
    past.push(count);
  }
  return found;
}
