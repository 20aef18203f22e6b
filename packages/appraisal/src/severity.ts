import { harmIndicator, severityDays } from '@pingan/indicators';
import { componentKey, type MonthComponent } from '@pingan/scoring';
import type { RolledUp } from './roll-up.js';

/**
 * The components of a month's scoring: those rolled up, and for every indicator kept in parts the sum of its parts. The
 * parts of P02 are cases per class and count with the days `severity` gives the class; a class it does not know weighs like
 * its category (see `severityDays`). Pure; sums are exact as long as weights have at most six decimals.
 */
export function withParts(
  { components, parts }: Pick<RolledUp, 'components' | 'parts'>,
  severity: Readonly<Record<string, number>>,
): Map<string, MonthComponent> {
  const all = new Map(components);
  for (const { code, part, unit, month, numerator, denominator } of parts) {
    const weight = code === harmIndicator ? severityDays(part, severity) : 1;
    const key = componentKey(code, unit, month);
    const sum = all.get(key) ?? { numerator: 0, denominator: 0 };
    all.set(key, {
      numerator: sum.numerator + numerator * weight,
      denominator: (sum.denominator ?? 0) + denominator,
    });
  }
  return all;
}
