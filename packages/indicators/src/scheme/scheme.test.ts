import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue/index.js';
import { missingReasonText } from '../missing.js';
import {
  defaultScheme,
  parseScheme,
  type SchemeDocument,
  SchemeError,
  schemeDoubts,
  schemeHash,
  toScoringInput,
} from './index.js';

const small: SchemeDocument = {
  name: '试行',
  dimensions: [{ id: 'police', weight: 1, indicators: [{ code: 'P01', weight: 1 }] }],
};

const parse = (text: string) => parseScheme(text, { file: '方案.yaml' });
const parseDocument = (document: unknown) => parse(JSON.stringify(document));

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(SchemeError);
    return (error as SchemeError).message;
  }
  throw new Error('the document was accepted');
}

function withIndicators(indicators: unknown[], rest: object = {}): () => unknown {
  return () => parseDocument({ ...small, ...rest, dimensions: [{ id: 'police', weight: 1, indicators }] });
}

describe('parseScheme', () => {
  it('fills windows, goalposts, bands and rules', () => {
    const scheme = parseDocument(small);
    expect(scheme.dimensions[0]?.indicators[0]).toEqual({
      code: 'P01',
      weight: 1,
      window: 3,
      goalposts: { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 },
    });
    expect(scheme.bands.map(({ min }) => min)).toEqual([90, 80, 70, 0]);
    expect(scheme).toMatchObject({
      missing: { max_share: 0.3 },
      tie: { decimals: 9 },
      baseline: { months: 12, min_months: 3 },
    });
  });

  it('keeps what the document says', () => {
    const goalposts = { rule: 'absolute', g0: 50, g60: 80, g100: 95 } as const;
    const read = withIndicators([{ code: 'P09', weight: 2, window: 6, goalposts }], { baseline: { min_months: 6 } });
    expect(read()).toMatchObject({
      dimensions: [{ indicators: [{ code: 'P09', weight: 2, window: 6, goalposts }] }],
      baseline: { months: 12, min_months: 6 },
    });
  });

  it('reads YAML and JSON alike, and its own result again', () => {
    const yaml = [
      'name: 试行 # 说明',
      'dimensions:',
      '  - weight: 1',
      '    id: police',
      '    indicators: [{ weight: 1, code: P01 }]',
    ].join('\n');
    expect(parse(yaml)).toEqual(parseDocument(small));
    expect(parseDocument(defaultScheme)).toEqual(defaultScheme);
  });

  it.each([
    [
      'an unknown indicator',
      withIndicators([{ code: 'P99', weight: 1 }]),
      '维度“警情”的第 1 个指标 P99 的 code：没有指标 P99；维度“警情”可用的指标有 P01、P02、P03、P04、',
    ],
    [
      'an indicator of another dimension',
      withIndicators([{ code: 'S01', weight: 1 }]),
      '指标 S01 属于维度“社情”（mediation）',
    ],
    [
      'an indicator twice',
      withIndicators([
        { code: 'P01', weight: 1 },
        { code: 'P01', weight: 2 },
      ]),
      '维度“警情”的第 2 个指标 P01 的 code：指标 P01 重复',
    ],
    [
      'an unknown key',
      withIndicators([{ code: 'P01', weight: 1, weigth: 2 }]),
      '维度“警情”的第 1 个指标 P01：没有配置项 weigth，是不是 weight？可用的配置项有 code、weight、window、goalposts',
    ],
    [
      'a key unknown at the top',
      () => parseDocument({ ...small, band: [] }),
      '没有配置项 band，是不是 bands？可用的配置项有 name、',
    ],
    [
      'a negative weight',
      withIndicators([{ code: 'P01', weight: -1 }]),
      '维度“警情”的第 1 个指标 P01 的 weight：须不小于 0；现为 -1',
    ],
    ['a missing weight', withIndicators([{ code: 'P01' }]), '维度“警情”的第 1 个指标 P01 的 weight：必填项缺失'],
    ['a weight in words', withIndicators([{ code: 'P01', weight: '高' }]), 'weight：须为数字；现为 "高"'],
    [
      'a window of half a month',
      withIndicators([{ code: 'P01', weight: 1, window: 0.5 }]),
      'window：须为整数；现为 0.5',
    ],
    [
      'indicator weights all zero',
      withIndicators([{ code: 'P01', weight: 0 }]),
      '维度“警情”的 indicators：各指标权重全为 0，至少一项须大于 0',
    ],
    [
      'dimension weights all zero',
      () => parseDocument({ ...small, dimensions: [{ ...small.dimensions[0], weight: 0 }] }),
      'dimensions：各维度权重全为 0，至少一项须大于 0',
    ],
    [
      'an unknown dimension',
      () => parseDocument({ ...small, dimensions: [{ ...small.dimensions[0], id: 'fire' }] }),
      '第 1 个维度的 id：只能是 police、petition、mediation、opinion、creation；现为 "fire"',
    ],
    [
      'a dimension twice',
      () => parseDocument({ ...small, dimensions: [small.dimensions[0], small.dimensions[0]] }),
      '维度“警情”的 id：维度 police 重复',
    ],
    [
      'goalposts the wrong way up',
      withIndicators([{ code: 'P09', weight: 1, goalposts: { rule: 'absolute', g0: 98, g60: 80, g100: 60 } }]),
      'goalposts：“紧急警情到达及时率”越高越好，须 g0 < g60 < g100；现为 g0=98、g60=80、g100=60',
    ],
    [
      'goalposts the wrong way down',
      withIndicators([{ code: 'P01', weight: 1, goalposts: { rule: 'class_mean', g0: 0.5, g60: 1, g100: 2 } }]),
      '越低越好，须 g0 > g60 > g100',
    ],
    [
      'penalty points for what should be high',
      withIndicators([{ code: 'P09', weight: 1, goalposts: { rule: 'per_unit', penalty: 5 } }]),
      '越高越好，不能用 per_unit 扣分',
    ],
    [
      'an unknown goalpost rule',
      withIndicators([{ code: 'P01', weight: 1, goalposts: { rule: 'zscore' } }]),
      'rule 只能是 absolute、class_mean、per_unit',
    ],
    [
      'bands that rise',
      () =>
        parseDocument({
          ...small,
          bands: [
            { id: 'a', name: '甲', colour: '#000000', min: 60 },
            { id: 'b', name: '乙', colour: '#ffffff', min: 80 },
            { id: 'c', name: '丙', colour: '#ffffff', min: 0 },
          ],
        }),
      '等次“乙”的 min：等次下限须由高到低；前一等次“甲”为 60，此处为 80',
    ],
    [
      'bands that leave a gap at the bottom',
      () => parseDocument({ ...small, bands: [{ id: 'a', name: '甲', colour: '#000000', min: 60 }] }),
      '等次“甲”的 min：最后一个等次的下限须为 0',
    ],
    [
      'a colour by name',
      () => parseDocument({ ...small, bands: [{ id: 'a', name: '甲', colour: 'red', min: 0 }] }),
      '等次“甲”的 colour：颜色须写成 #RRGGBB；现为 "red"',
    ],
    [
      'a baseline shorter than its minimum',
      () => parseDocument({ ...small, baseline: { months: 2 } }),
      '不得大于 months（2）；现为 3',
    ],
    ['an empty document', () => parse(''), '须为键值对；现为 null'],
    ['a broken document', () => parse('name: 试行\ndimensions: [\n'), '第 3 行：YAML 语法错误'],
    ['an alias of nothing', () => parse('name: 一\ndimensions: *x\n'), '第 2 行：YAML 引用 *x 没有对应的 &x'],
    ['a key twice', () => parse('name: 一\nname: 二\n'), '第 2 行：YAML 语法错误：同一配置项写了两次'],
  ])('refuses %s', (_what, read, text) => {
    const message = messageOf(read);
    expect(message).toContain('方案文件 方案.yaml 有 ');
    expect(message).toContain(text);
  });

  it('names the line and reports all faults at once', () => {
    const yaml = [
      'name: 试行',
      'dimensions:',
      '  - id: police',
      '    weight: 1',
      '    indicators:',
      '      - { code: P01, weight: -1 }',
      '      - { code: P03, weight: 1, window: 99 }',
    ].join('\n');
    const message = messageOf(() => parse(yaml));
    expect(message).toContain('有 2 处错误');
    expect(message).toContain('第 6 行，维度“警情”的第 1 个指标 P01 的 weight');
    expect(message).toContain('第 7 行，维度“警情”的第 2 个指标 P03 的 window：须不大于 36；现为 99');
  });
});

