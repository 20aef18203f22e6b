import { describe, expect, it } from 'vitest';
import { defaultSeverity } from '../catalogue/index.js';
import { defaultScheme, defaultSchemeOf, parseScheme, SchemeError, schemeHash, toScoringInput } from './index.js';

const base = { name: '试行', dimensions: [{ id: 'police', weight: 1, indicators: [{ code: 'P01', weight: 1 }] }] };
const parse = (options: object = {}) => parseScheme(JSON.stringify({ ...base, ...options }), { file: '方案.yaml' });
const rule = { id: 'a', name: '事故', kind: 'deaths', events: ['accident'], min: 3, max: 5, points: 5 };

function messageOf(options: object): string {
  try {
    parse(options);
  } catch (error) {
    if (error instanceof SchemeError) return error.message;
    throw error;
  }
  throw new Error('the document was accepted');
}

describe('options of a scheme', () => {
  it('are off unless asked for', () => {
    expect(parse()).toMatchObject({
      shrinkage: { method: 'none', min_class: 4 },
      trend: { share: 0 },
      deductions: { cap: 30, rules: [] },
      hysteresis: { points: 0, months: 2 },
      peer_ranks: false,
    });
  });

  it('fill what a document leaves open', () => {
    const scheme = parse({ shrinkage: { method: 'empirical_bayes' }, deductions: { rules: [rule] } });
    expect(scheme.shrinkage).toEqual({ method: 'empirical_bayes', min_class: 4 });
    expect(scheme.deductions).toEqual({ cap: 30, rules: [{ ...rule, doubled_in: [] }] });
    expect(parse({ deductions: { rules: [{ ...rule, max: undefined }] } }).deductions.rules[0]).toMatchObject({
      max: null,
    });
  });

  it.each([
    [{ shrinkage: { method: 'bayes' } }, 'shrinkage.method：只能是 none、empirical_bayes；现为 "bayes"'],
    [{ shrinkage: { min_class: 1 } }, 'shrinkage.min_class：须不小于 2；现为 1'],
    [{ trend: { share: 1.2 } }, 'trend.share：须不大于 1；现为 1.2'],
    [{ trend: { weight: 1 } }, 'trend：没有配置项 weight；可用的配置项有 share'],
    [{ hysteresis: { months: 0 } }, 'hysteresis.months：须不小于 1；现为 0'],
    [{ peer_ranks: '是' }, 'peer_ranks：须为 true 或 false；现为 "是"'],
    [{ deductions: { rules: [{ ...rule, kind: 'fine' }] } }, '没有这种扣分规则；kind 只能是 veto、deaths、count'],
    [{ deductions: { rules: [{ ...rule, points: 0 }] } }, '扣分规则“事故”的 points：须大于 0；现为 0'],
    [{ deductions: { rules: [{ ...rule, events: [] }] } }, '扣分规则“事故”的 events：至少须有一项'],
    [{ deductions: { rules: [rule, rule] } }, '扣分规则“事故”的 id：扣分规则 a 重复'],
    [{ deductions: { rules: [{ ...rule, max: 2 }] } }, '扣分规则“事故”的 max：不得小于 min（3）；现为 2'],
    [{ deductions: { rules: [{ ...rule, deaths: 3 }] } }, '没有配置项 deaths；可用的配置项有 id、name、kind、'],
    [
      { deductions: { rules: [{ ...rule, doubled_in: [{ from: '2026-03-05', to: '3月12日' }] }] } },
      '扣分规则“事故”的第 1 个加倍时段的 to：日期须写成 "YYYY-MM-DD"；现为 "3月12日"',
    ],
    [
      { deductions: { rules: [{ ...rule, doubled_in: [{ from: '2026-03-05', to: '2026-03-01' }] }] } },
      '扣分规则“事故”的第 1 个加倍时段的 to：不得早于 from（2026-03-05）；现为 2026-03-01',
    ],
  ])('refuse %j', (options, text) => {
    expect(messageOf(options)).toContain(text);
  });

  it('reach the scorer, without the name of the scheme', () => {
    const { name, dimensions, severity, ...rules } = defaultScheme;
    const input = toScoringInput(defaultScheme);
    expect(input).toMatchObject(rules);
    expect(input.dimensions).toHaveLength(dimensions.length);
    expect(Object.values(input)).not.toContain(name);
  });
});

describe('schemeHash with options', () => {
  it('does not change with what is off', () => {
    const off = {
      shrinkage: { method: 'none', min_class: 6 },
      trend: { share: 0 },
      deductions: { cap: 20, rules: [] },
      hysteresis: { points: 0, months: 5 },
      peer_ranks: false,
    };
    expect(schemeHash(parse(off))).toBe(schemeHash(parse()));
  });

  it.each([
    { shrinkage: { method: 'empirical_bayes' } },
    { shrinkage: { method: 'empirical_bayes', min_class: 5 } },
    { trend: { share: 0.3 } },
    { deductions: { rules: [rule] } },
    { deductions: { cap: 20, rules: [rule] } },
    { hysteresis: { points: 1 } },
    { peer_ranks: true },
  ])('changes with %j', (options) => {
    expect(schemeHash(parse(options))).not.toBe(schemeHash(parse()));
  });
});

