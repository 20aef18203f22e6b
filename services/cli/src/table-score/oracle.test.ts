import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newFolder, type Ran, readCells, recipe, run, scoringData } from '../test-run.js';

async function score(name: string, out = join(newFolder(), name)): Promise<Ran & { out: string; folder: string }> {
  const ran = await run(
    ...['table', 'score', '--data', scoringData('asem_iData.csv'), '--meta', scoringData('asem_iMeta.csv')],
    ...['--recipe', recipe(name), '--out', out],
  );
  return { ...ran, folder: out };
}

const isMissing = (text: string) => ['NA', 'NaN', 'Inf', '-Inf'].includes(text);

/** Every cell of an expected table within 1e-12 of itself or of the largest value of its column. */
function expectTable(path: string, expectedName: string): void {
  const expected = readCells(scoringData(expectedName));
  const actual = readCells(path);
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const code of expected.values().next().value!.keys()) {
    if (code === 'uCode' || code === 'iCode') continue;
    const texts = [...expected.values()].map((row) => row.get(code)!);
    const size = Math.max(...texts.filter((text) => !isMissing(text)).map((text) => Math.abs(Number(text))));
    for (const [unit, row] of expected) {
      const [theirs, ours] = [row.get(code)!, actual.get(unit)!.get(code)];
      const place = `${expectedName} ${unit} ${code}: ${ours} against ${theirs}`;
      if (isMissing(theirs)) expect(ours, place).toBe('NA');
      else if (!(Math.abs(Number(ours) - Number(theirs)) <= 1e-12 * size)) expect.fail(place);
    }
  }
}

/** 1 + how many are better, to the 12 digits in which aggregates tie. */
function ranksOf(scores: ReadonlyMap<string, number>): Map<string, string> {
  const values = [...scores].map(([unit, value]) => [unit, Number(value.toPrecision(12))] as const);
  return new Map(values.map(([unit, value]) => [unit, String(1 + values.filter(([, other]) => other > value).length)]));
}

describe('pipeline A', () => {
  let folder: string;
  let ran: Ran;
  beforeAll(async () => {
    ({ folder, ...ran } = await score('A'));
  });

  it.each([
    ['01-denominate.csv', 'A_denominated.csv'],
    ['02-impute.csv', 'A_imputed.csv'],
    ['03-treat.csv', 'A_treated.csv'],
    ['scores.csv', 'A_aggregated.csv'],
    ['05-aggregate.csv', 'A_aggregated.csv'],
    ['weights.csv', 'asem_effective_weights.csv'],
  ])('%s agrees with %s', (own, expected) => {
    expectTable(join(folder, own), expected);
  });

  it('ranks every column exactly', () => {
    expect(readCells(join(folder, 'ranks.csv')).size).toBe(51);
    const ranks = readCells(join(folder, 'ranks.csv'));
    for (const [unit, row] of readCells(scoringData('A_ranks.csv'))) {
      expect(Object.fromEntries(ranks.get(unit)!)).toEqual(Object.fromEntries(row));
    }
  });

  it('marks the treated points and tells how', () => {
    const points = readCells(join(folder, '03-treat-points.csv'));
    for (const [unit, row] of readCells(scoringData('A_treat_points.csv'))) {
      for (const [code, mark] of row) expect(points.get(unit)!.get(code)).toBe(mark);
    }
    const treatment = readCells(join(folder, 'treatment.csv'));
    for (const [code, row] of readCells(scoringData('A_treat_details.csv'))) {
      expect(treatment.get(code)!.get('winsorised')).toBe(row.get('winsorise.nwin'));
      expect(treatment.get(code)!.get('pass_winsorised')).toBe(row.get('check_SkewKurt1.Pass'));
    }
  });

  it('says what it did', () => {
    expect(ran.status).toBe(0);
    expect(ran.out).toContain('单元 51 个，指标 49 个，汇总项 11 个（4 层），总指数 Index Sustainable Connectivity');
    expect(ran.out).toContain('17 个指标除以分母');
    expect(ran.out).toMatch(/group_mean 补 \d+ 个值，涉及 \d+ 个指标/);
    expect(ran.out).toMatch(/缩尾 15 个指标（\d+ 个值），变换 0 个指标/);
    expect(ran.note).toBe('');
  });

  it('writes numbers that read back equal, and NA alone for what is missing', () => {
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text).not.toMatch(/(^|,)(NaN|-?Infinity|null|undefined)(,|$)/m);
      for (const cell of text.split(/[,\n]/)) if (/^-?[\d.]+(e|$)/.test(cell)) expect(String(Number(cell))).toBe(cell);
    }
    expect(readFileSync(join(folder, '01-denominate.csv'), 'utf8')).toMatch(/,NA,/);
  });

  it('writes the same bytes twice', async () => {
    const again = await score('A');
    expect(readdirSync(again.folder)).toEqual(readdirSync(folder));
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(again.folder, name))).toEqual(readFileSync(join(folder, name)));
    }
  });
});

describe.each([
  ['A_W1', 'A_W1_aggregated.csv'],
  ['B', 'B_minmax1_100_gmean_W1_aggregated.csv'],
  ['C', 'C_zscore_amean_W1_aggregated.csv'],
  ['D', 'D_borda_amean_W1_aggregated.csv'],
  ['E', 'E_prank_amean_W1_aggregated.csv'],
  ['G', 'G_minmax1_100_hmean_W1_aggregated.csv'],
  ['N', 'N_goalposts_amean_W1_aggregated.csv'],
])('pipeline %s', (name, expected) => {
  it(`agrees with ${expected}, ranks and weights too`, async () => {
    const { status, folder } = await score(name);
    expect(status).toBe(0);
    expectTable(join(folder, 'scores.csv'), expected);
    expectTable(join(folder, 'weights.csv'), 'asem_effective_weights_W1.csv');
    const index = new Map([...readCells(scoringData(expected))].map(([unit, row]) => [unit, Number(row.get('Index'))]));
    const ranks = new Map([...readCells(join(folder, 'ranks.csv'))].map(([unit, row]) => [unit, row.get('Index')!]));
    expect(Object.fromEntries(ranks)).toEqual(Object.fromEntries(ranksOf(index)));
  });
});
