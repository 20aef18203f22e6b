import { describe, expect, it } from 'vitest';
import { copeland, weightedMean } from './aggregate.js';
import { availability, screenUnits } from './availability.js';
import type { Cell, Frame, Row } from './columns.js';
import { denominate } from './denominate.js';
import { ScoringError } from './errors.js';
import { imputeColumns, imputeInGroups } from './impute.js';
import { aggregateFrame, givenWeights } from './index.js';
import { indicatorStats } from './indicator-stats.js';
import { readModel } from './model.js';
import {
  borda,
  distanceToReference,
  distanceToTarget,
  fractionOfMax,
  goalposts,
  minMax,
  percentileRank,
  rankScore,
  scaled,
  zScore,
} from './normalise.js';
import { rankDescending } from './ranks.js';
import { scoreTable } from './score-table.js';
import { kurtosis, skewness } from './stats.js';
import { expectColumn, readText } from './test-oracle.js';
import { boxCox, logCt, logGii, winsorise } from './treat.js';
import { compoundGrowth, percentChange } from './trend.js';

interface Case {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: every case has inputs of its own shape.
  inputs: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  result: any;
}

const cases = new Map((JSON.parse(readText('small_cases.json')) as Case[]).map((one) => [one.id, one]));

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ScoringError);
    return (error as ScoringError).code;
  }
  return 'not refused';
}

const frame = (units: string[], columns: Record<string, Cell[]>): Frame => ({
  units,
  columns: new Map(Object.entries(columns)),
});

const rowsOf = (columns: Record<string, unknown[]>): Row[] =>
  Object.values(columns)[0]!.map((_, i) =>
    Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, v[i]])),
  ) as Row[];

const tiny = (d: Record<string, unknown[]>, tm: Record<string, unknown[]>) =>
  scoreTable(rowsOf(d), rowsOf(tm), { steps: [{ step: 'normalise', method: 'minmax' }, { step: 'aggregate' }] });

/** Cases the package answers with the value of the file. */
const agrees: Record<string, (one: Case) => void> = {
  rank_ties_min: ({ inputs, result }) => expectColumn(rankScore(inputs.x), result),
  rank_ties_average: ({ inputs, result }) => expectColumn(rankScore(inputs.x, { ties: 'average' }), result),
  borda_ties: ({ inputs, result }) => expectColumn(borda(inputs.x), result),
  rank_df_desc: ({ inputs, result }) => expectColumn(rankDescending(inputs.d.s), result.s),
  minmax_na: ({ inputs, result }) => expectColumn(minMax(inputs.x), result),
  'minmax_direction_-1': ({ inputs, result }) => {
    expectColumn(minMax(inputs.d.a, { direction: -1 }), result.a);
    expectColumn(minMax(inputs.d.b), result.b);
  },
  zscore_two: ({ inputs, result }) => expectColumn(zScore(inputs.x, { mean: 10, sd: 2 }), result),
  scaled: ({ inputs, result }) => expectColumn(scaled(inputs.x, { posts: { lower: 20, upper: 85 }, scale: 1 }), result),
  goalposts_no_trunc: ({ inputs, result }) =>
    expectColumn(goalposts(inputs.x, { posts: { lower: 20, upper: 85 }, scale: 1, cap: false }), result),
  dist2targ: ({ inputs, result }) => expectColumn(distanceToTarget(inputs.x, { target: 8 }), result),
  dist2targ_neg: ({ inputs, result }) => expectColumn(distanceToTarget(inputs.x, { target: 3, direction: -1 }), result),
  dist2ref: ({ inputs, result }) => expectColumn(distanceToReference(inputs.x, { reference: 1 }), result),
  amean_all_na: ({ inputs }) => expect(weightedMean(inputs.x, inputs.w)).toBeNull(),
  gmean: ({ inputs, result }) => expectColumn([weightedMean(inputs.x, inputs.w, { kind: 'geometric' })], result),
  gmean_negative: ({ inputs }) =>
    expect(refusal(() => weightedMean(inputs.x, inputs.w, { kind: 'geometric' }))).toBe('NON_POSITIVE_VALUE'),
  hmean: ({ inputs, result }) => expectColumn([weightedMean(inputs.x, inputs.w, { kind: 'harmonic' })], result),
  genmean_p2: ({ inputs, result }) =>
    expectColumn([weightedMean(inputs.x, inputs.w, { kind: 'generalised', power: 2 })], result),
  genmean_p0: ({ inputs }) =>
    expect(refusal(() => weightedMean(inputs.x, inputs.w, { kind: 'generalised', power: 0 }))).toBe('POWER_ZERO'),
  copeland_na_order_AB: ({ inputs, result }) => expectColumn(copeland([inputs.X.a, inputs.X.b], inputs.w), result),
  copeland_float_draw: ({ inputs, result }) =>
    expectColumn(copeland([inputs.X.a, inputs.X.b, inputs.X.c], inputs.w), result),
  winsorise_none: ({ inputs, result }) => expectWinsorised(inputs.x, result),
  winsorise_two: ({ inputs, result }) => expectWinsorised(inputs.x, result),
  winsorise_low: ({ inputs, result }) => expectWinsorised(inputs.x, result),
  winsorise_sparse: ({ inputs }) => expect(refusal(() => winsorise(inputs.x))).toBe('CONSTANT_COLUMN'),
  skew_kurt: ({ inputs, result }) => expectColumn([skewness(inputs.x), kurtosis(inputs.x)], result.flat()),
  kurt_n3: ({ inputs }) => expect(kurtosis(inputs.x)).toBeNull(),
  log_CT: ({ inputs, result }) => expectColumn(logCt(inputs.x), result),
  'boxcox_0.5': ({ inputs, result }) => expectColumn(boxCox(inputs.x, 0.5), result),
  impute_all_na_column: ({ inputs, result }) => {
    const imputed = imputeColumns(frame(['u', 'v', 'w'], inputs.d));
    expectColumn(imputed.frame.columns.get('a')!, result.a);
    expectColumn(imputed.frame.columns.get('b')!, result.b);
    expect(imputed.warnings.map(({ code }) => code)).toEqual(['STILL_MISSING']);
  },
  dat_thresh_boundary: ({ inputs, result }) => {
    const codes = ['x', 'y', 'z'];
    const meta = [
      ...codes.map((iCode) => ({ Level: 1, iCode, Parent: 'top', Direction: 1, Weight: 1, Type: 'Indicator' })),
      { Level: 2, iCode: 'top', Direction: 1, Weight: 1, Type: 'Aggregate' },
    ];
    const model = readModel(meta);
    const scored = aggregateFrame(frame(['u', 'v'], inputs.d), model, givenWeights(model), { dataThreshold: [2 / 3] });
    expectColumn(scored.frame.columns.get('top')!, result);
  },
  prc_change_two: ({ inputs, result }) => expectColumn([percentChange(inputs.x, inputs.y)], result),
  pipeline_duplicate_unit: ({ inputs }) => expect(refusal(() => tiny(inputs.d, inputs.tm))).toBe('DUPLICATE_UNIT'),
  meta_bad_direction: ({ inputs }) => expect(refusal(() => readModel(rowsOf(inputs.tm2)))).toBe('BAD_DIRECTION'),
};

