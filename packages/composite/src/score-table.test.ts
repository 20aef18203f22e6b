import { describe, expect, it } from 'vitest';
import type { Row } from './columns.js';
import { ScoringError } from './errors.js';
import { scoreTable } from './score-table.js';

const meta: Row[] = [
  { Level: 1, iCode: 'a', Parent: 'left', Direction: 1, Weight: 1, Type: 'Indicator', Target: 20, Denominator: 'pop' },
  { Level: 1, iCode: 'b', Parent: 'left', Direction: -1, Weight: 3, Type: 'Indicator', Target: 0 },
  { Level: 1, iCode: 'c', Parent: 'right', Direction: 1, Weight: 1, Type: 'Indicator', Target: 50 },
  { Level: 1, iCode: 'd', Parent: 'right', Direction: 1, Weight: 1, Type: 'Indicator', Target: 9 },
  { Level: 2, iCode: 'left', Parent: 'top', Direction: 1, Weight: 1, Type: 'Aggregate' },
  { Level: 2, iCode: 'right', Parent: 'top', Direction: 1, Weight: 1, Type: 'Aggregate' },
  { Level: 3, iCode: 'top', Direction: 1, Weight: 1, Type: 'Aggregate' },
  { iCode: 'pop', Type: 'Denominator' },
  { iCode: 'kind', Type: 'Group' },
];
const table: Row[] = [
  { uCode: 'u1', kind: 'town', pop: 1, a: 2, b: 4, c: 10, d: 1 },
  { uCode: 'u2', kind: 'town', pop: 2, a: 8, b: 8, c: 30, d: 4 },
  { uCode: 'u3', kind: 'village', pop: 4, a: 24, b: 2, c: 20, d: 8 },
  { uCode: 'u4', kind: 'village', pop: 1, a: 10, b: 6, c: '', d: 6 },
];
const minmax = { step: 'normalise', method: 'minmax' };
const aggregate = { step: 'aggregate' };

function refused(work: () => unknown): ScoringError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ScoringError);
    return error as ScoringError;
  }
  throw new Error('not refused');
}

const score = (steps: object[], files = {}) => scoreTable(table, meta, { steps }, files);
const columnFrom = (rows: readonly Row[], key: string) => rows.map((row) => row[key]);
const patched = (code: string, change: Row): Row[] =>
  meta.map((row) => (row.iCode === code ? { ...row, ...change } : row));

describe('a recipe', () => {
  it.each([
    [{ step: 'normalize', method: 'minmax' }, 'UNKNOWN_STEP', 'normalise'],
    [{ step: 'normalise', method: 'min_max' }, 'UNKNOWN_METHOD', 'minmax'],
    [{ step: 'normalise', method: 'minmax', form: [0, 1] }, 'UNKNOWN_KEY', 'goalposts'],
    [{ step: 'aggregate', methods: ['aritmetic'] }, 'UNKNOWN_METHOD', 'copeland'],
    [{ step: 'impute', method: 'knn' }, 'UNKNOWN_METHOD', 'row_mean_in_parent'],
    [{ step: 'screen', by: 'none' }, 'UNKNOWN_METHOD', 'either'],
    [JSON.parse('{"step":"treat","then":"log"}'), 'UNKNOWN_METHOD', 'log_ct_plus'],
    [{ step: 'weights', method: 'guess' }, 'UNKNOWN_METHOD', 'critic'],
  ])('refuses %j and lists what exists', (step, code, listed) => {
    const error = refused(() => score([step]));
    expect(error.code).toBe(code);
    expect(error.remedy).toContain(listed);
    expect(error.place).toContain('第 1 步');
  });

  it.each([
    [{ step: 'normalise' }],
    [{ step: 'normalise', method: 'minmax', to: [100, 0] }],
    [{ step: 'normalise', method: 'minmax', to: ['0', '100'] }],
    [{ step: 'denominate', scale_factor: 0 }],
    [{ step: 'screen', data_threshold: 66 }],
    [{ step: 'aggregate', methods: ['arithmetic', 'arithmetic', 'arithmetic'] }],
    [{ step: 'weights' }],
    [{ step: 'weights', method: 'equal', level: 3 }],
  ])('refuses the value in %j', (step) => {
    expect(refused(() => score([step])).code).toBe('BAD_OPTION');
  });

  it('names the files it misses', () => {
    const error = refused(() => score([{ step: 'weights', file: 'W.csv' }], { 'V.csv': [] }));
    expect([error.code, error.remedy]).toEqual(['MISSING_FILE', '已给出的文件：V.csv']);
    expect(refused(() => score([{ step: 'normalise', method: 'goalposts' }])).code).toBe('MISSING_FILE');
    expect(refused(() => score([{ step: 'weights', file: 'toString' }])).code).toBe('MISSING_FILE');
  });

  it.each([
    [{ step: 'normalise', method: 'minmax', ties: 'min' }, 'ties'],
    [{ step: 'normalise', method: 'distance_to_max', cap: true }, 'cap'],
    [{ step: 'impute', method: 'mean', group: 'g' }, 'group'],
    [{ step: 'treat', lambda: 0.5 }, 'lambda'],
    [{ step: 'aggregate', p: 2 }, 'p'],
    [{ step: 'weights', method: 'equal', file: 'W.csv' }, 'file'],
  ])('refuses a key without effect in %j', (step, key) => {
    const error = refused(() => score([step]));
    expect([error.code, error.problem]).toEqual(['UNUSED_KEY', expect.stringContaining(`“${key}”`)]);
  });

  it('tells when scores are stale', () => {
    const run = score([minmax, aggregate, { step: 'weights', method: 'equal' }]);
    expect(run.warnings.map(({ code }) => code)).toEqual(['STALE_SCORES']);
    expect(score([aggregate]).warnings.map(({ code }) => code)).toContain('NOT_NORMALISED');
  });
});

