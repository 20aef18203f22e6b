import type { Cell, Frame } from './columns.js';
import { columnOf, selectUnits } from './columns.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import { indicatorsBelow, type Model } from './model.js';

/** What of a unit's data is there. Shares are null where they have no meaning (nothing available). */
export interface Availability {
  readonly unit: string;
  readonly missing: number;
  readonly zeros: number;
  /** 1 - missing / number of indicators. */
  readonly available: number;
  /** 1 - zeros / number of available values; null when nothing is available. */
  readonly nonZero: Cell;
}

export interface ScreenedUnit extends Availability {
  readonly lowData: boolean;
  /** null for a unit without data: it has no share of zeros. */
  readonly lowNonZero: boolean | null;
  readonly included: boolean;
}

export type ScreenRule = 'missing' | 'zeros' | 'either';

export interface ScreenOptions {
  /** Least share of available values; equal is kept. */
  dataThreshold?: number;
  /** Least share of non-zero values among the available ones; equal is kept. */
  nonzeroThreshold?: number;
  by?: ScreenRule;
  /** Units kept (true) or dropped (false) whatever their data. */
  force?: Readonly<Record<string, boolean>>;
}

/** Availability of every unit over all columns of the frame. */
export function availability(frame: Frame): Availability[] {
  const columns = [...frame.columns.values()];
  return frame.units.map((unit, i) => {
    const missing = columns.filter((column) => column[i] === null).length;
    const zeros = columns.filter((column) => column[i] === 0).length;
    const count = columns.length;
    return {
      unit,
      missing,
      zeros,
      available: 1 - missing / count,
      nonZero: missing === count ? null : 1 - zeros / (count - missing),
    };
  });
}

/** Share of available indicators of every unit below every aggregate of every level. */
export function availabilityByGroup(frame: Frame, model: Model): Frame {
  const columns = new Map<string, number[]>();
  for (const code of model.levels.slice(1).flat()) {
    const below = indicatorsBelow(model, code).map((indicator) => columnOf(frame, indicator));
    columns.set(
      code,
      frame.units.map((_, i) => below.filter((column) => column[i] !== null).length / below.length),
    );
  }
  return { units: frame.units, columns };
}

/**
 * Drops units with too few data (`missing`), too many zeros (`zeros`) or one of the two (`either`).
 * A unit without any data is dropped under every rule, with a warning: it has nothing to be judged by.
 * @throws ScoringError UNKNOWN_UNIT (in `force`), BAD_OPTION (threshold outside [0, 1])
 */
export function screenUnits(
  frame: Frame,
  { dataThreshold = 2 / 3, nonzeroThreshold = 0.05, by = 'missing', force = {} }: ScreenOptions = {},
): { kept: number[]; frame: Frame; summary: ScreenedUnit[]; warnings: ScoringWarning[] } {
  for (const [name, share] of Object.entries({ dataThreshold, nonzeroThreshold })) {
    if (share >= 0 && share <= 1) continue;
    throw scoringError('BAD_OPTION', `筛选，${name}`, `门槛 ${share} 不在 0 到 1 之间`, '请改为 0 到 1 之间的数');
  }
  for (const unit of Object.keys(force)) {
    if (frame.units.includes(unit)) continue;
    throw scoringError('UNKNOWN_UNIT', `筛选，单元 ${unit}`, '数据里没有这个单元', '请改正代码或删去这一项');
  }
  const warnings: ScoringWarning[] = [];
  const forced = new Map(Object.entries(force));
  const summary = availability(frame).map((unit): ScreenedUnit => {
    const lowData = unit.available < dataThreshold - SHARE_NOISE;
    const lowNonZero = unit.nonZero === null ? null : unit.nonZero < nonzeroThreshold - SHARE_NOISE;
    if (unit.nonZero === null) {
      warnings.push(
        scoringWarning(
          'UNIT_WITHOUT_DATA',
          `单元 ${unit.unit}`,
          '一个值也没有，无从判断零值份额',
          '请补数，或接受它不参与评分',
        ),
      );
    }
    const dropped = {
      missing: lowData,
      zeros: lowNonZero ?? true,
      either: lowData || (lowNonZero ?? true),
    }[by];
    return { ...unit, lowData, lowNonZero, included: forced.get(unit.unit) ?? !(dropped || unit.nonZero === null) };
  });
  const kept = summary.flatMap((unit, i) => (unit.included ? [i] : []));
  return { kept, frame: selectUnits(frame, kept), summary, warnings };
}

/** Slack for shares such as 2/3 that differ in the last place from the threshold they equal. */
export const SHARE_NOISE = 1e-12;
