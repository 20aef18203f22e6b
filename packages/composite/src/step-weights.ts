import { numberCell, textCell } from './cells.js';
import { type Column, columnOf, completeRows, type Frame, type Row } from './columns.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import { topCode } from './model.js';
import { planAggregation, planWeights, runPlan, type Weights } from './plan.js';
import type { WeightMethod, WeightsStep } from './recipe.js';
import { type Files, fileOf, type Outcome, refuseUnused, type ScoringState } from './step-state.js';
import { readWeights, requirePositiveSums } from './weights.js';
import { ahpWeights } from './weights-ahp.js';
import { correlationWeights } from './weights-correlation.js';
import { criticWeights, entropyWeights, factorWeights, principalComponent } from './weights-data.js';

interface Chosen {
  readonly weights: Weights;
  readonly warnings: readonly ScoringWarning[];
}

export function weightsStep(step: WeightsStep, state: ScoringState, files: Files, place: string): Outcome {
  const { weights, warnings } = choose(step, state, files, place);
  const rows = [...state.model.elements].map(([iCode, { level }]) => ({
    iCode,
    Level: level,
    Weight: weights.get(iCode)!,
  }));
  return {
    state: { ...state, weights, stale: state.scores !== null },
    tables: { weights: rows },
    warnings,
  };
}

function choose(step: WeightsStep, state: ScoringState, files: Files, place: string): Chosen {
  const { method, file } = step;
  if (method === undefined) {
    if (file === undefined) {
      throw scoringError('BAD_OPTION', place, '没有写 file 或 method', '请写其中之一');
    }
    refuseUnused(step, ['level'], place, `文件 ${file}`);
    const weights = readWeights(fileOf(files, file, place), state.model, state.weights);
    return { weights, warnings: [] };
  }
  if (method !== 'ahp') refuseUnused(step, ['file'], place, method);
  const level = step.level ?? 1;
  if (!Number.isInteger(level) || level < 1 || level >= state.model.levels.length) {
    const highest = state.model.levels.length - 1;
    throw scoringError('BAD_OPTION', `${place}，level`, `没有可定权的第 ${level} 层`, `请用 1 到 ${highest}`);
  }
  const chosen = byMethod(method, level, { step, state, files, place });
  const weights = new Map([...state.weights, ...chosen.weights]);
  requirePositiveSums(weights, state.model);
  return { weights, warnings: chosen.warnings };
}

interface Context {
  step: WeightsStep;
  state: ScoringState;
  files: Files;
  place: string;
}

function byMethod(method: WeightMethod, level: number, context: Context): Chosen {
  if (method === 'equal') {
    return { weights: new Map(context.state.model.levels[level - 1]!.map((code) => [code, 1])), warnings: [] };
  }
  if (method === 'ahp') return byJudgement(level, context);
  const frame = dataOf(level, context);
  if (method === 'correlation_balance' || method === 'correlation_infomax') {
    return byCorrelation(level, frame, method === 'correlation_balance' ? 'balance' : 'infomax', context.state);
  }
  return byData(method, level, frame, context);
}

/** Values of a level: the current data for indicators, the last aggregation above. */
function dataOf(level: number, { state, place }: Context): Frame {
  if (level === 1) return state.frame;
  if (state.scores !== null) return state.scores;
  throw scoringError('NOT_AGGREGATED', place, `第 ${level} 层还没有得分`, '请先写一步 aggregate，定权后再汇总一次');
}

function byData(
  method: 'pca' | 'factor' | 'entropy' | 'critic',
  level: number,
  frame: Frame,
  { state, place }: Context,
): Chosen {
  const weigh = {
    pca: (columns: readonly Column[]) => principalComponent(columns).loadings,
    factor: factorWeights,
    entropy: (columns: readonly Column[]) => entropyWeights(columns).weights,
    critic: (columns: readonly Column[]) => criticWeights(columns),
  }[method];
  const weights = new Map<string, number>();
  const warnings: ScoringWarning[] = [];
  for (const parent of state.model.levels[level]!) {
    const children = state.model.children.get(parent)!;
    const columns = children.map((code) => columnOf(frame, code));
    const at = `${place}，汇总项 ${parent}`;
    const dropped = frame.units.length - completeRows(columns).rows.length;
    if (dropped > 0) {
      warnings.push(scoringWarning('ROWS_DROPPED', at, `有 ${dropped} 个单元缺数，定权时没有用`, '请先补数，或接受'));
    }
    const found = children.length === 1 ? [1] : weigh(columns);
    children.forEach((code, k) => {
      weights.set(code, found[k]!);
      if (found[k]! < 0) {
        warnings.push(
          scoringWarning(
            'NEGATIVE_WEIGHT',
            `${at}，${code}`,
            `权重 ${found[k]!.toFixed(4)} 是负数，与同组其他项反向变动`,
            '请核对方向，或改用 factor 等不出负数的方法',
          ),
        );
      }
    });
  }
  return { weights, warnings };
}

function byCorrelation(level: number, frame: Frame, objective: 'balance' | 'infomax', state: ScoringState): Chosen {
  const { model } = state;
  const codes = model.levels[level - 1]!;
  const plan = planAggregation(state.frame, model, state.aggregation);
  const base = planWeights(plan, state.weights);
  const at = codes.map((code) => plan.codes.indexOf(code));
  const top = plan.codes.indexOf(topCode(model));
  const index = (set: readonly number[]): Column => {
    const trial = base.slice();
    set.forEach((weight, k) => {
      trial[at[k]!] = weight;
    });
    return Array.from(runPlan(plan, trial)[top]!, (score) => (Number.isNaN(score) ? null : score));
  };
  const found = correlationWeights(
    codes.map((code) => columnOf(frame, code)),
    { index, objective },
  );
  return { weights: new Map(codes.map((code, k) => [code, found.weights[k]!])), warnings: found.warnings };
}

/** Judgements from a table: iCode, then one column per code; every parent of the level reads its own square from it. */
function byJudgement(level: number, { step, state, files, place }: Context): Chosen {
  if (step.file === undefined) {
    throw scoringError('MISSING_FILE', place, 'ahp 没有写判断矩阵的文件（file）', '请写明文件');
  }
  const rows = fileOf(files, step.file, place);
  const byCode = new Map(rows.map((row): [string | null, Row] => [textCell(row, 'iCode'), row]));
  const weights = new Map<string, number>();
  const warnings: ScoringWarning[] = [];
  for (const parent of state.model.levels[level]!) {
    const children = state.model.children.get(parent)!;
    const matrix = children.map((from) =>
      children.map((to) => {
        const at = `文件 ${step.file}，${from} 行 ${to} 列`;
        const value = numberCell(byCode.get(from) ?? {}, to, at);
        if (value === null) throw scoringError('MISSING_COLUMN', at, '没有判断', '同一汇总项下的代码要两两比较');
        return value;
      }),
    );
    const found = ahpWeights(matrix);
    children.forEach((code, k) => {
      weights.set(code, found.weights[k]!);
    });
    warnings.push(...found.warnings);
  }
  return { weights, warnings };
}