describe('scoring a small table', () => {
  it('follows weights, directions and missing values', () => {
    const run = score([{ step: 'denominate' }, minmax, aggregate]);
    expect(columnFrom(run.steps[0]!.tables.values!, 'a')).toEqual([2, 4, 6, 10]);
    expect(columnFrom(run.scores!, 'a')).toEqual([0, 25, 50, 100]);
    expect(columnFrom(run.scores!, 'c')).toEqual([0, 100, 50, null]);
    const left = [(0 + 3 * (200 / 3)) / 4, 25 / 4, (50 + 300) / 4, (100 + 100) / 4];
    columnFrom(run.scores!, 'left').forEach((value, i) => {
      expect(value).toBeCloseTo(left[i]!, 10);
    });
    expect(run.scores![3]!.right).toBeCloseTo((100 * 5) / 7, 10);
    expect(columnFrom(run.ranks!, 'top')).toEqual([4, 3, 1, 2]);
    expect(run.weights.find(({ iCode }) => iCode === 'b')).toEqual({
      iCode: 'b',
      Level: 1,
      Weight: 3,
      EffWeight: 0.375,
    });
  });

  it('scores only where enough is there, level by level', () => {
    const run = score([minmax, { ...aggregate, data_threshold: [0.8, 1] }]);
    expect(run.scores![3]).toMatchObject({ right: null, top: null });
    expect(run.scores![3]!.left).not.toBeNull();
    expect(run.ranks![3]!.top).toBeNull();
  });

  it('mixes methods by level', () => {
    const steps = [
      { ...minmax, to: [1, 100] },
      { ...aggregate, methods: ['geometric', 'copeland'] },
    ];
    const scores = score(steps).scores!;
    expect(scores[0]!.right).toBeCloseTo(1, 12);
    // Each sub-index carries half the weight, so that only a win in both counts: u3 and u4 draw, as u1 and u2 do.
    expect(columnFrom(scores, 'top')).toEqual([-2, -2, 2, 2]);
  });

  it('keeps goalposts in the units of the indicator, whatever its direction', () => {
    const posts = ['a', 'b', 'c', 'd'].map((iCode) => ({ iCode, goalpost_lower: 2, goalpost_upper: 8 }));
    const run = score([{ step: 'normalise', method: 'goalposts', goalposts: 'P', scale: 1 }], { P: posts });
    const values = run.steps[0]!.tables.values!;
    expect(columnFrom(values, 'b')).toEqual([4 / 6, 0, 1, 2 / 6]);
    expect(columnFrom(values, 'a')).toEqual([0, 1, 1, 1]);
    const free = score([{ step: 'normalise', method: 'scaled', goalposts: 'P', scale: 1 }], { P: posts });
    expect(columnFrom(free.steps[0]!.tables.values!, 'd')).toEqual([-1 / 6, 2 / 6, 1, 4 / 6]);
  });

  it('measures distances to target, reference and best', () => {
    const values = (method: string, more = {}) =>
      score([{ step: 'normalise', method, ...more }]).steps[0]!.tables.values!;
    expect(columnFrom(values('distance_to_target', { cap: true }), 'a')).toEqual([0, 6 / 18, 1, 8 / 18]);
    expect(columnFrom(values('distance_to_target'), 'b')).toEqual([4 / 8, 0, 6 / 8, 2 / 8]);
    expect(columnFrom(values('distance_to_reference', { reference: 'u3' }), 'c')).toEqual([0, 2, 1, null]);
    const capped = values('distance_to_reference', { reference: 'u3', cap: true });
    expect(columnFrom(capped, 'c')).toEqual([0, 1, 1, null]);
    expect(columnFrom(values('distance_to_max'), 'b')).toEqual([4 / 6, 0, 1, 2 / 6].map((x) => expect.closeTo(x, 12)));
    expect(columnFrom(values('fraction_of_max'), 'b')).toEqual([0.5, 0.25, 1, 2 / 6]);
    expect(refused(() => values('distance_to_reference', { reference: 'u9' })).code).toBe('UNKNOWN_UNIT');
    expect(refused(() => values('distance_to_reference', { reference: 'u2' })).code).toBe('REFERENCE_AT_WORST');
    expect(refused(() => values('distance_to_reference', { reference: 'u2' })).place).toContain('指标 b');
  });

  it('refuses a target that is no better than the worst unit', () => {
    const steps = { steps: [{ step: 'normalise', method: 'distance_to_target' }] };
    expect(refused(() => scoreTable(table, patched('a', { Target: 2 }), steps)).code).toBe('TARGET_BEYOND_WORST');
    expect(refused(() => scoreTable(table, patched('b', { Target: 8 }), steps)).code).toBe('TARGET_BEYOND_WORST');
  });

  it.each([
    ['mean', 20],
    ['median', 20],
    ['group_mean', 20],
    ['row_mean', 10 + (20 * (8 / 22 + 2 / 6 + 5 / 7)) / 3],
    ['row_mean_in_parent', 10 + 20 * (5 / 7)],
    ['none', null],
  ])('imputes by %s', (method, expected) => {
    const group = method === 'group_mean' ? { group: 'kind' } : {};
    const filled = score([{ step: 'impute', method, ...group }]).steps[0]!.tables.values![3]!.c;
    if (expected === null) expect(filled).toBeNull();
    else expect(filled).toBeCloseTo(expected, 10);
  });

  it('takes weights from data and judgements', () => {
    const weigh = (method: string, level: number, files = {}, more = {}) =>
      score(
        [{ step: 'impute', method: 'mean' }, minmax, aggregate, { step: 'weights', method, level, ...more }, aggregate],
        files,
      );
    for (const method of ['pca', 'factor', 'entropy', 'critic', 'correlation_balance', 'correlation_infomax']) {
      const run = weigh(method, method.startsWith('correlation') ? 2 : 1);
      expect(
        run.scores!.every((row) => Number.isFinite(row.top)),
        method,
      ).toBe(true);
    }
    const judged = [
      { iCode: 'left', left: 1, right: 3 },
      { iCode: 'right', left: 1 / 3, right: 1 },
    ];
    const run = weigh('ahp', 2, { J: judged }, { file: 'J' });
    expect(run.weights.find(({ iCode }) => iCode === 'left')!.EffWeight).toBeCloseTo(0.75, 10);
    const early = [minmax, { step: 'weights', method: 'critic', level: 2 }];
    expect(refused(() => score(early)).code).toBe('NOT_AGGREGATED');
  });

  it('treats a skewed column and shows the whole way', () => {
    const skewed = Array.from({ length: 30 }, (_, i) => ({
      uCode: `u${i}`,
      kind: 'town',
      pop: 1,
      a: i,
      b: i % 7,
      c: i === 0 ? 4000 : i,
      d: 2.5 ** i,
    }));
    const run = scoreTable(skewed, meta, { steps: [{ step: 'treat', winsorise_max: 2 }] });
    const details = new Map(run.treatment.map((row) => [row.iCode, row]));
    expect(details.get('a')).toMatchObject({ pass_before: true, winsorised: null, transform: null });
    expect(details.get('c')).toMatchObject({
      pass_before: false,
      winsorised: 1,
      pass_winsorised: true,
      transform: null,
    });
    expect(details.get('d')).toMatchObject({ winsorised: 2, pass_winsorised: false, transform: 'log_ct' });
    expect(run.steps[0]!.tables.points![0]).toMatchObject({ c: 'winhi', d: 'log_ct' });
    const combined = scoreTable(skewed, meta, { steps: [{ step: 'treat', winsorise_max: 2, combine: true }] });
    expect(combined.steps[0]!.tables.points![29]).toMatchObject({ d: 'winhi+log_ct' });
  });
});

