import { screenUnits } from './availability.js';
import { type Frame, frameRows, type Row, tableRows } from './columns.js';
import { denominate } from './denominate.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import { type Imputed, imputeColumns, imputeInGroups, imputeRowMeans } from './impute.js';
import { aggregateFrame } from './plan.js';
import type { AggregateStep, ImputeStep, RecipeStep, ScreenStep, TreatStep } from './recipe.js';
import { normaliseStep } from './step-normalise.js';
import { type Files, given, type Outcome, refuseUnused, type ScoringState, withFrame } from './step-state.js';
import { weightsStep } from './step-weights.js';
import { type OutlierResult, type Treated, treatColumn } from './treat.js';

export function runStep(step: RecipeStep, state: ScoringState, files: Files, place: string): Outcome {
  switch (step.step) {
    case 'denominate': {
      const { frame, warnings } = denominate(state.frame, state.denominators, state.model, given(step));
      return { state: withFrame(state, frame), tables: { values: frameRows(frame) }, warnings };
    }
    case 'screen':
      return screen(step, state);
    case 'impute':
      return impute(step, state, place);
    case 'treat':
      return treat(step, state, place);
    case 'normalise':
      return normaliseStep(step, state, files, place);
    case 'weights':
      return weightsStep(step, state, files, place);
    case 'aggregate':
      return aggregate(step, state, place);
  }
}

function screen(step: ScreenStep, state: ScoringState): Outcome {
  const { kept, frame, summary, warnings } = screenUnits(state.frame, given(step));
  if (kept.length === 0) throw scoringError('TOO_FEW_POINTS', '筛选', '没有单元留下', '请放宽门槛，或补数');
  const groups = new Map([...state.groups].map(([code, names]) => [code, kept.map((i) => names[i]!)]));
  const rows = summary.map((unit) => ({
    uCode: unit.unit,
    N_missing: unit.missing,
    N_zero: unit.zeros,
    Dat_Avail: unit.available,
    Non_Zero: unit.nonZero,
    LowData: unit.lowData,
    LowNonZero: unit.lowNonZero,
    Included: unit.included,
  }));
  return {
    state: { ...withFrame(state, frame), groups },
    tables: { values: frameRows(frame), summary: rows },
    warnings,
  };
}

function impute(step: ImputeStep, state: ScoringState, place: string): Outcome {
  const { method } = step;
  const byGroup = method === 'group_mean' || method === 'group_median';
  if (!byGroup) refuseUnused(step, ['group'], place, method);
  if (method === 'none') return { state, tables: { values: frameRows(state.frame) }, warnings: [] };
  const done = byGroup ? imputeByGroup(step, state, place) : imputeByData(method, state);
  const filled = [...done.filled].map(([iCode, count]) => ({ iCode, filled: count }));
  return {
    state: withFrame(state, done.frame),
    tables: { values: frameRows(done.frame), filled },
    warnings: done.warnings,
  };
}

function imputeByData(
  method: Exclude<ImputeStep['method'], 'none' | 'group_mean' | 'group_median'>,
  state: ScoringState,
): Imputed {
  const { frame, model, directed } = state;
  if (method === 'mean' || method === 'median') return imputeColumns(frame, { by: method });
  return imputeRowMeans(frame, model, { withinParent: method === 'row_mean_in_parent', directed });
}

function imputeByGroup({ method, group }: ImputeStep, state: ScoringState, place: string): Imputed {
  const names = group === undefined ? undefined : state.groups.get(group);
  if (names === undefined) {
    const known = [...state.groups.keys()].join('、') || '（没有）';
    const problem = group === undefined ? '没有写按哪个分组（group）' : `没有分组 ${group}`;
    throw scoringError('UNKNOWN_CODE', place, problem, `指标表登记的分组：${known}`);
  }
  return imputeInGroups(state.frame, names, { by: method === 'group_mean' ? 'mean' : 'median' });
}

function treat(step: TreatStep, state: ScoringState, place: string): Outcome {
  const { skew = 2, kurtosis = 3.5, ...options } = given(step);
  const transform = step.fallback ?? 'log_ct';
  if (transform !== 'box_cox') refuseUnused(step, ['lambda'], place, transform);
  const treated = new Map(
    [...state.frame.columns].map(([code, column]) => {
      const result = treatColumn(column, { ...options, limits: { skew, kurtosis } }, `${place}，指标 ${code}`);
      return [code, result] as const;
    }),
  );
  const frame = frameOf(state, treated, ({ values }) => values);
  const points = tableRows(state.frame.units, new Map([...treated].map(([code, result]) => [code, result.points])));
  return {
    state: withFrame(state, frame),
    tables: {
      values: frameRows(frame),
      details: [...treated].map(([iCode, result]) => ({ iCode, ...detailsOf(result) })),
      points,
    },
    warnings: [...treated.values()].flatMap((result) => result.warnings),
  };
}

function frameOf(
  state: ScoringState,
  treated: ReadonlyMap<string, Treated>,
  pick: (result: Treated) => Treated['values'],
): Frame {
  return { units: state.frame.units, columns: new Map([...treated].map(([code, result]) => [code, pick(result)])) };
}

function detailsOf(result: Treated): Row {
  const test = (name: string, outcome: OutlierResult | null): Row => ({
    [`pass_${name}`]: outcome?.pass ?? null,
    [`skew_${name}`]: outcome?.skew ?? null,
    [`kurt_${name}`]: outcome?.kurtosis ?? null,
  });
  return {
    ...test('before', result.before),
    winsorised: result.moved,
    ...test('winsorised', result.afterWinsorising),
    transform: result.transform,
    ...test('transformed', result.afterTransform),
  };
}

function aggregate(step: AggregateStep, state: ScoringState, place: string): Outcome {
  const warnings: ScoringWarning[] = [];
  if (!state.directed) {
    warnings.push(
      scoringWarning('NOT_NORMALISED', place, '数据还没有归一化，方向和单位没有统一', '请先写一步 normalise'),
    );
  }
  if (!(step.methods ?? []).includes('generalised')) {
    refuseUnused({ p: step.power }, ['p'], place, (step.methods ?? ['arithmetic']).join('、'));
  }
  const options = given(step);
  const { frame, warnings: lost } = aggregateFrame(state.frame, state.model, state.weights, options);
  return {
    state: { ...state, scores: frame, aggregation: options, stale: false },
    tables: { values: frameRows(frame) },
    warnings: [...warnings, ...lost],
  };
}
