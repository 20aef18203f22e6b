import { describe, expect, it } from 'vitest';
import { availability, availabilityByGroup } from './availability.js';
import { type Cell, columnOf, type Frame, frameRows, type Row } from './columns.js';
import { contributions } from './contribution.js';
import { correlation, correlationPValue, correlationTable } from './correlation.js';
import { readDataset } from './dataset.js';
import { marshallGlobal, marshallLocal } from './empirical-bayes.js';
import { correlationFlags, indicatorStats, sizeEffects } from './indicator-stats.js';
import { clopperPearsonInterval, poissonInterval, wilsonInterval } from './intervals.js';
import { ancestors, indicatorsBelow, readModel } from './model.js';
import { planAggregation, planWeights, runPlan } from './plan.js';
import { rankDescending, rankInGroups } from './ranks.js';
import { cronbachAlpha } from './reliability.js';
import { resultsTable } from './results.js';
import { scoreTable } from './score-table.js';
import { cell, column, expectClose, expectColumn, expectTable, numbers, readTable } from './test-oracle.js';
import { meanAbsoluteShift, simulateRanks } from './uncertainty.js';
import { givenWeights } from './weights.js';

const data = readTable('asem_iData.csv');
const meta = readTable('asem_iMeta.csv');
const model = readModel(meta);
const raw = readDataset(data, model);
const prepared = [
  { step: 'denominate', scale_factor: 1 },
  { step: 'impute', method: 'group_mean', group: 'EurAsia_group' },
  { step: 'treat' },
  { step: 'normalise', method: 'minmax' },
];
const run = scoreTable(data, meta, { steps: [...prepared, { step: 'aggregate' }] });
const scores = frameOf(run.scores!);

function frameOf(rows: readonly Row[]): Frame {
  const codes = Object.keys(rows[0]!).filter((key) => key !== 'uCode');
  return {
    units: rows.map((row) => String(row.uCode)),
    columns: new Map(codes.map((code) => [code, rows.map((row) => row[code] as Cell)])),
  };
}

describe('the raw ASEM table', () => {
  it('has the statistics and flags of every indicator', () => {
    for (const row of readTable('S_raw_stats.csv')) {
      const stats = indicatorStats(columnOf(raw.indicators, row.iCode!));
      const found: Record<string, Cell> = {
        Min: stats.min,
        Max: stats.max,
        Mean: stats.mean,
        Median: stats.median,
        Std: stats.sd,
        Skew: stats.skew,
        Kurt: stats.kurt,
        'N.Avail': stats.available,
        'N.NonZero': stats.nonZero,
        'N.Unique': stats.unique,
        'N.Same': stats.same,
        'Frc.Avail': stats.availableShare,
        'Frc.NonZero': stats.nonZeroShare,
        'Frc.Unique': stats.uniqueShare,
        'Frc.Same': stats.sameShare,
      };
      for (const [key, value] of Object.entries(found)) {
        expectClose(value, cell(row[key]), `${row.iCode} ${key}`, 1e-12, key === 'Skew' || key === 'Kurt' ? 1 : 0);
      }
      expect(stats.flags).toEqual({
        available: row['Flag.Avail'],
        nonZero: row['Flag.NonZero'],
        unique: row['Flag.Unique'],
        outliers: row['Flag.SkewKurt'],
      });
    }
  });

  it('has the availability of every unit, in all and by group', () => {
    const found = new Map(availability(raw.indicators).map((unit) => [unit.unit, unit]));
    for (const row of readTable('S_raw_availability.csv')) {
      const unit = found.get(row.uCode!)!;
      expect([unit.missing, unit.zeros]).toEqual([cell(row.N_missing), cell(row.N_zero)]);
      expectClose(unit.available, cell(row.Dat_Avail), 'Dat_Avail');
      expectClose(unit.nonZero, cell(row.Non_Zero), 'Non_Zero');
    }
    expectTable(frameRows(availabilityByGroup(raw.indicators, model)), 'S_raw_availability_by_group.csv');
  });

  it('has the correlations with the denominators', () => {
    const expected = readTable('S_raw_denominator_correlations.csv');
    for (const { Ind, Denom, Corr } of expected) {
      const r = correlation(columnOf(raw.indicators, Ind!), columnOf(raw.denominators, Denom!));
      expectClose(r, cell(Corr), `${Ind} ${Denom}`, 1e-12, 1);
    }
    const strong = expected
      .filter(({ Corr }) => Math.abs(Number(Corr)) > 0.6)
      .map(({ Ind, Denom }) => `${Ind} ${Denom}`);
    const found = sizeEffects(raw.indicators, raw.denominators).map((pair) => `${pair.indicator} ${pair.denominator}`);
    expect(found.sort()).toEqual(strong.sort());
  });

  it('has the Spearman correlations over pairwise complete rows', () => {
    const found = correlationTable(raw.indicators.columns, raw.indicators.columns, { kind: 'spearman' });
    const byPair = new Map(found.map((pair) => [`${pair.first} ${pair.second}`, pair.correlation]));
    const expected = readTable('L_corr_raw_spearman_pairwise.csv');
    expect(byPair.size).toBe(expected.length);
    for (const { Var1, Var2, Correlation } of expected) {
      expectClose(byPair.get(`${Var1} ${Var2}`), cell(Correlation), `${Var1} ${Var2}`, 1e-12, 1);
    }
  });

  it('has the lineage of every indicator', () => {
    const top = { Pillar: 0, 'Sub-index': 1, Index: 2 };
    for (const row of readTable('asem_lineage.csv')) {
      const chain = ancestors(model, row.Indicator!);
      for (const [name, at] of Object.entries(top)) expect(chain[at]).toBe(row[name]);
    }
  });
});

