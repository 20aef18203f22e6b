import { describe, expect, it } from 'vitest';
import { scoreTable } from './score-table.js';
import { cell, expectClose, expectTable, readTable } from './test-oracle.js';

const data = readTable('asem_iData.csv');
const meta = readTable('asem_iMeta.csv');
const files = { 'W1.csv': readTable('asem_weights_W1.csv'), 'posts.csv': readTable('N_goalposts.csv') };

const prepared = [
  { step: 'denominate', scale_factor: 1 },
  { step: 'impute', method: 'group_mean', group: 'EurAsia_group' },
  { step: 'treat' },
];
const w1 = { step: 'weights', file: 'W1.csv' };

function score(...steps: object[]) {
  return scoreTable(data, meta, { steps: [...prepared, ...steps] }, files);
}

describe('the ASEM index, run A', () => {
  const run = score({ step: 'normalise', method: 'minmax' }, { step: 'aggregate' });

  it('denominates, imputes and treats as COINr', () => {
    expectTable(run.steps[0]!.tables.values!, 'A_denominated.csv');
    expectTable(run.steps[1]!.tables.values!, 'A_imputed.csv');
    expectTable(run.steps[2]!.tables.values!, 'A_treated.csv');
  });

  it('tells which points were treated', () => {
    const points = new Map(run.steps[2]!.tables.points!.map((row) => [row.uCode, row]));
    for (const { uCode, ...row } of readTable('A_treat_points.csv')) expect(points.get(uCode)).toMatchObject(row);
  });

  it('tells how every indicator was treated', () => {
    const details = new Map(run.treatment.map((row) => [row.iCode, row]));
    for (const row of readTable('A_treat_details.csv')) {
      const found = details.get(row.iCode!)!;
      expect(String(found.pass_before)).toBe(row['check_SkewKurt0.Pass']);
      expect(found.winsorised).toBe(cell(row['winsorise.nwin']));
      expect(found.pass_winsorised === null ? 'NA' : String(found.pass_winsorised)).toBe(row['check_SkewKurt1.Pass']);
      for (const [ours, theirs] of [
        ['skew_before', 'check_SkewKurt0.Skew'],
        ['kurt_before', 'check_SkewKurt0.Kurt'],
        ['skew_winsorised', 'check_SkewKurt1.Skew'],
        ['kurt_winsorised', 'check_SkewKurt1.Kurt'],
      ] as const) {
        expectClose(found[ours], cell(row[theirs]), `${row.iCode} ${ours}`, 1e-11);
      }
    }
  });

  it('scores and ranks every column', () => {
    expectTable(run.scores!, 'A_aggregated.csv');
    const ranks = new Map(run.ranks!.map((row) => [row.uCode, row]));
    for (const { uCode, ...row } of readTable('A_ranks.csv')) {
      for (const [code, rank] of Object.entries(row))
        expect(ranks.get(uCode)![code], `${uCode} ${code}`).toBe(cell(rank));
    }
  });

  it('gives the effective weights', () => {
    expectTable(run.weights, 'asem_effective_weights.csv', 'iCode');
  });
});

describe('the ASEM index, other normalisations, means and weights', () => {
  it.each([
    ['A_W1_aggregated.csv', { method: 'minmax' }, 'arithmetic'],
    ['B_minmax1_100_gmean_W1_aggregated.csv', { method: 'minmax', to: [1, 100] }, 'geometric'],
    ['C_zscore_amean_W1_aggregated.csv', { method: 'zscore' }, 'arithmetic'],
    ['D_borda_amean_W1_aggregated.csv', { method: 'borda' }, 'arithmetic'],
    ['E_prank_amean_W1_aggregated.csv', { method: 'percentile_rank' }, 'arithmetic'],
    ['G_minmax1_100_hmean_W1_aggregated.csv', { method: 'minmax', to: [1, 100] }, 'harmonic'],
    ['N_goalposts_amean_W1_aggregated.csv', { method: 'goalposts', goalposts: 'posts.csv' }, 'arithmetic'],
  ])('%s', (name, normalise, method) => {
    const run = score({ step: 'normalise', ...normalise }, w1, { step: 'aggregate', methods: [method] });
    expectTable(run.scores!, name);
    expectTable(run.weights, 'asem_effective_weights_W1.csv', 'iCode');
  });
});

describe('screening the raw ASEM table', () => {
  it.each([
    ['missing', 'byNA'],
    ['zeros', 'byzeros'],
    ['either', 'byNAandzeros'],
  ])('by %s', (by, method) => {
    const recipe = {
      steps: [{ step: 'screen', by, data_threshold: 0.85, nonzero_threshold: 0.9, force: { BRN: true, AUT: false } }],
    };
    const run = scoreTable(data, meta, recipe);
    const summary = new Map(run.steps[0]!.tables.summary!.map((row) => [row.uCode, row]));
    const expected = readTable('S_screen_variants.csv').filter((row) => row.method === method);
    expect(expected).toHaveLength(51);
    for (const row of expected) {
      const found = summary.get(row.uCode!)!;
      for (const key of ['N_missing', 'N_zero', 'LowData', 'LowNonZero', 'Included']) {
        expect(String(found[key]), `${row.uCode} ${key}`).toBe(row[key]);
      }
      expectClose(found.Dat_Avail, cell(row.Dat_Avail), `${row.uCode} Dat_Avail`);
      expectClose(found.Non_Zero, cell(row.Non_Zero), `${row.uCode} Non_Zero`);
    }
    const kept = expected.filter((row) => row.Included === 'true').map((row) => row.uCode);
    expect(run.steps[0]!.tables.values!.map((row) => row.uCode).sort()).toEqual(kept.sort());
  });
});
