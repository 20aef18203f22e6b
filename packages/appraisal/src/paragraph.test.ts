import { catalogue } from '@pingan/indicators';
import type { RunDeduction, RunIndicator, RunUnit } from '@pingan/store';
import { describe, expect, it } from 'vitest';
import { changeSince, type UnitRows } from './change-since.js';
import { type ParagraphFacts, paragraph } from './paragraph.js';

const unit = (changes: Partial<RunUnit> = {}): RunUnit => ({
  region_code: '610222100',
  name: '五里镇',
  peer_class: '镇',
  score: 83.456,
  score_before_deductions: 83.456,
  rank: 2,
  class_rank: null,
  band: 'yellow',
  band_months: 1,
  score_low: 78.1,
  score_high: 88.2,
  rank_low: 1,
  rank_high: 4,
  p_best_quarter: 0.4,
  p_worst_quarter: 0.1,
  groups: [],
  unreported: [],
  confirmed_zero: [],
  missing_reason: null,
  ...changes,
});

const row = (code: string, changes: Partial<RunIndicator> = {}): RunIndicator => ({
  region_code: '610222100',
  code,
  numerator: 3,
  denominator: 4,
  population: 9012,
  window_from: '2026-08',
  window_to: '2026-10',
  months: 3,
  value: 75,
  shrunken_value: 76,
  g0: 0,
  g60: 60,
  g100: 100,
  goalpost_basis: null,
  level: 75,
  trend: null,
  own_mean: null,
  own_ratio: null,
  score: 75,
  weight: 0.25,
  contribution: 18.75,
  missing_reason: null,
  ...changes,
});

const deduction = (name: string, applied: number): RunDeduction => ({
  region_code: '610222100',
  date: '2026-10-03',
  case_ref: 'a/1',
  rule: 'r',
  name,
  kind: 'accident',
  deaths: 3,
  doubled: false,
  points: applied,
  applied,
});

const facts = (changes: Partial<ParagraphFacts> = {}): ParagraphFacts => ({
  period: '2026-10',
  unit: unit(),
  indicators: [
    row('P01', { numerator: 27, denominator: 27_036, value: 9.99, score: 41, contribution: 10.25 }),
    row('X02', { numerator: 12, denominator: 12, value: 100, score: 97, contribution: 24.25 }),
  ],
  deductions: [],
  ranked: 8,
  sharing: 1,
  change: null,
  ...changes,
});

const before = (changes: Partial<UnitRows> = {}): UnitRows => ({ ...facts(), ...changes });