describe('tables that cannot be scored', () => {
  const recipe = { steps: [minmax, aggregate] };
  const withCell = (key: string, value: string | number): Row[] =>
    table.map((row, i) => (i === 1 ? { ...row, [key]: value } : row));

  it.each([
    ['DUPLICATE_UNIT', withCell('uCode', 'u1'), meta, 'u1'],
    ['PANEL_TABLE', withCell('uCode', 'u1').map((row, i) => ({ ...row, Time: i })), meta, '时期'],
    ['NON_NUMERIC', withCell('b', '8件'), meta, '单元 u2，列 b'],
    ['NON_FINITE', withCell('b', 'Inf'), meta, '单元 u2，列 b'],
    ['NON_FINITE', withCell('b', Number.NaN), meta, '单元 u2，列 b'],
    ['AGGREGATE_IS_COLUMN', withCell('left', 3), meta, 'left'],
    ['CODE_IS_UNIT_AND_COLUMN', withCell('uCode', 'c'), meta, 'c'],
    ['MISSING_COLUMN', table, [...meta, { ...meta[0]!, iCode: 'e' }], '列 e'],
    ['CONSTANT_COLUMN', table.map((row) => ({ ...row, d: 5 })), meta, '指标 d'],
    ['ORPHAN_PARENT', table, patched('a', { Parent: 'nowhere' }), 'nowhere'],
    ['PARENT_LEVEL', table, patched('a', { Parent: 'top' }), 'top'],
    ['LEVEL_GAP', table, patched('top', { Level: 4 }), '第 3 层'],
    [
      'CHILDLESS_AGGREGATE',
      table,
      patched('c', { Parent: 'left' }).map((row) => (row.iCode === 'd' ? { ...row, Parent: 'left' } : row)),
      'right',
    ],
    ['NEGATIVE_WEIGHT', table, patched('a', { Weight: -1 }), 'a'],
    [
      'ALL_ZERO_WEIGHTS',
      table,
      patched('left', { Weight: 0 }).map((row) => (row.iCode === 'right' ? { ...row, Weight: 0 } : row)),
      'top',
    ],
    ['DUPLICATE_CODE', table, [...meta, meta[0]!], 'a'],
    ['BAD_DIRECTION', table, patched('a', { Direction: 0 }), 'a'],
    ['UNKNOWN_CODE', table, patched('a', { Denominator: 'area' }), 'area'],
  ] as [string, Row[], Row[], string][])('%s', (code, rows, metaRows, place) => {
    const error = refused(() => scoreTable(rows, metaRows, recipe));
    const all = [error, ...error.others];
    const found = all.find((one) => one.code === code);
    expect(found, all.map((one) => one.message).join('\n')).toBeDefined();
    expect(found!.message).toContain(place);
    expect(found!.message).toMatch(/[一-龥]/);
    expect(found!.remedy.length).toBeGreaterThan(3);
  });

  it('reports every bad cell at once', () => {
    const rows = table.map((row) => ({ ...row, a: 'x' }));
    const error = refused(() => scoreTable(rows, meta, recipe));
    expect([error, ...error.others].map((one) => one.place)).toEqual(
      ['u1', 'u2', 'u3', 'u4'].map((u) => `单元 ${u}，列 a`),
    );
  });

  it('never lets an overflow out', () => {
    const rows = table.map((row, i) => ({ ...row, a: [-1.7e308, 1.7e308, 0, 1][i]! }));
    expect(refused(() => scoreTable(rows, meta, recipe)).code).toBe('NON_FINITE');
  });
});
