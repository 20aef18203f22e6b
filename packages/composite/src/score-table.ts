import type { Row } from './columns.js';
import { type Frame, frameRows, mapFrame, requireFinite } from './columns.js';
import { readDataset } from './dataset.js';
import { type ScoringWarning, scoringWarning } from './errors.js';
import { type Model, readModel } from './model.js';
import { RANK_DIGITS, rankDescending } from './ranks.js';
import { type RecipeStep, readRecipe } from './recipe.js';
import type { Files, ScoringState, Tables } from './step-state.js';
import { runStep } from './steps.js';
import { effectiveWeights, givenWeights } from './weights.js';

export interface StepResult {
  /** Position in the recipe, from 1. */
  readonly number: number;
  readonly step: RecipeStep['step'];
  /** `values` (units by columns) and what else the step has to show, by name. */
  readonly tables: Tables;
}

export interface ScoredTable {
  /** Units by every indicator and aggregate (uCode first); null when the recipe never aggregates. */
  readonly scores: readonly Row[] | null;
  /** Ranks of every column of `scores`: 1 = highest, ties share the smallest. */
  readonly ranks: readonly Row[] | null;
  readonly steps: readonly StepResult[];
  /** Treatment of every indicator (iCode first); empty when the recipe does not treat. */
  readonly treatment: readonly Row[];
  /** iCode, Level, Weight and EffWeight (share in the index) of every element. */
  readonly weights: readonly Row[];
  readonly warnings: readonly ScoringWarning[];
}

/**
 * Scores a table by a recipe: reads unit and indicator table, does the steps in order, hands back every step's tables.
 * Pure: `files` holds the already-read tables the recipe names. No output holds NaN or Infinity.
 * @param table one row per unit: uCode, indicators, denominators, groups
 * @param meta one row per element: Level, iCode, Parent, Direction, Weight, Type; optional iName, Target, Denominator
 * @param recipe `{ steps: [...] }` as parsed from JSON
 * @throws ScoringError by `readModel`, `readDataset`, `readRecipe` and the functions behind the steps; MISSING_FILE
 */
export function scoreTable(
  table: readonly Row[],
  meta: readonly Row[],
  recipe: unknown,
  files: Files = {},
): ScoredTable {
  const steps = readRecipe(recipe);
  const model = readModel(meta);
  const data = readDataset(table, model);
  let state: ScoringState = {
    model,
    denominators: data.denominators,
    groups: data.groups,
    frame: data.indicators,
    directed: false,
    weights: givenWeights(model),
    scores: null,
    aggregation: {},
    stale: false,
  };
  const warnings: ScoringWarning[] = [...data.warnings];
  const done = steps.map((step, i): StepResult => {
    const place = `第 ${i + 1} 步（${step.step}）`;
    const outcome = runStep(step, state, files, place);
    requireFiniteFrame(outcome.state.frame, place);
    if (outcome.state.scores !== null) requireFiniteFrame(outcome.state.scores, place);
    state = outcome.state;
    warnings.push(...outcome.warnings);
    return { number: i + 1, step: step.step, tables: outcome.tables };
  });
  if (state.stale) {
    warnings.push(
      scoringWarning(
        'STALE_SCORES',
        '配方',
        '最后一次汇总之后又改了数据或权重，得分没有更新',
        '请在末尾再写一步 aggregate',
      ),
    );
  }
  return {
    scores: state.scores === null ? null : frameRows(state.scores),
    ranks: state.scores === null ? null : frameRows(rankFrame(state.scores, model)),
    steps: done,
    treatment: done.findLast(({ step }) => step === 'treat')?.tables.details ?? [],
    weights: weightRows(state),
    warnings,
  };
}

/** Aggregates are sums, whose last places are noise; indicators are compared as they are. */
function rankFrame(scores: Frame, model: Model): Frame {
  return mapFrame(scores, (column, code) =>
    rankDescending(column, model.children.has(code) ? { digits: RANK_DIGITS } : {}),
  );
}

function requireFiniteFrame(frame: Frame, place: string): void {
  for (const [code, column] of frame.columns) requireFinite(column, `${place}，列 ${code}，`);
}

/** Weights of a state as a table. */
export function weightRows({ model, weights }: Pick<ScoringState, 'model' | 'weights'>): Row[] {
  const effective = effectiveWeights(model, weights);
  return [...model.elements].map(([iCode, { level }]) => ({
    iCode,
    Level: level,
    Weight: weights.get(iCode)!,
    EffWeight: effective.get(iCode)!,
  }));
}