describe('parseScheme on a document with many faults', () => {
  const yaml = (text: string) => messageOf(() => parse(text));
  const head = 'name: 试行\ndimensions:\n  - id: police\n    weight: 1\n    indicators:\n';

  it('lists those of the catalogue beside those of the layout, in the order of the file', () => {
    const text = `${head}      - { code: P99, weight: 1 }
      - { code: P01, weight: -1 }
      - { code: S01, wieght: 1 }
trends:
  share: 0.3
bands:
  - { id: a, name: 甲, colour: '#000000', min: 60 }
  - { id: b, name: 乙, colour: '#000000', min: 80 }
  - { id: c, name: 丙, colour: '#000000', min: 0 }
`;
    const lines = yaml(text).split('\n').slice(1);
    expect(lines.map((line) => Number(/第 (\d+) 行/.exec(line)?.[1]))).toEqual([6, 7, 8, 8, 8, 9, 13]);
    expect(lines[0]).toContain('没有指标 P99');
    expect(lines.join('')).toContain('没有配置项 wieght，是不是 weight？');
    expect(lines[5]).toContain('没有配置项 trends，是不是 trend？');
    expect(lines[6]).toContain('等次“乙”的 min：等次下限须由高到低');
  });

  it('names the tab, whatever the parser makes of it', () => {
    expect(yaml(`${head}\t- { code: P01, weight: 1 }\n`)).toContain('第 6 行：YAML 语法错误：缩进不能用制表符');
    expect(yaml('name: 试行\n\tdimensions: 1\n')).toContain('第 2 行：YAML 语法错误：缩进不能用制表符');
    expect(yaml('name: 试行\ndimensions\nbands: 1\n')).not.toMatch(/[A-Z]{4}_/);
  });

  it('guesses no key where none is near', () => {
    expect(yaml(`${head}      - { code: P01, weight: 1 }\ncolours: 1\n`)).toContain('没有配置项 colours；可用的');
  });
});