describe('defaultScheme', () => {
  it('has every option on and is a valid document of its own', () => {
    expect(defaultScheme).toMatchObject({
      shrinkage: { method: 'empirical_bayes', min_class: 4 },
      trend: { share: 0.3 },
      hysteresis: { points: 1, months: 2 },
      peer_ranks: true,
    });
    expect(parseScheme(JSON.stringify(defaultScheme), { file: '方案.json' })).toEqual(defaultScheme);
  });

  it('covers every number of deaths once from three up', () => {
    for (const kind of ['accident', 'homicide']) {
      for (let deaths = 1; deaths <= 30; deaths++) {
        const fitting = defaultScheme.deductions.rules.filter(
          (one) =>
            one.kind === 'deaths' && one.events.includes(kind) && deaths >= one.min && deaths <= (one.max ?? Infinity),
        );
        expect(fitting).toHaveLength(deaths < 3 ? 0 : 1);
      }
    }
  });
});

describe('severity', () => {
  const parse = (severity: unknown) =>
    parseScheme(JSON.stringify({ ...defaultScheme, severity }), { file: '方案.yaml' });

  it('is the proposed table where the document says nothing, and changes class by class', () => {
    expect(parse(undefined).severity).toEqual(defaultSeverity);
    expect(parse({ assault: 15, gambling: 5 }).severity).toEqual({ ...defaultSeverity, assault: 15, gambling: 5 });
  });

  it('is part of the identity of a scheme only when edited', () => {
    expect(schemeHash(parse(undefined))).toBe(schemeHash(defaultScheme));
    expect(schemeHash(parse({ ...defaultSeverity }))).toBe(schemeHash(defaultScheme));
    expect(schemeHash(parse({ assault: 15 }))).not.toBe(schemeHash(defaultScheme));
  });

  it('refuses more than ten years', () => {
    expect(() => parse({ homicide: 3651 })).toThrow('severity.homicide：须不大于 3650；现为 3651');
  });
});

describe('indicators beside the four dimensions', () => {
  const parse = (dimension: unknown) =>
    parseScheme(JSON.stringify({ name: '一', dimensions: [dimension] }), { file: '方案.yaml' });

  it('may be those of 平安创建', () => {
    const scheme = parse({ id: 'creation', weight: 10, indicators: [{ code: 'C01', weight: 1 }] });
    expect(scheme.dimensions[0]).toMatchObject({ id: 'creation', indicators: [{ code: 'C01', window: 12 }] });
  });

  it('are not those that are only shown', () => {
    const read = () => parse({ id: 'mediation', weight: 1, indicators: [{ code: 'S12', weight: 0 }] });
    expect(read).toThrow('指标 S12 仅供参考，不计分，不能列入方案');
  });
});

describe('window', () => {
  const parse = (window: unknown) =>
    parseScheme(
      JSON.stringify({
        name: '一',
        dimensions: [{ id: 'petition', weight: 1, indicators: [{ code: 'X06', weight: 1, window }] }],
      }),
      { file: '方案.yaml' },
    ).dimensions[0]?.indicators[0]?.window;

  it('is a number of months or the year to date', () => {
    expect(parse(undefined)).toBe('ytd');
    expect(parse('ytd')).toBe('ytd');
    expect(parse(12)).toBe(12);
  });

  it.each([
    ['year', '须为数字；现为 "year"；也可写 ytd（本年累计）'],
    [0, '须不小于 1；现为 0'],
    [1.5, '须为整数；现为 1.5；也可写 ytd（本年累计）'],
  ])('is not %j', (window, text) => {
    expect(() => parse(window)).toThrow(text);
  });

  it('brings the least number of cases to the scorer', () => {
    const indicators = toScoringInput(defaultScheme).dimensions.flatMap((dimension) => dimension.indicators);
    expect(indicators.find(({ code }) => code === 'X07')).toMatchObject({ min_n: 30, window: 3, kind: 'ratio' });
    expect(indicators.find(({ code }) => code === 'X06')).toMatchObject({ window: 'ytd' });
    expect(indicators.find(({ code }) => code === 'X01')).not.toHaveProperty('min_n');
    expect(indicators.filter(({ kind }) => kind === 'weighted_rate').map(({ code }) => code)).toEqual(['P02', 'P06']);
  });
});

describe('defaultSchemeOf', () => {
  it('keeps the proportions of what it includes, and only dimensions that have any of it', () => {
    const part = defaultSchemeOf(['S01', 'S05', 'P01', 'P04'])!;
    expect(part.dimensions.map(({ id, weight }) => [id, weight])).toEqual(
      defaultScheme.dimensions
        .filter(({ id }) => id === 'police' || id === 'mediation')
        .map(({ id, weight }) => [id, weight]),
    );
    expect(part.dimensions.map(({ indicators }) => indicators.map(({ code }) => code))).toEqual([
      ['P01', 'P04'],
      ['S01', 'S05'],
    ]);
    expect(part.name).toBe('默认方案（警情、社情）');
    expect(parseScheme(JSON.stringify(part), { file: '方案.json' })).toEqual(part);
  });

  it('is the default where everything is included, and nothing where nothing is', () => {
    const codes = defaultScheme.dimensions.flatMap(({ indicators }) => indicators.map(({ code }) => code));
    expect(defaultSchemeOf(codes)).toBe(defaultScheme);
    expect(defaultSchemeOf(['S00'])).toBeUndefined();
  });
});