describe('paragraph', () => {
  it('tells score, rank and how sure it is, the best and the dearest indicator with their counts', () => {
    expect(paragraph(facts())).toBe(
      '五里镇2026年10月平安指数83.46分，在8个单位中第2名（九成可能在第1至第4名之间）。没有上月得分可比。' +
        '得分最高的是“按期办结率”（12/12），失分较多的是“违法犯罪警情万人率”（9012人近3个月27起）。名次相近的单位难分高下。',
    );
  });

  it('says that a unit did not report, and nothing of how sure its rank is', () => {
    const silent = facts({ unit: unit({ rank: 1, unreported: ['police.incident'] }) });
    expect(paragraph(silent)).toMatch(
      /^五里镇2026年10月平安指数83.46分，在8个单位中第1名（名次待核实）。警情本月无报送，请核实。没有上月得分可比。/,
    );
    expect(paragraph(silent)).not.toMatch(/九成可能|难分高下/);
    const confirmed = facts({ unit: unit({ rank: 1, confirmed_zero: ['police.incident'] }) });
    expect(paragraph(confirmed)).toContain('（九成可能在第1至第4名之间）。警情已确认零报送。');
    const types = ['police.incident', 'petition.case', 'hotline.order', 'mediation.dispute', 'mediation.hazard'];
    const many = facts({ unit: unit({ name: '很长的街道名称'.repeat(5), unreported: types, confirmed_zero: types }) });
    expect(paragraph(many)).toContain('警情、信访事项、12345 工单等5类本月无报送');
    expect([...paragraph(many)].length).toBeLessThanOrEqual(200);
  });

  it('gives the change and its main reason', () => {
    const old = before({
      unit: unit({ score: 80, rank: 4 }),
      indicators: [row('P01', { contribution: 5 }), row('X02', { contribution: 26 })],
    });
    const change = changeSince('2026-09', old, facts());
    expect(change.points).toBeCloseTo(3.456, 9);
    expect(paragraph(facts({ change }))).toContain(
      '比上月上升3.46分（上月第4名），主要是“违法犯罪警情万人率”多得5.25分。',
    );
  });

  it('names deductions, also as the reason of a fall', () => {
    const deductions = [deduction('死亡3至5人事故', 5)];
    const now = facts({ unit: unit({ score: 78.456 }), deductions });
    const change = changeSince('2026-09', before(), now);
    const text = paragraph({ ...now, change });
    expect(text).toContain('比上月下降5.00分，主要是红线扣分多了5.00分。');
    expect(text).toContain('因死亡3至5人事故扣5.00分。');
  });

  it.each<[string, Partial<ParagraphFacts>, string]>([
    ['a tie', { sharing: 2 }, '在8个单位中并列第2名'],
    ['a rank that says nothing', { unit: unit({ rank_low: 1, rank_high: 8 }) }, '第2名（案件少，名次还说不准）。'],
    ['a certain rank', { unit: unit({ rank_low: 2, rank_high: 2 }) }, '第2名。没有上月'],
    ['no interval', { unit: unit({ rank_low: null, rank_high: null }) }, '第2名。没有上月'],
    ['no change', { change: { period: '2026-09', score: 83.457, rank: 2, points: -0.001, parts: [] } }, '与上月持平。'],
    [
      'no score last month',
      { change: { period: '2026-09', score: null, rank: null, points: null, parts: [] } },
      '上月没有得分，不作比较。',
    ],
    ['one indicator', { indicators: [row('X02')] }, '得分最高的是“按期办结率”（3/4）。'],
    ['one indicator without a point', { indicators: [row('X02', { score: 0 })] }, '可比。“按期办结率”（3/4）得0分。'],
    [
      'nothing but zeros',
      { indicators: [row('X01', { score: 0 }), row('X02', { score: 0.004, weight: 0.5 })] },
      '可比。各项指标均得0分，失分较多的是“按期办结率”（3/4）。',
    ],
    ['a count', { indicators: [row('P03', { numerator: 1, months: 12 })] }, '“八类严重暴力案件数”（近12个月1起）'],
  ])('speaks plainly of %s', (_what, changes, text) => {
    expect(paragraph(facts(changes))).toContain(text);
  });

  it('says what is missing instead of a score', () => {
    const codes = ['P01', 'P03', 'X01', 'X02'];
    const text = paragraph(
      facts({
        unit: unit({
          score: null,
          rank: null,
          band: null,
          rank_low: null,
          rank_high: null,
          missing_reason: 'insufficient_data',
        }),
        indicators: codes.map((code) =>
          row(code, { score: null, weight: 0, contribution: 0, missing_reason: 'no_cases' }),
        ),
        change: { period: '2026-09', score: 80.5, rank: 3, points: null, parts: [] },
      }),
    );
    expect(text).toBe(
      '五里镇2026年10月缺数较多，不计分、不排名。上月为80.50分。' +
        '缺数的有“违法犯罪警情万人率”、“八类严重暴力案件数”、“及时受理告知率”等。',
    );
  });

  it('does not call faultless figures a weakness, however low few cases score', () => {
    const few = row('X02', { numerator: 1, denominator: 1, value: 100, score: 20, weight: 0.9 });
    const good = row('X01', { score: 90 });
    expect(paragraph(facts({ indicators: [few, good] }))).not.toContain('失分较多的是“按期办结率”');
  });

  it('keeps to 200 characters and to the numbers of the run, whatever they are', () => {
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const rowsOf = () =>
      catalogue.map(({ code }) =>
        row(code, {
          numerator: Math.round(random() * 1e7),
          denominator: Math.round(random() * 1e7),
          population: 10_000_000 + Math.floor(random() * 1e6),
          months: any([1, 3, 12, 36]),
          value: random() * 1e6,
          score: any([null, random() * 100, 0, 100]),
          weight: random(),
          contribution: random() * 100,
        }),
      );
    for (let i = 0; i < 500; i++) {
      const name = any(['彭镇', '博尔塔拉蒙古自治州'.repeat(5)]);
      const deductions = Array.from({ length: any([0, 1, 5]) }, () =>
        deduction(any(['死亡3至5人事故', '一票否决事项'.repeat(20)]), random() * 30),
      );
      const score = any([null, random() * 100]);
      const now = facts({
        unit: unit({
          name,
          score,
          rank: score === null ? null : 1 + Math.floor(random() * 500),
          rank_high: any([null, 499]),
        }),
        indicators: rowsOf(),
        deductions,
        ranked: 500,
        sharing: any([1, 2]),
      });
      const old = before({ unit: unit({ score: any([null, random() * 100]) }), indicators: rowsOf() });
      const change = any([null, changeSince('2026-09', old, now)]);
      const text = paragraph({ ...now, change });
      expect([...text].length).toBeLessThanOrEqual(200);
      expect(unknownNumbers(text, { ...now, change, total: sum(deductions) })).toEqual([]);
    }
  });
});

const sum = (deductions: readonly RunDeduction[]) => deductions.reduce((total, { applied }) => total + applied, 0);

/** Numbers of the text that stand nowhere in the data, neither whole nor at two decimals. */
function unknownNumbers(text: string, data: unknown): string[] {
  const known = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'number') {
      for (const shown of [Math.abs(value).toFixed(2), String(Number(value.toFixed(2)))]) known.add(shown);
    } else if (typeof value === 'string') {
      const indicator = catalogue.find(({ code }) => code === value);
      for (const digits of `${value} ${indicator?.name ?? ''}`.match(/\d+/g) ?? []) known.add(String(Number(digits)));
    } else if (value !== null && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit(data);
  return (text.match(/\d+(\.\d+)?/g) ?? []).filter((shown) => !known.has(shown));
}