describe('the ASEM index', () => {
  it.each(['pearson', 'spearman', 'kendall'] as const)('has the %s correlations between pillars', (kind) => {
    for (const { Var1, Var2, Correlation } of readTable(`L_corr_pillars_${kind}.csv`)) {
      const r = correlation(columnOf(scores, Var1!), columnOf(scores, Var2!), { kind });
      expectClose(r, cell(Correlation), `${Var1} ${Var2}`, 1e-12, 1);
    }
  });

  it('has the p values between pillars', () => {
    const rows = readTable('L_pvalues_pillars.csv');
    for (const { iCode, ...row } of rows) {
      for (const [code, p] of Object.entries(row)) {
        const found = correlationPValue(columnOf(scores, iCode!), columnOf(scores, code));
        expectClose(found, cell(p), `${iCode} ${code}`, 1e-10);
      }
    }
  });

  it('has the correlations of indicators with their parents and ancestors', () => {
    const own = readTable('L_corr_ind_parent.csv');
    expect(own).toHaveLength(49);
    for (const { Var1, Var2, Correlation } of own) {
      expect(ancestors(model, Var2!)[0]).toBe(Var1);
      expectClose(correlation(columnOf(scores, Var1!), columnOf(scores, Var2!)), cell(Correlation), Var2!, 1e-12, 1);
    }
    const levels = ['Pillar', 'Sub-index', 'Index'];
    for (const { Var1, Var2, Correlation } of readTable('L_corr_ind_family.csv')) {
      const ancestor = ancestors(model, Var2!)[levels.indexOf(Var1!)]!;
      expectClose(correlation(columnOf(scores, ancestor), columnOf(scores, Var2!)), cell(Correlation), Var2!, 1e-12, 1);
    }
  });

  it.each([
    ['L_corr_flags_high.csv', 'high', 0.75],
    ['L_corr_flags_low.csv', 'low', -0.4],
  ] as const)('flags the pairs of %s', (name, side, threshold) => {
    const found = correlationFlags(scores, model, { side, threshold });
    const key = (group: string, pair: string[]): string => `${group} ${pair.sort().join(' ')}`;
    const byPair = new Map(found.map((flag) => [key(flag.group, [flag.first, flag.second]), flag.correlation]));
    const expected = readTable(name);
    expect(byPair.size).toBe(expected.length);
    for (const { Group, Ind1, Ind2, Corr } of expected) {
      expectClose(byPair.get(key(Group!, [Ind1!, Ind2!])), cell(Corr), `${Ind1} ${Ind2}`);
    }
  });

  it("has Cronbach's alpha of every group", () => {
    for (const row of readTable('L_cronbach_alpha.csv')) {
      const children = model.children.get(row.group!)!;
      const alpha = cronbachAlpha(children.map((code) => columnOf(scores, code)));
      expectClose(alpha, cell(row.alpha_normalised), row.group!, 1e-11);
      if (row.level !== '1') continue;
      const pairwise = cronbachAlpha(children.map((code) => columnOf(raw.indicators, code)));
      expectClose(pairwise, cell(row.alpha_raw_pairwise), `${row.group} raw`, 1e-11);
    }
  });

  it('splits exactly into the contributions of its indicators', () => {
    const parts = contributions(scores, model, givenWeights(model));
    expectTable(frameRows(parts), 'A_contributions.csv');
    scores.units.forEach((unit, i) => {
      const sum = [...parts.columns.values()].reduce((total, part) => total + part[i]!, 0);
      expectClose(sum, columnOf(scores, 'Index')[i]!, unit, 1e-10);
    });
  });

  it('stacks to the bars of the file, which are contributions as long as the sub-indices weigh the same', () => {
    const parts = contributions(scores, model, givenWeights(model));
    for (const row of readTable('A_plotbar_stacked_components.csv')) {
      const at = scores.units.indexOf(row.uCode!);
      for (const code of ['Conn', 'Sust']) {
        const sum = indicatorsBelow(model, code).reduce((total, below) => total + columnOf(parts, below)[at]!, 0);
        expectClose(sum, cell(row[code]), `${row.uCode} ${code}`);
      }
    }
  });

  it('ranks inside groups', () => {
    const expected = readTable('A_index_ranks_in_group.csv');
    const index = new Map(scores.units.map((unit, i) => [unit, columnOf(scores, 'Index')[i]!]));
    const ranks = rankInGroups(
      expected.map((row) => index.get(row.uCode!)!),
      expected.map((row) => row.GDP_group!),
    );
    expect(ranks).toEqual(column(expected, 'Index'));
  });

  it('ranks before it rounds', () => {
    const expected = readTable('A_results_rounded2.csv');
    const table = resultsTable(scores, model);
    expect(table.map((row) => row.uCode)).toEqual(expected.map((row) => row.uCode));
    table.forEach((row, i) => {
      for (const code of Object.keys(expected[i]!).slice(1)) expect(row[code]).toBe(cell(expected[i]![code]));
    });
  });
});

