import type { RunDeduction, RunIndicator, RunUnit } from '@pingan/store';

/** What a run holds about one unit. */
export interface UnitRows {
  unit: RunUnit;
  indicators: readonly RunIndicator[];
  deductions: readonly RunDeduction[];
}

/** How a unit stands against an earlier run of its own. */
export interface ChangeSince {
  /** `YYYY-MM` of the earlier run. */
  period: string;
  score: number | null;
  rank: number | null;
  /** Points gained; null without a score on either side. */
  points: number | null;
  /** Points by indicator, greatest first; with those of deductions (code null) they sum to `points`. */
  parts: { code: string | null; points: number }[];
}

const deductedOf = (rows: UnitRows): number => rows.deductions.reduce((sum, { applied }) => sum + applied, 0);

export function changeSince(period: string, before: UnitRows, now: UnitRows): ChangeSince {
  const { score, rank } = before.unit;
  if (score === null || now.unit.score === null) return { period, score, rank, points: null, parts: [] };
  const points = new Map<string | null, number>();
  const add = (code: string | null, value: number) => points.set(code, (points.get(code) ?? 0) + value);
  for (const { code, contribution } of now.indicators) add(code, contribution);
  for (const { code, contribution } of before.indicators) add(code, -contribution);
  add(null, deductedOf(before) - deductedOf(now));
  const parts = [...points].map(([code, value]) => ({ code, points: value })).filter((part) => part.points !== 0);
  parts.sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || ((a.code ?? '') < (b.code ?? '') ? -1 : 1));
  return { period, score, rank, points: now.unit.score - score, parts };
}