/** Cases in which the file shows a trap or a defect: the package answers null, a named error or the sound value. */
const differs: Record<string, (one: Case) => void> = {
  prank_single: ({ inputs }) => expect(refusal(() => percentileRank(inputs.x))).toBe('TOO_FEW_POINTS'),
  minmax_constant: ({ inputs }) => expect(refusal(() => minMax(inputs.x))).toBe('CONSTANT_COLUMN'),
  minmax_inf: ({ inputs }) => {
    const x = inputs.x.map((value: number | string) => (value === 'Inf' ? Number.POSITIVE_INFINITY : value));
    expect(refusal(() => minMax(x))).toBe('NON_FINITE');
  },
  dist2ref_is_min: ({ inputs }) =>
    expect(refusal(() => distanceToReference(inputs.x, { reference: 0 }))).toBe('REFERENCE_AT_WORST'),
  // The turned column of the file, given here in its own units: best 1, worse below 1.
  fracmax_neg: ({ inputs }) =>
    expectColumn(
      fractionOfMax(
        inputs.x.map((value: number) => -value),
        { direction: -1 },
      ),
      [1, 0.5, 0.2],
    ),
  amean_zero_weight_on_only_value: ({ inputs }) =>
    expect(refusal(() => weightedMean(inputs.x, inputs.w))).toBe('ZERO_WEIGHT_SUM'),
  hmean_negative_allowed: ({ inputs }) =>
    expect(refusal(() => weightedMean(inputs.x, inputs.w, { kind: 'harmonic' }))).toBe('NON_POSITIVE_VALUE'),
  // Swapping two units swaps their scores, also with a missing value.
  copeland_na_flip1: ({ inputs }) => expectColumn(copeland([inputs.X.a, inputs.X.b], inputs.w), [1, -1]),
  copeland_through_Aggregate_bug: ({ inputs }) => expectColumn(copeland([inputs.d.a, inputs.d.b], [1, 1]), [-1, 2, -1]),
  // Missing values are skipped instead of making the statistic missing: three are left.
  skew_na: ({ inputs }) => expectColumn([skewness(inputs.x)], [skewness([1, 2, 5])!]),
  log_GII_noop_bug: ({ inputs }) =>
    expectColumn(
      logGii(inputs.x),
      inputs.x.map((value: number) => Math.log((99 * value) / 100 + 1)),
    ),
  log_CT_constant: ({ inputs }) => expect(refusal(() => logCt(inputs.x))).toBe('CONSTANT_COLUMN'),
  impute_group_mean: ({ inputs }) => {
    const imputed = imputeInGroups(frame(['1', '2', '3', '4', '5', '6'], { x: inputs.x }), inputs.f);
    expectColumn(imputed.frame.columns.get('x')!, [1, 2, 3, null, 10, null]);
    expect(imputed.warnings.map(({ code }) => code)).toEqual([
      'GROUP_WITHOUT_DATA',
      'UNIT_WITHOUT_GROUP',
      'STILL_MISSING',
    ]);
  },
  denominate_zero: ({ inputs }) => {
    const meta = [
      { Level: 1, iCode: 'cases', Parent: 'top', Direction: 1, Weight: 1, Type: 'Indicator', Denominator: 'pop' },
      { Level: 2, iCode: 'top', Direction: 1, Weight: 1, Type: 'Aggregate' },
      { iCode: 'pop', Type: 'Denominator' },
    ];
    const cases = frame(inputs.d.uCode, { cases: inputs.d.cases });
    const done = denominate(cases, frame(inputs.p.uCode, { pop: inputs.p.pop }), readModel(meta), {
      scaleFactor: 10000,
    });
    expectColumn(done.frame.columns.get('cases')!, [2.5, null, null, null]);
    expect(done.warnings.map(({ code, place }) => [code, place.slice(0, 5)])).toEqual([
      ['DENOMINATOR_ZERO', '单元 u2'],
      ['DENOMINATOR_ZERO', '单元 u3'],
    ]);
  },
  avail_zero: ({ inputs, result }) => {
    const { uCode, ...columns } = inputs.d;
    const found = availability(frame(uCode, columns));
    expect(found.map(({ missing }) => missing)).toEqual(result.N_missing);
    expect(found.map(({ zeros }) => zeros)).toEqual(result.N_zero);
    expectColumn(
      found.map(({ available }) => available),
      result.Dat_Avail,
    );
    expectColumn(
      found.map(({ nonZero }) => nonZero),
      [null, 0, 2 / 3],
    );
  },
  screen_all_na_row_byzeros: ({ inputs }) => {
    const { uCode, ...columns } = inputs.d;
    const done = screenUnits(frame(uCode, columns), { by: 'zeros', nonzeroThreshold: 0.5 });
    expect(done.frame.units).toEqual(['c']);
    expect(done.summary.map(({ lowNonZero }) => lowNonZero)).toEqual([null, true, false]);
    expect(done.warnings.map(({ code }) => code)).toEqual(['UNIT_WITHOUT_DATA']);
  },
  stats_all_na: ({ inputs }) => {
    const stats = indicatorStats(inputs.d.a);
    expect(stats).toMatchObject({ min: null, max: null, mean: null, same: 0, available: 0, nonZeroShare: null });
    expect(stats.flags).toEqual({ available: 'LOW', nonZero: 'LOW', unique: 'LOW', outliers: null });
  },
  cagr_zero_start: ({ inputs }) => expect(refusal(() => compoundGrowth(inputs.x, inputs.y))).toBe('GROWTH_UNDEFINED'),
  cagr_sign_change: ({ inputs }) => expect(refusal(() => compoundGrowth(inputs.x, inputs.y))).toBe('GROWTH_UNDEFINED'),
  pipeline_constant_indicator: ({ inputs }) => expect(refusal(() => tiny(inputs.d, inputs.tm))).toBe('CONSTANT_COLUMN'),
  pipeline_one_unit: ({ inputs }) => expect(refusal(() => tiny(inputs.d, inputs.tm))).toBe('CONSTANT_COLUMN'),
  meta_negative_weight: ({ inputs }) => expect(refusal(() => readModel(rowsOf(inputs.tm2)))).toBe('NEGATIVE_WEIGHT'),
};

function expectWinsorised(x: Cell[], result: { x: Cell[]; nwin: number[]; treated: string[] }): void {
  const won = winsorise(x);
  expectColumn(won.values, result.x);
  expect(won.moved).toBe(result.nwin[0]);
  expect(won.points).toEqual(result.treated);
}

describe('small cases', () => {
  it('are all looked at', () => {
    expect([...Object.keys(agrees), ...Object.keys(differs)].sort()).toEqual([...cases.keys()].sort());
  });
  it.each(Object.keys(agrees))('%s agrees', (id) => agrees[id]!(cases.get(id)!));
  it.each(Object.keys(differs))('%s follows the sound rule', (id) => differs[id]!(cases.get(id)!));
});