describe('20 perturbed weight sets', () => {
  const sets = Array.from({ length: 20 }, (_, s) =>
    readTable('K_weight_sets.csv').filter((row) => row.set === String(s + 1)),
  );
  const indexUnder = (s: number): Map<string, Cell> => {
    const steps = [...prepared, { step: 'weights', file: 'W.csv' }, { step: 'aggregate' }];
    const scored = scoreTable(data, meta, { steps }, { 'W.csv': sets[s]! });
    return new Map(scored.scores!.map((row) => [String(row.uCode), row.Index as Cell]));
  };
  const expectedScores = readTable('K_index_scores.csv');
  const units = expectedScores.map((row) => row.uCode!);
  const drawn = sets.map((_, s) => {
    const index = indexUnder(s);
    return units.map((unit) => index.get(unit)!);
  });
  const nominal = column(expectedScores, 'Nominal');

  it('give the index scores and ranks of the file', () => {
    const ranks = readTable('K_index_ranks.csv');
    expect(ranks.map((row) => row.uCode)).toEqual(units);
    drawn.forEach((scoresOfSet, s) => {
      expectColumn(scoresOfSet, column(expectedScores, `set_${s + 1}`));
      expect(rankDescending(scoresOfSet)).toEqual(column(ranks, `set_${s + 1}`));
    });
    const plan = planAggregation(frameOf(run.steps[3]!.tables.values!), model);
    const top = runPlan(plan, planWeights(plan, givenWeights(model))).at(-1)!;
    expectColumn(
      units.map((unit) => top[plan.units.indexOf(unit)]!),
      nominal,
    );
  });

  it('give the rank statistics of the file', () => {
    const found = simulateRanks({ units, nominal, draws: 20, run: (draw) => drawn[draw]! });
    const expected = readTable('K_rank_stats.csv');
    found.units.forEach((unit, i) => {
      const row = expected[i]!;
      expect(unit.unit).toBe(row.uCode);
      expectColumn(
        [unit.nominal, unit.mean, unit.median, unit.q5, unit.q95, unit.min, unit.max, unit.topShare],
        ['Nominal', 'Mean', 'Median', 'Q5', 'Q95', 'Min', 'Max', 'ShareTop10'].map((key) => cell(row[key])),
      );
    });
    const stats = readTable('K_set_stats.csv');
    expectColumn(found.shifts, column(stats, 'mean_abs_rank_change'));
    const nominalRanks = rankDescending(nominal);
    drawn.forEach((scoresOfSet, s) => {
      const ranks = rankDescending(scoresOfSet);
      const row = stats[s]!;
      expectClose(meanAbsoluteShift(nominalRanks, ranks), cell(row.mean_abs_rank_change), `set ${s}`);
      expectClose(correlation(nominalRanks, ranks, { kind: 'spearman' }), cell(row.spearman_with_nominal), `set ${s}`);
      expectClose(correlation(nominalRanks, ranks, { kind: 'kendall' }), cell(row.kendall_with_nominal), `set ${s}`);
    });
  });
});

