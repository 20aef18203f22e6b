import type { Baseline } from './baseline.js';
import type { AppliedGoalposts, GoalpostRule, MonthIndicator } from './types.js';

/** Throws RangeError when the goalposts run against the indicator's direction: better would score worse. */
export function assertGoalposts({ code, direction, goalposts }: MonthIndicator): void {
  const fits =
    goalposts.rule === 'per_unit'
      ? direction === -1 && goalposts.penalty > 0
      : (goalposts.g60 - goalposts.g0) * direction > 0 && (goalposts.g100 - goalposts.g60) * direction > 0;
  if (!fits) throw new RangeError(`goalposts of ${code} do not run in its direction`);
}

/** The figures a rule comes down to; null when it needs a baseline and there is none. */
export function applyRule(rule: GoalpostRule, baseline: Baseline | null): AppliedGoalposts | null {
  switch (rule.rule) {
    case 'absolute':
      return { ...rule, base: null };
    case 'per_unit':
      return { rule: rule.rule, g0: 100 / rule.penalty, g60: 40 / rule.penalty, g100: 0, base: null };
    case 'class_mean': {
      if (baseline === null) return null;
      const { value } = baseline;
      return { rule: rule.rule, g0: rule.g0 * value, g60: rule.g60 * value, g100: rule.g100 * value, base: baseline };
    }
  }
}

/**
 * 0–100. Piecewise linear through (g0, 0), (g60, 60), (g100, 100), clipped, in both directions; `per_unit` by its own
 * formula, which is exact where the line through thirds is not.
 */
export function scoreValue(value: number, rule: GoalpostRule, goalposts: AppliedGoalposts): number {
  if (rule.rule === 'per_unit') return Math.min(100, Math.max(0, 100 - rule.penalty * value));
  return interpolate(value, goalposts);
}

/** 0–100: piecewise linear through (g0, 0), (g60, 60), (g100, 100), clipped, in both directions. */
export function interpolate(value: number, { g0, g60, g100 }: { g0: number; g60: number; g100: number }): number {
  const lower = (value - g0) / (g60 - g0);
  if (lower <= 0) return 0;
  if (lower < 1) return 60 * lower;
  const upper = (value - g60) / (g100 - g60);
  return upper >= 1 ? 100 : 60 + 40 * upper;
}
