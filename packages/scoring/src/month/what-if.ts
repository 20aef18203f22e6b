import { type Memo, prepareMonth } from './prepare.js';
import { scorePrepared } from './score-month.js';
import type { MonthData, MonthScheme, MonthScores } from './types.js';

/**
 * One month, to be scored under many schemes: what if the weights were others? The same result as `scoreMonth`, but what a
 * scheme shares with those before it (windows, priors, own baselines, class means) is not computed again: other weights,
 * goalposts, trend share, deductions or bands cost only the scoring itself. `data` must not change meanwhile.
 */
export function openMonth(data: MonthData): (scheme: MonthScheme) => MonthScores {
  const known = new Map<string, unknown>();
  const memo: Memo = <T>(key: string, make: () => T): T => {
    if (!known.has(key)) known.set(key, make());
    return known.get(key) as T;
  };
  return (scheme) => {
    const input = { ...data, ...scheme };
    return scorePrepared(prepareMonth(input, memo), input);
  };
}
