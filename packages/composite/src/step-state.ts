import type { Frame, Row } from './columns.js';
import { type ScoringWarning, scoringError } from './errors.js';
import type { Model } from './model.js';
import type { AggregateOptions, Weights } from './plan.js';

/** Already-read tables by the name a recipe uses for them. */
export type Files = Readonly<Record<string, readonly Row[]>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** What the steps hand on: the current values and weights, and the scores of the last aggregation. */
export interface ScoringState {
  readonly model: Model;
  readonly denominators: Frame;
  readonly groups: ReadonlyMap<string, readonly (string | null)[]>;
  readonly frame: Frame;
  /** True once the columns are turned so that more is better. */
  readonly directed: boolean;
  readonly weights: Weights;
  readonly scores: Frame | null;
  /** Options of the last aggregation; empty before the first. */
  readonly aggregation: AggregateOptions;
  /** True when values or weights changed after the last aggregation. */
  readonly stale: boolean;
}

export interface Outcome {
  readonly state: ScoringState;
  readonly tables: Tables;
  readonly warnings: readonly ScoringWarning[];
}

/** A table a recipe names. @throws ScoringError MISSING_FILE with the list of what was given */
export function fileOf(files: Files, name: string, place: string): readonly Row[] {
  if (Object.hasOwn(files, name)) return files[name]!;
  const known = Object.keys(files).join('、') || '（没有）';
  throw scoringError('MISSING_FILE', place, `没有给出文件 ${name}`, `已给出的文件：${known}`);
}

/** The options of a step without `step` and without what the recipe leaves out. */
export function given<T extends object>(step: T): { [K in keyof Omit<T, 'step'>]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(step).filter(([key, value]) => key !== 'step' && value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof Omit<T, 'step'>]?: Exclude<T[K], undefined> };
}

/**
 * A key that was written and has no effect with the chosen method: whoever wrote it believes it has one.
 * @throws ScoringError UNUSED_KEY
 */
export function refuseUnused(step: object, keys: readonly string[], place: string, method: string): void {
  const idle = keys.find((key) => (step as Record<string, unknown>)[key] !== undefined);
  if (idle === undefined) return;
  throw scoringError('UNUSED_KEY', place, `方法 ${method} 用不到“${idle}”，写了不起作用`, '请删去，或核对方法');
}

export function withFrame(state: ScoringState, frame: Frame): ScoringState {
  return { ...state, frame, stale: state.scores !== null };
}
