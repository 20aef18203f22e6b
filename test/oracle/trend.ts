import type { Region } from '@pingan/regions';
import { type Facts, populationOf } from './facts.js';
import { BASE_MONTHS, type Definition, MIN_BASE_MONTHS } from './rules.js';

/** A unit against its own past: value ÷ mean of the twelve months before the window, or the same of what 100 % lacks. */
export function trendOf(
  { code, recordType, kind, window, rule }: Definition,
  unit: Region,
  value: number,
  period: number,
  facts: Facts,
): { ratio: number; posts: [number, number, number] } | null {
  const begin = Math.max(facts.first, period - window + 1);
  const past = facts.coveredOf(recordType, begin - BASE_MONTHS, begin - 1);
  if (past.length < MIN_BASE_MONTHS) return null;
  const { numerator, denominator } = facts.total(code, unit.code, past);
  const now = facts.coveredOf(recordType, begin, period).length;
  let own: number;
  if (kind === 'rate') own = (numerator * 10_000) / (populationOf(unit) * past.length);
  else if (kind === 'ratio') {
    if (denominator === 0) return null;
    own = (100 * numerator) / denominator;
  } else own = (numerator / past.length) * (kind === 'count' ? now : 1);
  const moreIsBetter = rule.rule === 'absolute' && rule.g100 > rule.g0;
  const [was, is] = moreIsBetter ? [100 - own, 100 - value] : [own, value];
  if (was < 1e-9) return null;
  const posts: [number, number, number] =
    rule.rule === 'class_mean' ? [rule.g0 / rule.g60, 1, rule.g100 / rule.g60] : [2, 1, 0.5];
  return { ratio: is / was, posts };
}