describe('schemeDoubts', () => {
  const { shrinkage, trend, hysteresis, peer_ranks } = defaultScheme;
  const whole = { shrinkage, trend, hysteresis, peer_ranks };

  const doubts = (weights: number[], dimensionWeights = [35, 25, 25, 15]) => {
    const ids = ['police', 'petition', 'mediation', 'opinion'] as const;
    const codes = [['P01', 'P03', 'P04'], ['X01'], ['S01'], ['O01']];
    const document = {
      ...whole,
      name: '试行',
      dimensions: dimensionWeights.map((weight, i) => ({
        id: ids[i],
        weight,
        indicators: codes[i]!.map((code, j) => ({ code, weight: i === 0 ? (weights[j] ?? 1) : 1 })),
      })),
    };
    return schemeDoubts(parseDocument(document)).map(({ kind, message }) => `${kind} ${message}`);
  };

  it('has none about the default scheme, or about proportions of any scale', () => {
    expect(schemeDoubts(defaultScheme)).toEqual([]);
    expect(doubts([2, 1, 1])).toEqual([]);
    expect(doubts([0.5, 0.3, 0.2], [0.35, 0.25, 0.25, 0.15])).toEqual([]);
    expect(doubts([60, 30, 10], [95, 5])).toEqual([]);
  });

  it('sees a percentage written as a fraction', () => {
    expect(doubts([1, 1, 1], [0.35, 25, 25, 15])).toEqual([
      'weight 各维度：维度“警情”的权重 0.35 与其余的 25、25、15 相差悬殊，是不是 35？',
    ]);
    expect(doubts([1, 1, 180])).toEqual(['weight 维度“警情”：P04 的权重 180 与其余的 1、1 相差悬殊，是不是 1.8？']);
  });

  it('sees percentages that do not make 100', () => {
    expect(doubts([50, 30, 10])).toEqual(['weight 维度“警情”：权重合计 90，不是 100。']);
    expect(doubts([1, 1, 1], [35, 25, 25, 16])).toEqual(['weight 各维度：权重合计 101，不是 100。']);
  });

  it('remarks on weight 0 and on long windows', () => {
    expect(doubts([1, 0, 1])).toEqual(['remark 维度“警情”：P03 权重为 0，不计分。']);
    const long = withIndicators([{ code: 'P01', weight: 1, window: 30 }])() as typeof defaultScheme;
    expect(schemeDoubts({ ...long, ...whole }).map(({ message }) => message)).toEqual([
      'P01 违法犯罪警情万人率 的统计期 30 个月（目录里是 3 个月）：这么长，当月的变化几乎看不出来。',
    ]);
  });

  it('says what a short scheme leaves off, and what a ranking without shrinkage is worth', () => {
    const short = schemeDoubts(withIndicators([{ code: 'P01', weight: 1 }])() as typeof defaultScheme);
    expect(short).toEqual([
      {
        kind: 'remark',
        message:
          '默认方案有而本方案没有：小数量修正（shrinkage）、趋势分（trend）、等级惯性（hysteresis）、类内名次（peer_ranks）。没有小数量修正，排名就不附名次区间，件数少的单位一两件案子就能让名次换位。',
      },
    ]);
    expect(schemeDoubts({ ...defaultScheme, trend: { ...trend, share: 0 } }).map(({ message }) => message)).toEqual([
      '默认方案有而本方案没有：趋势分（trend）。',
    ]);
  });
});