describe('small numbers', () => {
  it('Auckland: global and local empirical Bayes', () => {
    const rows = readTable('X_eb_auckland.csv');
    const [deaths, people] = [numbers(rows, 'deaths_1977_85'), numbers(rows, 'population_at_risk')];
    const found = marshallGlobal(deaths, people);
    expectColumn(found.estimates, column(rows, 'eb_global'));
    expectClose(found.variance, 7.2841729009751469e-7, 'a', 1e-11);
    expectClose(found.mean, 0.0026334361931361727, 'b');
    const local = readTable('X_eb_auckland_local.csv');
    const neighbours = local
      .map((row) => row.neighbours!.split(' ').map(Number))
      .map((list) => list.flatMap((j) => (j === 0 ? [] : [j - 1])));
    expectColumn(marshallLocal(deaths, people, neighbours).estimates, column(local, 'eb_local'), 1e-11);
    const unit = marshallLocal(deaths, people, neighbours, { spread: 'unit_mean' });
    expectColumn(unit.estimates, column(local, 'eb_local_geoda'), 1e-11);
  });

  it('North Carolina: global empirical Bayes', () => {
    const rows = readTable('X_eb_nc_sids.csv');
    const found = marshallGlobal(numbers(rows, 'SID74'), numbers(rows, 'BIR74'));
    expectColumn(found.estimates, column(rows, 'eb_global'));
    expectClose(found.variance, 7.6929306470146507e-7, 'a', 1e-11);
    expectClose(found.mean, 0.0020214448936544207, 'b');
  });

  it('exact Poisson intervals', () => {
    for (const row of readTable('X_poisson_exact_intervals.csv')) {
      const found = poissonInterval(Number(row.x), { exposure: Number(row.T), level: Number(row.level) });
      expectColumn([found.lower, found.upper], [cell(row.lower), cell(row.upper)]);
    }
  });

  it('Wilson and Clopper-Pearson intervals', () => {
    for (const row of readTable('X_proportion_intervals.csv')) {
      const [x, n] = [Number(row.x), Number(row.n)];
      const wilson = wilsonInterval(x, n);
      expectColumn([wilson.lower, wilson.upper], [cell(row.wilson_lower), cell(row.wilson_upper)]);
      const exact = clopperPearsonInterval(x, n);
      expectColumn([exact.lower, exact.upper], [cell(row.clopper_lower), cell(row.clopper_upper)]);
    }
  });
});