describe('defaultScheme', () => {
  it('holds every scored indicator of the four dimensions at 35/25/25/15', () => {
    expect(defaultScheme.dimensions.map(({ id, weight }) => [id, weight])).toEqual([
      ['police', 35],
      ['petition', 25],
      ['mediation', 25],
      ['opinion', 15],
    ]);
    const codes = defaultScheme.dimensions.flatMap(({ indicators }) => indicators.map(({ code }) => code));
    const scored = catalogue.filter(({ goalposts, dimension }) => goalposts !== null && dimension !== 'creation');
    expect(codes).toEqual(scored.map(({ code }) => code));
    expect(codes).toHaveLength(38);
  });
});

describe('schemeHash', () => {
  it('is 12 hex digits and ignores layout and what the defaults say anyway', () => {
    const hash = schemeHash(parseDocument(small));
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
    const spelled = withIndicators([{ weight: 1, window: 3, code: 'P01' }], { tie: { decimals: 9 } });
    expect(schemeHash(spelled() as typeof defaultScheme)).toBe(hash);
  });

  it.each([
    ['weight', withIndicators([{ code: 'P01', weight: 2 }])],
    ['window', withIndicators([{ code: 'P01', weight: 1, window: 6 }])],
    ['missing rule', withIndicators([{ code: 'P01', weight: 1 }], { missing: { max_share: 0.2 } })],
    ['name', withIndicators([{ code: 'P01', weight: 1 }], { name: '正式' })],
  ])('changes with the %s', (_what, read) => {
    expect(schemeHash(read() as typeof defaultScheme)).not.toBe(schemeHash(parseDocument(small)));
  });
});

describe('toScoringInput', () => {
  it('joins what the scheme says with what the catalogue knows', () => {
    expect(toScoringInput(parseDocument(small))).toMatchObject({
      dimensions: [
        {
          id: 'police',
          weight: 1,
          indicators: [
            {
              code: 'P01',
              recordType: 'police.incident',
              kind: 'rate',
              direction: -1,
              weighting: 'sum',
              window: 3,
              weight: 1,
              goalposts: { rule: 'class_mean' },
            },
          ],
        },
      ],
      tie: { decimals: 9 },
    });
  });

  it('refuses an indicator the catalogue does not know', () => {
    const scheme = structuredClone(defaultScheme);
    scheme.dimensions[0]!.indicators[0]!.code = 'P99';
    expect(() => toScoringInput(scheme)).toThrow(RangeError);
  });
});

describe('missingReasonText', () => {
  it('speaks Chinese and hides nothing', () => {
    expect(missingReasonText('no_population')).toBe('缺常住人口数');
    expect(missingReasonText('something_new')).toBe('something_new');
  });
});
